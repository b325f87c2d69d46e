"""Which subscriptions are owed which events; no network and no store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notify.events.logged_event import LoggedEvent
from notify.partners.delivery import delivery_id
from notify.partners.subscription import Subscription, wants


@dataclass(frozen=True)
class Owed:
    """One event of the log, at its position, for one subscription."""

    subscription_id: str
    position: int
    event: LoggedEvent

    @property
    def id(self) -> str:
        """The id of its row."""
        return delivery_id(self.subscription_id, self.position)


def owed(events: Mapping[int, LoggedEvent], listening: Iterable[Subscription]) -> list[Owed]:
    """What the events, by their positions, make owed to those subscriptions that want and may have them."""
    wishes = [(each.id, each.interest, each.heard_after) for each in listening]
    subjects = [(position, event, event.seen_as()) for position, event in events.items()]
    return [
        Owed(id, position, event)
        for position, event, subject in subjects
        for id, interest, heard_after in wishes
        if position > heard_after and wants(interest, subject)
    ]


def at_once(owed: Iterable[Owed], room: Mapping[str, int], limit: int) -> list[Owed]:
    """Which of them may go at once: the oldest of each case, as far as its subscription has `room`, at most `limit`."""
    left = dict(room)
    oldest: dict[tuple[str, str], Owed] = {}
    for each in sorted(owed, key=lambda one: one.position):
        oldest.setdefault((each.subscription_id, each.event.case_id), each)
    chosen: list[Owed] = []
    for each in oldest.values():
        if left.get(each.subscription_id, 0) > 0 and len(chosen) < limit:
            left[each.subscription_id] -= 1
            chosen.append(each)
    return chosen
