"""A ranking: the parts of an area in the order of one rate, and how far each has moved (docs/domain.md §2.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cases.indicators.selection import By

RANKED_BY = (By.DISTRICT, By.COMMUNITY, By.GRID, By.UNIT, By.CATEGORY)
"""What can be ranked; days and months do not compete."""

LOWER_IS_BETTER = frozenset({"extension", "missed", "rework", "overdue"})
"""Rates of what should not have happened: here the lowest comes first."""

Values = Mapping[str, float | None]
"""The figure of each part by its code, as it is shown; None where there is none."""


@dataclass(frozen=True)
class Place:
    """Where a part stands; who has no figure has no rank. `change` is in percentage points, None without both."""

    of: str
    rank: int | None
    value: float | None
    change: float | None


def ranking(rate: str, now: Values, before: Values) -> list[Place]:
    """The places, the best first; those without a figure come last, equal ones and those by their codes.

    Equal figures share a rank, and the next one counts all before it: 1, 1, 3.
    """
    return list(_places(sorted(now, key=lambda of: (*_order(rate, now[of]), of)), now, before))


def _order(rate: str, value: float | None) -> tuple[bool, float]:
    if value is None:
        return True, 0.0
    return False, value if rate in LOWER_IS_BETTER else -value


def _places(ordered: list[str], now: Values, before: Values) -> Iterator[Place]:
    rank, last = 0, None
    for n, of in enumerate(ordered, start=1):
        value = now[of]
        if value != last:
            rank, last = n, value
        yield Place(of, None if value is None else rank, value, _change(value, before.get(of)))


def _change(now: float | None, before: float | None) -> float | None:
    # Both have two decimals; so has their difference, which binary fractions would miss.
    return None if now is None or before is None else float(Decimal(str(now)) - Decimal(str(before)))
