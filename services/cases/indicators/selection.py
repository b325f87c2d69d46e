"""What indicators are asked for: an area, local days, perhaps one unit or category, and by what they are told apart."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from cases.deadline import LOCAL
from cases.indicators.counter import Cut
from cases.place import AREA_DIGITS
from chassis.errors import Refusal

DAY = timedelta(days=1)
MOST_DAYS = 3_660
"""Ten years."""

MOST_APART = 366
"""A year: each day apart is read and answered by itself."""

EARLIEST = date(1900, 1, 1)
"""Before it nothing was counted, and not much further back the calendar has no days to compare with."""


class By(StrEnum):
    """By what the parts are told apart."""

    DISTRICT = "district"
    COMMUNITY = "community"
    GRID = "grid"
    UNIT = "unit"
    CATEGORY = "category"
    DAY = "day"
    MONTH = "month"


SPANS: Mapping[By | None, int] = {By.DAY: 10, By.MONTH: 7}
"""How much of a day as it is written tells the parts apart, where spans of time do."""

CUTS: Mapping[tuple[bool, bool], Cut] = {
    (False, False): Cut.GRID,
    (True, False): Cut.UNIT,
    (False, True): Cut.CATEGORY,
    (True, True): Cut.FULL,
}
"""Which counters are asked, by whether units and whether categories matter."""


@dataclass(frozen=True)
class Selection:
    """Which cases count: those of the area, on local days from `first` to `last`, both included."""

    area: str
    first: date
    last: date
    by: By | None = None
    unit: str | None = None
    category: str | None = None

    @property
    def filters(self) -> tuple[str, ...]:
        """By what it is narrowed, as it is asked for."""
        return tuple(name for name, value in (("unit_id", self.unit), ("category", self.category)) if value is not None)

    @property
    def cut(self) -> Cut:
        """The fewest counters that have it."""
        units = self.by is By.UNIT or self.unit is not None
        categories = self.by is By.CATEGORY or self.category is not None
        if categories and not units and self._of_districts:
            return Cut.DISTRICT
        return CUTS[units, categories]

    @property
    def _of_districts(self) -> bool:
        """Whether nothing within a district is told apart."""
        return len(self.area) <= AREA_DIGITS[0] and self.by not in {By.COMMUNITY, By.GRID}

    @property
    def spans(self) -> list[str]:
        """The days or months of the period where those are told apart, each, also where nothing counts."""
        return self._spans(SPANS[self.by]) if self.by in SPANS else []

    @cached_property
    def months(self) -> list[str]:
        """The months of which the period has a day."""
        return self._spans(SPANS[By.MONTH])

    def ends_of(self, span: str) -> date:
        """The last day of the period that lies in a day or month of it."""
        return min(self.last, month_ends(span) if len(span) == SPANS[By.MONTH] else date.fromisoformat(span))

    @property
    def before(self) -> "Selection":
        """The same of the time before: of as many months where these are whole ones, else of as many days."""
        last = self.first - DAY
        if self.first.day == 1 and (self.last + DAY).day == 1:
            return replace(self, first=_months_back(self.first, len(self.months)), last=last)
        return replace(self, first=last - (self.last - self.first), last=last)

    def _spans(self, digits: int) -> list[str]:
        each = (self.first + n * DAY for n in range((self.last - self.first).days + 1))
        return list(dict.fromkeys(day.isoformat()[:digits] for day in each))

    @property
    def begins(self) -> datetime:
        """The first instant that counts."""
        return beginning(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant that counts no more."""
        return beginning(self.last + DAY)


def month_ends(month: str) -> date:
    """The last day of a month that is written `YYYY-MM`."""
    year, number = (int(each) for each in month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def _months_back(day: date, months: int) -> date:
    """The first day of the month that lies so many before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def beginning(day: date) -> datetime:
    """The first instant of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def local_day(now: datetime) -> date:
    """The local day in which an instant lies."""
    return now.astimezone(LOCAL).date()


def days(first: date | None, last: date | None, now: datetime, by: By | None = None) -> tuple[date, date]:
    """The days that are asked for, else this month so far; told apart `by` day they are a year at most.

    Refuses `period_reversed`, `period_too_long` and, before `EARLIEST`, `invalid`.
    """
    today = local_day(now)
    ends = last or max(today, first or today)
    begins = first or ends.replace(day=1)
    if begins > ends:
        raise Refusal("period_reversed", **{"from": begins.isoformat(), "to": ends.isoformat()})
    most = MOST_APART if by is By.DAY else MOST_DAYS
    if ends - begins > most * DAY:
        raise Refusal("period_too_long", days=most)
    if begins < EARLIEST:
        pointer = "/to" if first is None else "/from"
        raise Refusal("invalid", errors=[{"pointer": pointer, "detail": f"Before {EARLIEST.isoformat()}."}])
    return begins, ends
