"""What a page of the feed holds: lines of the log in their order, as far as they are for whoever reads; no store."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chassis.errors import Refusal
from notify.events.line import Line
from notify.events.logged_event import LoggedEvent
from notify.partners.subscription import EVERYTHING, Interest, wants
from notify.permission import within

SCANNED = 1_000
"""Lines that one page looks at: where few of them are wanted it ends early, maybe empty, and says where to go on."""


@dataclass(frozen=True)
class Part:
    """What a reader wants of its subscription, None for all of it."""

    type: str | None = None
    grid: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Page:
    """Events to be read, and the last line that was looked at, None where there was none."""

    events: Sequence[LoggedEvent]
    last: Line | None


def narrowed(interest: Interest, part: Part) -> Interest:
    """The interest in that part alone; refuses `outside_subscription` with all that the subscription does not cover."""
    if faults := list(_outside(interest, part)):
        raise Refusal("outside_subscription", errors=faults)
    return replace(
        interest,
        types=interest.types if part.type in {None, EVERYTHING} else (part.type or "",),
        grid_prefix=part.grid or interest.grid_prefix,
        categories=interest.categories if part.category is None else (part.category,),
    )


def seen_within(interest: Interest, places: Iterable[str]) -> Interest:
    """The interest as far as it lies in those places, which are what its reader may see."""
    if interest.scopes is None:
        return replace(interest, scopes=tuple(places))
    return replace(interest, scopes=tuple(sorted({one for place in places for one in within(place, interest.scopes)})))


def page(lines: Iterable[Line], interest: Interest, limit: int) -> Page:
    """At most `limit` events of those lines, by the same rule as what is brought to partners."""
    events: list[LoggedEvent] = []
    last = None
    for line in lines:
        if len(events) == limit:
            break
        last = line
        if wants(interest, line.event.seen_as()):
            events.append(line.event)
    return Page(events, last)


def _outside(interest: Interest, part: Part) -> Iterator[dict[str, str]]:
    if part.type is not None and EVERYTHING not in interest.types and part.type not in interest.types:
        yield {"pointer": "/type", "detail": "The subscription does not ask for this type."}
    if part.grid is not None and not part.grid.startswith(interest.grid_prefix):
        yield {"pointer": "/grid", "detail": f"The subscription is for {interest.grid_prefix}."}
    if part.category is not None and interest.categories and not part.category.startswith(interest.categories):
        yield {"pointer": "/category", "detail": f"The subscription is for {', '.join(interest.categories)}."}
