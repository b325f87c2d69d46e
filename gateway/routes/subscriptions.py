"""Subscriptions of partner units to case events."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, empty, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.schemas.paging import PageQuery
from gateway.schemas.subscriptions import (
    Deliveries,
    Delivery,
    Subscribe,
    Subscribed,
    Subscription,
    Subscriptions,
    SubscriptionState,
)

ONE = "/subscriptions/<subscription_id>"

routes = Operations("subscriptions", "Case events for partner units, delivered by signed webhooks.")


@routes.does(
    "/subscriptions",
    Subscribed,
    status=201,
    takes=Subscribe(),
    examples={"url": "https://partner.example/hooks/sandan", "types": ["case.dispatched"], "grid_prefix": "360704"},
)
def subscribe(body: dict[str, Any]) -> Response:
    """Subscribe to case events.

    The secret, with which each delivery is signed (Standard Webhooks), is shown only in this answer. What is posted
    stands under `webhooks`. The receiver is reached by https at a public address; networks that the operator lists in
    `WEBHOOK_NETWORKS` may be private, and without TLS. `make run` lists 127.0.0.0/8, so that in development a receiver
    on http://127.0.0.1 can be tried; an installation lists none unless it is told to.
    """
    made = ask().notify.subscribe_webhook(**command(), **body)
    where = url_for("subscriptions.subscription", subscription_id=made["subscription_id"])
    return answer(made, 201, {"Location": where, "Cache-Control": "no-store"})


@routes.reads("/subscriptions", Subscriptions)
def subscriptions() -> Response:
    """The caller's subscriptions."""
    return readable({**ask().notify.subscriptions(caller=identity().caller), "next": None})


@routes.reads(ONE, Subscription)
def subscription(subscription_id: str) -> Response:
    """One subscription."""
    return readable(ask().notify.subscription(caller=identity().caller, subscription_id=subscription_id))


@routes.operation("DELETE", ONE, None, status=204)
def unsubscribe(subscription_id: str) -> Response:
    """End a subscription."""
    ask().notify.remove_subscription(**command(), subscription_id=subscription_id)
    return empty()


@routes.does(f"{ONE}/pause", SubscriptionState)
def pause(subscription_id: str) -> Response:
    """Hold back deliveries; they are kept."""
    return answer(ask().notify.pause_subscription(**command(), subscription_id=subscription_id))


@routes.does(f"{ONE}/resume", SubscriptionState)
def resume(subscription_id: str) -> Response:
    """Deliver again, beginning with what was held back."""
    return answer(ask().notify.resume_subscription(**command(), subscription_id=subscription_id))


@routes.reads(f"{ONE}/deliveries", Deliveries, query=PageQuery)
def deliveries(query: dict[str, Any], subscription_id: str) -> Response:
    """What was delivered, and what was not, newest first."""
    found = ask().notify.deliveries(
        caller=identity().caller,
        subscription_id=subscription_id,
        after=position(query),
        limit=query["limit"],
    )
    return page(found, continued(found, query), query)


@routes.does(f"{ONE}/deliveries/<delivery_id>/replay", Delivery)
def replay(subscription_id: str, delivery_id: str) -> Response:
    """Deliver one event again."""
    found = ask().notify.replay_delivery(**command(), subscription_id=subscription_id, delivery_id=delivery_id)
    return answer(found)
