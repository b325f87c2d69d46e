"""What others get to see of notices, subscriptions and deliveries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notify.delivery import Delivery, Try
from notify.notice import Notice
from notify.subscription import Subscription
from notify.wording import texts

Answer = dict[str, Any]


def notice(found: Notice, names: Mapping[str, str]) -> Answer:
    """A notice with its text in every language."""
    return {
        "notice_id": found.id,
        "template": found.template,
        "event_id": found.event_id,
        "case_id": found.case_id,
        "number": found.number,
        "demand_id": found.facts.get("demand_id"),
        "session_id": found.facts.get("session_id"),
        "at": instant(found.at),
        "mandatory": found.mandatory,
        "unread": found.unread,
        "read_at": instant(found.read_at),
        "texts": texts(found.template, found.facts, names),
    }


def subscription(found: Subscription) -> Answer:
    """A subscription without its secret."""
    return {
        "subscription_id": found.id,
        "version": found.version,
        "url": found.url,
        "types": list(found.types),
        "grid_prefix": found.grid_prefix,
        "unit_id": found.unit,
        "state": found.state.value,
        "created_at": instant(found.created_at),
        "failing_since": instant(found.failing_since),
        "disabled_reason": found.disabled_reason,
        "last": _try(found.last),
    }


def delivery(found: Delivery) -> Answer:
    """One line of the delivery log."""
    return {
        "delivery_id": found.id,
        "event_id": found.event_id,
        "type": found.type,
        "case_id": found.case_id,
        "state": found.state.value,
        "tries": found.tries,
        "next_try_at": instant(found.due_at),
        "delivered_at": instant(found.delivered_at),
        "last": _try(found.last),
    }


def instant(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, as times travel between services."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _try(found: Try | None) -> Answer | None:
    if found is None:
        return None
    return {"at": instant(found.at), "status": found.status, "error": found.error, "answer": found.answer}
