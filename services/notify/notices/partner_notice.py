"""What the owner of a subscription is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notify.notices.notice import NoticeDraft, about_subscription

DISABLED = "subscription.disabled"


@dataclass(frozen=True)
class SubscriptionEvent:
    """What a notice needs of the event: which subscription was disabled, who is told, and why."""

    id: str
    at: datetime
    subscription_id: str
    recipients: tuple[str, ...]
    reason: str


def notices(event: SubscriptionEvent) -> Iterator[NoticeDraft]:
    """The message to the owner, or to whoever is told in the owner's place."""
    facts = {"subscription_id": event.subscription_id, "disabled_reason": event.reason}
    for recipient in event.recipients:
        yield about_subscription(event.id, recipient, "subscription_disabled", event.at, facts)
