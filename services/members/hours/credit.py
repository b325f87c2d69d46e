"""What services count in whole minutes (docs/domain.md §3.3): first each by itself, then those of one person and day.

A service is capped and loses its breaks by itself. What is left is parted by local days; of a day nothing counts twice,
and nothing beyond eight hours. What comes out depends on which services there are, and never on their order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from members.people.person import LOCAL

GRACE = timedelta(minutes=30)
"""How much longer than planned a service may count."""

LEAST = timedelta(minutes=15)
"""What is shorter counts nothing."""

MOST_A_DAY = 480
"""Minutes that count of one local day, over all services."""

HALF_YEAR = 6
"""Months."""

NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Served:
    """One service of one person: from when until when, how long it was planned (None: not at all), and its breaks."""

    id: str
    stints: tuple[Interval, ...]
    planned: timedelta | None = None
    breaks: timedelta = NOTHING


@dataclass(frozen=True)
class Part:
    """What one local day has of a service, and how much of it were breaks."""

    id: str
    began: datetime
    intervals: tuple[Interval, ...]
    breaks: timedelta = NOTHING


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time without overlaps, in order; what does not last is left out."""
    found: list[Interval] = []
    for begins, ends in sorted(each for each in intervals if each[0] < each[1]):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return tuple(found)


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """What of the intervals lies in none of `taken`."""
    left = merged(intervals)
    for begins, ends in merged(taken):
        pieces = [((first, min(last, begins)), (max(first, ends), last)) for first, last in left]
        left = merged(piece for pair in pieces for piece in pair)
    return left


def length(intervals: Iterable[Interval]) -> timedelta:
    """How long they are together."""
    return sum((ends - begins for begins, ends in intervals), NOTHING)


def first_of(intervals: Sequence[Interval], most: timedelta) -> tuple[Interval, ...]:
    """The intervals up to the moment at which they have lasted so long together."""
    kept: list[Interval] = []
    for begins, ends in intervals:
        left = most - length(kept)
        kept.append((begins, min(ends, begins + left)))
    return merged(kept)


def counted(served: Served) -> tuple[tuple[Interval, ...], timedelta]:
    """The time of a service that may count, and the breaks in it, which do not: none if it was too short.

    Who was out between two stints had that much of the breaks already. A service counts thirty minutes more than it
    was planned at most; the time on a case is planned by nobody.
    """
    own = merged(served.stints)
    if not own:
        return (), NOTHING
    outside = own[-1][1] - own[0][0] - length(own)
    breaks = max(served.breaks - outside, NOTHING)
    net = length(own) - breaks
    if served.planned is not None:
        net = min(net, served.planned + GRACE)
    return (first_of(own, net + breaks), breaks) if net >= LEAST else ((), NOTHING)


def parts(served: Served) -> dict[date, Part]:
    """The service by local days; the breaks are taken from its first day on, as far as each reaches."""
    intervals, breaks = counted(served)
    by_day: defaultdict[date, list[Interval]] = defaultdict(list)
    for each in intervals:
        for day, piece in _by_day(each):
            by_day[day].append(piece)
    found: dict[date, Part] = {}
    for day, pieces in by_day.items():
        rest = min(breaks, length(pieces))
        found[day] = Part(served.id, intervals[0][0], tuple(pieces), rest)
        breaks -= rest
    return found


def allotted(of_day: Iterable[Part]) -> dict[str, int]:
    """The minutes of each service of one person on one local day: what two share is of the one that began first."""
    taken: tuple[Interval, ...] = ()
    left, found = MOST_A_DAY, dict[str, int]()
    for part in sorted(of_day, key=lambda each: (each.began, each.id)):
        free = without(part.intervals, taken)
        found[part.id] = min(max(length(free) - part.breaks, NOTHING) // MINUTE, left)
        left -= found[part.id]
        taken = merged((*taken, *part.intervals))
    return found


def credited(services: Iterable[Served]) -> dict[tuple[str, date], int]:
    """The minutes that each service of one person counts on each local day; a day that counts nothing is left out."""
    days: defaultdict[date, list[Part]] = defaultdict(list)
    for served in services:
        for day, part in parts(served).items():
            days[day].append(part)
    return {(id, day): minutes for day, of_day in days.items() for id, minutes in allotted(of_day).items() if minutes}


def days_of(stints: Iterable[Interval]) -> frozenset[date]:
    """The local days that the stints touch."""
    return frozenset(day for each in stints for day, _ in _by_day(each))


def total(minutes: Mapping[tuple[str, date], int]) -> int:
    """All of them together."""
    return sum(minutes.values())


def halves(days: Iterable[date]) -> int:
    """In how many halves of a year somebody served (docs/domain.md §3.2, a report every half year)."""
    return len({(day.year, day.month > HALF_YEAR) for day in days})


def shown_hours(minutes: int) -> float:
    """Minutes as hours, cut to one decimal: what is summed up is summed up in minutes first."""
    return minutes // 6 / 10


def _by_day(interval: Interval) -> Iterator[tuple[date, Interval]]:
    begins, ends = interval
    while begins < ends:
        day = begins.astimezone(LOCAL).date()
        midnight = datetime.combine(day + ONE_DAY, time(), LOCAL)
        yield day, (begins, min(ends, midnight))
        begins = midnight
