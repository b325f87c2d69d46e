"""Which subscriptions are owed which events; no network and no store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notify.logged_event import LoggedEvent
from notify.subscription import Subscription, wants


@dataclass(frozen=True)
class Owed:
    """One event of the log, at its position, for one subscription."""

    subscription_id: str
    position: int
    event: LoggedEvent


def owed(events: Mapping[int, LoggedEvent], listening: Iterable[Subscription]) -> list[Owed]:
    """What the events, by their positions, make owed to those subscriptions that want and may have them."""
    wishes = [(each.id, each.interest) for each in listening]
    subjects = [(position, event, event.seen_as()) for position, event in events.items()]
    return [
        Owed(id, position, event)
        for position, event, subject in subjects
        for id, interest in wishes
        if wants(interest, subject)
    ]
