"""Which subscriptions are owed which events; no network and no store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
    by_place: defaultdict[str, list[Subscription]] = defaultdict(list)
    for each in listening:
        by_place[each.grid_prefix].append(each)
    subjects = [(position, event, event.seen_as()) for position, event in events.items()]
    return [
        Owed(each.id, position, event)
        for position, event, subject in subjects
        for place in _around(event.grid_code)
        for each in by_place.get(place, ())
        if position > each.heard_after and wants(each.interest, subject)
    ]


def _around(grid_code: str | None) -> Iterator[str]:
    """Each beginning of the code, so that of hundreds of subscriptions only those of the place are looked at."""
    code = grid_code or ""
    return (code[:digits] for digits in range(len(code) + 1))


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
