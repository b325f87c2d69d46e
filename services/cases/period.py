"""A period that something is counted in: from an instant on, and before another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cases.deadline import LOCAL
from chassis.errors import Refusal

Period = tuple[datetime, datetime]

DAY = timedelta(days=1)
USUAL = 30 * DAY
"""How far back is counted, unless another period is asked for."""

EARLIEST = datetime.min.replace(tzinfo=UTC) + 2 * USUAL
"""What ends before has no such beginning in the calendar."""

LATEST = datetime.max.replace(tzinfo=UTC) - 2 * DAY
"""What comes after has no local day in the calendar."""


@dataclass(frozen=True)
class Parts:
    """A period as the first and the last local day that lie in it as a whole, and what is left before and after."""

    days: tuple[date, date] | None
    rest: tuple[Period, ...]


def spanning(since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """From `since` until `until`, or the last 30 days up to the end of today in local time; refuses `invalid`."""
    ends = until or _midnight(now + DAY)
    begins = since or max(ends, EARLIEST) - USUAL
    if begins >= ends:
        fault = {"pointer": "/until", "detail": "Not after `since`."}
        raise Refusal("invalid", errors=[fault])
    return begins, ends


def parted(period: Period) -> Parts:
    """The whole local days of a period, and the rest of it."""
    begins, ends = period
    last = _midnight(min(ends, LATEST))
    first = _midnight(min(begins, LATEST))
    first = first if first >= begins else _midnight(first + DAY)
    if first >= last:
        return Parts(None, (period,))
    rest = tuple(each for each in ((begins, first), (last, ends)) if each[0] < each[1])
    return Parts((first.date(), (last - DAY).date()), rest)


def _midnight(at: datetime) -> datetime:
    """The beginning of the local day of an instant."""
    return at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
