"""Quarters of the local calendar, by names such as `2026Q1`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.deadline import LOCAL

PATTERN = r"20[0-9]{2}Q[1-4]\Z"
MONTHS = 3


@dataclass(frozen=True)
class Quarter:
    """One quarter, from its first local day on and before that of the next."""

    year: int
    number: int

    @property
    def begins(self) -> datetime:
        """Midnight of its first day."""
        return datetime(self.year, MONTHS * (self.number - 1) + 1, 1, tzinfo=LOCAL)

    @property
    def last(self) -> date:
        """Its last local day."""
        return self.after.begins.date() - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def after(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def name(self) -> str:
        """Such as `2026Q1`."""
        return f"{self.year}Q{self.number}"


def named(name: str) -> Quarter:
    """The quarter of that name; raises ValueError for what is none."""
    if not re.fullmatch(PATTERN, name):
        raise ValueError(f"{name!r} is no quarter such as 2026Q1")
    return Quarter(int(name[:4]), int(name[-1]))


def at(now: datetime) -> Quarter:
    """The quarter in which `now` lies."""
    local = now.astimezone(LOCAL)
    return Quarter(local.year, (local.month - 1) // MONTHS + 1)
