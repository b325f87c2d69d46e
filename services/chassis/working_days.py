"""Which days people work by the official calendar of China; it knows no deadline of anything (docs/domain.md §2.3)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

import chinese_calendar
from chinese_calendar.constants import Holiday

LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The wall clock of the whole country, which has had no summer time since 1991."""

DAY_ENDS = time(18)
"""When a term in working days ends on its day (docs/domain.md §2.3)."""

SATURDAY = 5
ONE_DAY = timedelta(days=1)

NAMES = {each.value: each.chinese for each in Holiday}


@dataclass(frozen=True)
class Deadline:
    """An instant in UTC, and the years that were counted although their calendar is not published yet."""

    at: datetime
    presumed_years: tuple[int, ...] = ()


@cache
def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on `day`, and whether that is only presumed from the weekday.

    The official calendar with its make-up days decides; it is published a few weeks before its year begins.
    Until then Monday to Friday are taken as working days, so that nothing has to wait for the calendar.
    """
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < SATURDAY, True


def public_holiday(day: date) -> str | None:
    """What the public holiday is called for which people do not work on `day`, such as 国庆节; None where none is.

    Weekends have no name, nor have make-up days, on which people work. Of a year whose calendar is not published yet no
    holiday is known, as `is_working_day` presumes.
    """
    try:
        rests, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return str(NAMES[name]) if rests and name else None


def after_working_days(start: datetime, count: int) -> Deadline:
    """The end of the `count`-th working day after the local day of `start`, which itself does not count."""
    day, presumed = start.astimezone(LOCAL).date(), frozenset[int]()
    while count:
        day += ONE_DAY
        works, guessed = is_working_day(day)
        count -= works
        presumed |= {day.year} if guessed else set()
    return deadline(datetime.combine(day, DAY_ENDS, LOCAL), presumed)


def deadline(at: datetime, presumed: frozenset[int]) -> Deadline:
    """The deadline at that instant, counted over these presumed years."""
    return Deadline(at.astimezone(UTC), tuple(sorted(presumed)))
