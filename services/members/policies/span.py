"""Years, halves and quarters of the local calendar, by names such as `2025`, `2025H2` and `2026Q1`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PATTERN = r"20[0-9]{2}(H[12]|Q[1-4])?\Z"
MONTHS_OF_YEAR = 12
ONE_DAY = timedelta(days=1)


class Period(StrEnum):
    """How long a rule counts before it is looked at."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"


MONTHS = {Period.YEAR: 12, Period.HALF: 6, Period.QUARTER: 3}
LETTERS = {"H": Period.HALF, "Q": Period.QUARTER}


@dataclass(frozen=True)
class Span:
    """One year, half or quarter, from its first to its last local day, both included."""

    name: str
    period: Period
    first: date
    last: date


def span(name: str) -> Span:
    """The span of that name; raises ValueError for what is none."""
    if not re.fullmatch(PATTERN, name):
        raise ValueError(f"{name!r} is no span such as 2025, 2025H2 or 2026Q1")
    year = int(name[:4])
    period, place = (LETTERS[name[4]], int(name[5])) if len(name) > len("2025") else (Period.YEAR, 1)
    months = MONTHS[period]
    first = date(year, months * (place - 1) + 1, 1)
    begins_next = date(year + 1, 1, 1) if months * place == MONTHS_OF_YEAR else date(year, months * place + 1, 1)
    return Span(name, period, first, begins_next - ONE_DAY)
