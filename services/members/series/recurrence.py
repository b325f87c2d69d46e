"""A weekly recurrence with an end, and its days; public holidays are skipped by name (docs/domain.md §2.3, F43)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from dateutil.rrule import WEEKLY, rrule

from chassis.fault import Fault
from chassis.working_days import is_working_day, public_holiday

LONGEST_DAYS = 731
"""A series goes on for two years at most: who plans on looks at the rule again by then."""

MOST_DATES = LONGEST_DAYS // 7 + 1
"""So many weeks begin in that time."""


@dataclass(frozen=True)
class Recurrence:
    """Every so many weeks on a weekday (Monday is 0), from a day on, until a last one or for so many dates.

    Dates that fall on a public holiday count: 50 service days of 53 Thursdays are a rule of 53.
    """

    weekday: int
    starts: date
    until: date | None = None
    count: int | None = None
    every_weeks: int = 1


class Plan(StrEnum):
    """What becomes of a date: it takes place, does not, or nobody knows yet since its year has no calendar."""

    PLANNED = "planned"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Occasion:
    """One date as the rule has it; `holiday` is the name of the public holiday for which it is skipped."""

    day: date
    plan: Plan
    holiday: str | None = None


def faults(rule: Recurrence, today: date) -> list[Fault]:
    """Everything that is wrong with a rule that is made today."""
    found = [*_ends(rule), *_begins(rule, today)]
    return found or list(_extent(rule))


def _ends(rule: Recurrence) -> Iterator[Fault]:
    if rule.until is None and rule.count is None:
        yield Fault("/recurrence", "recurrence_endless")
    elif rule.until is not None and rule.count is not None:
        yield Fault("/recurrence", "recurrence_ends_twice")
    elif rule.until is not None and rule.until < rule.starts:
        yield Fault("/recurrence/until", "recurrence_ends_before_it_starts")
    if rule.count is not None and rule.count < 1:
        yield Fault("/recurrence/count", "recurrence_without_dates")
    if rule.every_weeks < 1:
        yield Fault("/recurrence/every_weeks", "recurrence_interval_not_positive")


def _begins(rule: Recurrence, today: date) -> Iterator[Fault]:
    if rule.starts < today:
        yield Fault("/recurrence/starts", "recurrence_starts_in_the_past")


def _extent(rule: Recurrence) -> Iterator[Fault]:
    where = "/recurrence/until" if rule.count is None else "/recurrence/count"
    # One more than there may be shows that it goes on too long, however long that is.
    known = days(rule, MOST_DATES + 1)
    if not known:
        yield Fault(where, "recurrence_without_dates")
    elif (known[-1] - rule.starts).days > LONGEST_DAYS:
        yield Fault(where, "recurrence_too_long", {"most_days": LONGEST_DAYS})


def days(rule: Recurrence, most: int = MOST_DATES) -> list[date]:
    """The dates of a rule that ends, holidays among them, at most so many."""
    bounds = {"count": min(rule.count, most)} if rule.count is not None else {"until": _at_midnight(rule.until)}
    found = rrule(
        WEEKLY, dtstart=_at_midnight(rule.starts), interval=rule.every_weeks, byweekday=rule.weekday, **bounds
    )
    return [each.date() for _, each in zip(range(most), found, strict=False)]


def occasions(rule: Recurrence) -> list[Occasion]:
    """The dates of a rule, each with what becomes of it."""
    return [occasion(day) for day in days(rule)]


def occasion(day: date) -> Occasion:
    """What becomes of a date by the official calendar: of a year that is not published yet nothing is presumed."""
    if name := public_holiday(day):
        return Occasion(day, Plan.HOLIDAY, name)
    _, presumed = is_working_day(day)
    return Occasion(day, Plan.UNKNOWN if presumed else Plan.PLANNED)


def _at_midnight(day: date | None) -> datetime:
    """The day as the library takes it: on the local wall clock, of which it need know nothing."""
    return datetime.combine(day or date.max, time())
