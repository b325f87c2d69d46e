"""What partners get to see of subscriptions and deliveries."""

from typing import Any

from chassis.instant import written_or_none
from notify.partners.delivery import Delivery
from notify.partners.subscription import Subscription
from notify.webhooks.attempt import Try

Answer = dict[str, Any]


def subscription(found: Subscription, amqp: Answer | None = None) -> Answer:
    """A subscription without its secret; `amqp` is where its queue is, if it has one."""
    return {
        "subscription_id": found.id,
        "version": found.version,
        "way": found.way.value,
        "url": found.url or None,
        "amqp": amqp,
        "types": list(found.types),
        "grid_prefix": found.grid_prefix,
        "categories": list(found.categories),
        "participant_id": found.participant,
        "unit_id": found.unit,
        "state": found.state.value,
        "created_at": written_or_none(found.created_at),
        "failing_since": written_or_none(found.failing_since),
        "disabled_reason": found.disabled_reason,
        "old_secret_until": written_or_none(found.retiring_at),
        "test_asked_at": written_or_none(found.test_asked_at),
        "last": _try(found.last),
    }


ASKED_FOR = ("way", "types", "grid_prefix", "categories", "participant_id", "unit_id")
"""What a subscription asks for, and for which unit: neither its address nor its secret."""


def asked_for(found: Subscription) -> Answer:
    """What the audit trail tells of a new subscription."""
    shown = subscription(found)
    return {name: shown[name] for name in ASKED_FOR}


def delivery(found: Delivery) -> Answer:
    """One line of the delivery log."""
    return {
        "delivery_id": found.id,
        "event_id": found.event_id,
        "type": found.type,
        "case_id": found.case_id,
        "state": found.state.value,
        "tries": found.tries,
        "next_try_at": written_or_none(found.due_at),
        "delivered_at": written_or_none(found.delivered_at),
        "last": _try(found.last),
    }


def _try(found: Try | None) -> Answer | None:
    if found is None:
        return None
    return {"at": written_or_none(found.at), "status": found.status, "error": found.error, "answer": found.answer}
