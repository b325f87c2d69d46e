"""How many of the new-employment workers are known (docs/domain.md §4, H6), of those that the office expects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, GRID_DIGITS, TOWN_DIGITS

ENTERED = "estimate.entered"
DIGITS = (DISTRICT_DIGITS, TOWN_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS)


@dataclass(frozen=True)
class Estimate:
    """How many workers there may be in an area (a code of 6, 9, 12 or 15 digits), from a day on."""

    area: str
    day: date
    number: int


@dataclass(frozen=True)
class Census:
    """What H6 counts of an area: who is known, and how many there may be (None: the office has entered nothing).

    `unlinked` are those of the known who belong to no grid and no rest station that is there: masked nicknames by id.
    """

    known: int
    estimated: int | None
    unlinked: Mapping[str, str] = field(default_factory=dict)

    @property
    def linked(self) -> int:
        """How many of the known belong to a grid or a rest station."""
        return self.known - len(self.unlinked)

    @property
    def share(self) -> str | None:
        """Known of a hundred estimated, two decimals; None without an estimate, or where that is nobody."""
        if not self.estimated:
            return None
        share = Decimal(100 * self.known) / Decimal(self.estimated)
        return str(share.quantize(Decimal("0.01"), ROUND_HALF_UP))


def estimated(area: str, estimates: Iterable[Estimate], today: date) -> int | None:
    """How many there may be in the area on that day: as entered for it, else the sum of what its parts have.

    Of one area the latest counts that is not of a later day.
    """
    latest: dict[str, Estimate] = {}
    for each in estimates:
        if each.day <= today and (each.area not in latest or latest[each.area].day < each.day):
            latest[each.area] = each
    return _within(area, {code: each.number for code, each in latest.items() if code.startswith(area)})


def census(
    area: str, counts: Mapping[str, int], unlinked: Mapping[str, str], estimates: Iterable[Estimate], today: date
) -> Census:
    """The census of an area, of how many are known in each grid, and of who in it is linked to nothing."""
    known = sum(count for grid, count in counts.items() if grid.startswith(area))
    return Census(known, estimated(area, estimates, today), unlinked)


def shown(area: str, today: date, found: Census) -> dict[str, Any]:
    """The census as it is answered."""
    return {
        "area": area,
        "day": today.isoformat(),
        "known": found.known,
        "linked": found.linked,
        "estimated": found.estimated,
        "share": found.share,
    }


def _within(area: str, numbers: Mapping[str, int]) -> int | None:
    """Its own number, else the sum over its widest parts that have one; what lies in such a part counts with it."""
    if area in numbers:
        return numbers[area]
    parts = [code for code in numbers if not any(code != other and code.startswith(other) for other in numbers)]
    return sum(numbers[code] for code in parts) if parts else None
