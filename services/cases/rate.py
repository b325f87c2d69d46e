"""Rates in percent and means: one rule of rounding for all of them (docs/domain.md §2.4)."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """The part in percent of the whole, not rounded; None for a part of nothing."""
    return HUNDRED * part / whole if whole else None


def rounded(rate: Decimal | None) -> float | None:
    """A rate as it is shown: two decimals, halves rounded up; None stays None."""
    return None if rate is None else float(rate.quantize(CENT, ROUND_HALF_UP))


def mean(points: int, count: int) -> Decimal:
    """The mean of some marks to two decimals, halves rounded up; there has to be one."""
    return (Decimal(points) / count).quantize(CENT, ROUND_HALF_UP)


def percent(part: int | Decimal, whole: int | Decimal) -> float | None:
    """The part in percent of the whole as it is shown."""
    return rounded(share(part, whole))
