"""Subscriptions of partner units to case events."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, empty, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.subscriptions import (
    Change,
    Deliveries,
    DeliveriesQuery,
    Delivery,
    Replayed,
    ReplayRange,
    Rotate,
    Subscribe,
    Subscribed,
    Subscription,
    Subscriptions,
    SubscriptionState,
)

ONE = "/subscriptions/<subscription_id>"

routes = Operations(
    "subscriptions",
    "Case events for partner units: posted as signed webhooks, fetched from a feed, or read from a queue of their own.",
)


@routes.does(
    "/subscriptions",
    Subscribed,
    status=201,
    takes=Subscribe(),
    examples=[
        (
            "webhook",
            {
                "value": {
                    "url": "https://partner.example/hooks/sandan",
                    "types": ["case.dispatched"],
                    "grid_prefix": "360704",
                    "categories": ["0101", "03"],
                }
            },
        ),
        ("feed", {"value": {"way": "feed", "types": ["case.*"]}}),
        ("queue", {"value": {"way": "amqp", "types": ["case.*"]}}),
    ],
)
def subscribe(body: dict[str, Any]) -> Response:
    """Subscribe to case events.

    A `feed` is read at `/v1/events`. To a `webhook` events are posted; the secret, with which each delivery is signed
    (Standard Webhooks), is shown only in this answer. What is posted stands under `webhooks`. The receiver is reached
    by https at a public address; networks that the operator lists in `WEBHOOK_NETWORKS` may be private, and without
    TLS. `make run` lists 127.0.0.0/8, so that in development a receiver on http://127.0.0.1 can be tried; an
    installation lists none unless it is told to. With `amqp` the partner gets a queue and, with the first one, a user
    that reads its queues and can do nothing else: its password is the secret, and `amqp` of the subscription says
    where to connect. Not every installation offers queues.
    """
    made = ask().notify.open_subscription(**command(), **body)
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


@routes.operation(
    "PATCH",
    ONE,
    SubscriptionState,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409,),
    takes=Change(),
    examples={"types": ["case.dispatched", "case.closed"], "categories": ["01"]},
)
def change_subscription(body: dict[str, Any], subscription_id: str) -> Response:
    """Ask for other events, or have them posted elsewhere.

    Other filters hold at once, also for what waits. A new address has to take a test event first: until then the
    subscription is `verifying`, and what happens meanwhile is kept for it.
    """
    found = ask().notify.change_subscription(**command(), subscription_id=subscription_id, **body)
    return answer(found)


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
    """Deliver again, beginning with what was held back; one that was disabled has to take a test event first."""
    return answer(ask().notify.resume_subscription(**command(), subscription_id=subscription_id))


@routes.does(f"{ONE}/rotate-secret", Subscribed, takes=Rotate(), examples={"overlap_hours": 24})
def rotate_secret(body: dict[str, Any], subscription_id: str) -> Response:
    """Replace the secret by a new one, which is shown only in this answer.

    Both sign what is posted until the old one ends: after `overlap_hours`, or by `end-old-secret`.
    """
    found = ask().notify.rotate_secret(**command(), subscription_id=subscription_id, **body)
    return answer(found, headers={"Cache-Control": "no-store"})


@routes.does(f"{ONE}/end-old-secret", SubscriptionState)
def end_old_secret(subscription_id: str) -> Response:
    """Let the old secret sign no more."""
    return answer(ask().notify.end_old_secret(**command(), subscription_id=subscription_id))


@routes.does(f"{ONE}/test", SubscriptionState, status=202)
def test_subscription(subscription_id: str) -> Response:
    """Post a test event; the subscription's `last` tells what came of it."""
    return answer(ask().notify.test_subscription(**command(), subscription_id=subscription_id), 202)


@routes.does(
    f"{ONE}/replay",
    Replayed,
    takes=ReplayRange(),
    errors=(410,),
    examples={"since": "2026-03-12T00:00:00+08:00", "until": "2026-03-13T00:00:00+08:00"},
)
def replay_range(body: dict[str, Any], subscription_id: str) -> Response:
    """Send again what the subscription asks for of a part of the log, also what it never got.

    One answer is about at most 500 lines of the log: go on with its `next` as `after`, and the same `until`, until
    there is none. The times are when the log got the events. What waits to be sent anyway is sent once.
    """
    return answer(ask().notify.replay_range(**command(), subscription_id=subscription_id, **body))


@routes.reads(f"{ONE}/deliveries", Deliveries, query=DeliveriesQuery)
def deliveries(query: dict[str, Any], subscription_id: str) -> Response:
    """What was delivered, and what was not, newest first; or of one state alone."""
    found = ask().notify.deliveries(
        caller=identity().caller,
        subscription_id=subscription_id,
        after=position(query),
        limit=query["limit"],
        **filters(query),
    )
    return page(found, continued(found, query), query)


@routes.does(f"{ONE}/deliveries/<delivery_id>/replay", Delivery)
def replay(subscription_id: str, delivery_id: str) -> Response:
    """Deliver one event again."""
    found = ask().notify.replay_delivery(**command(), subscription_id=subscription_id, delivery_id=delivery_id)
    return answer(found)
