"""Deadlines in minutes, hours, working hours, working days and days; it knows no case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from chassis import working_days
from chassis.working_days import ONE_DAY, Deadline, after_working_days, deadline, is_working_day

LOCAL = working_days.LOCAL
"""The wall clock of all cases."""

SHIFTS = ((time(8, 30), time(12)), (time(14, 30), time(18)))
"""Working hours, 7 a day (docs/domain.md §2.3)."""


class Unit(StrEnum):
    """What a term counts (docs/domain.md §2.3)."""

    MINUTES = "m"
    HOURS = "h"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"


@dataclass(frozen=True)
class Term:
    """A length of time such as `30m`, `2h`, `4wh`, `3wd` or `15d`."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit.value}"


def term(text: str) -> Term:
    """The term that `text` writes; raises ValueError when it writes none."""
    match = re.fullmatch(r"([1-9][0-9]*)(m|h|wh|wd|d)", text)
    if match is None:
        raise ValueError(f"{text!r} is no term such as 30m, 2h, 4wh, 3wd or 15d")
    return Term(int(match[1]), Unit(match[2]))


def due(start: datetime, term: Term) -> Deadline:
    """When `term` is over that begins at `start` (docs/domain.md §2.3)."""
    match term.unit:
        case Unit.MINUTES:
            return Deadline((start + timedelta(minutes=term.count)).astimezone(UTC))
        case Unit.HOURS:
            return Deadline((start + timedelta(hours=term.count)).astimezone(UTC))
        case Unit.DAYS:
            return Deadline((start + timedelta(days=term.count)).astimezone(UTC))
        case Unit.WORKING_DAYS:
            return after_working_days(start, term.count)
        case Unit.WORKING_HOURS:
            return _after_working_hours(start.astimezone(LOCAL), term.count)


def _after_working_hours(start: datetime, count: int) -> Deadline:
    """Time outside working hours does not count; a start there counts from the next working instant."""
    left = timedelta(hours=count)
    for opens, closes, presumed in _shifts(start):
        if left <= closes - opens:
            return deadline(opens + left, presumed)
        left -= closes - opens
    raise AssertionError("there is always another working day")


def _shifts(start: datetime) -> Iterator[tuple[datetime, datetime, frozenset[int]]]:
    """What is left of each shift from `start` on, and the years until then of which a day was only presumed."""
    day, presumed = start.date(), frozenset[int]()
    while True:
        works, guessed = is_working_day(day)
        presumed |= {day.year} if guessed else set()
        for begin, end in SHIFTS if works else ():
            opens = max(start, datetime.combine(day, begin, LOCAL))
            closes = datetime.combine(day, end, LOCAL)
            if opens < closes:
                yield opens, closes, presumed
        day += ONE_DAY
