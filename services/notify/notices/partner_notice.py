"""What the owner of a subscription is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notify.notices.notice import NoticeDraft, about_subscription

DISABLED = "subscription.disabled"


@dataclass(frozen=True)
class SubscriptionEvent:
    """What a notice needs of the event: whose subscription was disabled, and why."""

    id: str
    at: datetime
    subscription_id: str
    recipient: str
    reason: str


def notices(event: SubscriptionEvent) -> Iterator[NoticeDraft]:
    """The message to the owner."""
    facts = {"subscription_id": event.subscription_id, "disabled_reason": event.reason}
    yield about_subscription(event.id, event.recipient, "subscription_disabled", event.at, facts)
