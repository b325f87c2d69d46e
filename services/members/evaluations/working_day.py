"""Until when somebody may object: working days of the official calendar; it knows no evaluation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from members.people.person import LOCAL

ONE_DAY = timedelta(days=1)
SATURDAY = 5
DAY_ENDS = time(18)
"""When a deadline in working days falls on its day (docs/domain.md §2.3)."""


@dataclass(frozen=True)
class Deadline:
    """An instant in UTC, and the years that were counted although their calendar is not published yet."""

    at: datetime
    presumed_years: tuple[int, ...] = ()


def after_working_days(start: datetime, count: int) -> Deadline:
    """The end of the `count`-th working day after the local day of `start`, which itself does not count."""
    day, presumed = start.astimezone(LOCAL).date(), frozenset[int]()
    while count:
        day += ONE_DAY
        works, guessed = _works(day)
        count -= works
        presumed |= {day.year} if guessed else set()
    return Deadline(datetime.combine(day, DAY_ENDS, LOCAL).astimezone(UTC), tuple(sorted(presumed)))


def _works(day: date) -> tuple[bool, bool]:
    """Whether people work on the day, and whether that is only presumed: until the calendar of a year is published,
    Monday to Friday are taken as working days.
    """
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < SATURDAY, True
