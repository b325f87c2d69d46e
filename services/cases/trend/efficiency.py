"""How well an area's cases were handled in a quarter: counts, the median time, and the rates of docs/domain.md §2.4."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median

from cases.indicators.rates import Sums, figures
from cases.policies.scoring import Scoring

RATES = ("response", "resolution", "satisfaction", "coverage")


@dataclass(frozen=True)
class Efficiency:
    """The figures of one quarter; rates in percent with two decimals, None where there is nothing to divide by.

    They are those of the indicators for cases closed in the quarter: rates are of the dispatched without those that are
    left out, which are `excluded`; resolution and satisfaction of those that were answered, whose share is `coverage`.
    """

    closed: int
    dispatched: int
    excluded: int
    median_minutes: int | None
    response: float | None
    resolution: float | None
    satisfaction: float | None
    coverage: float | None


def efficiency(sums: Sums, minutes: Sequence[int], rules: Scoring) -> Efficiency:
    """The figures of so many cases, as the rules make them; `minutes` says how long each of the dispatched took."""
    found = figures(sums, rules)
    counts = found["counts"]
    return Efficiency(
        closed=counts["closed"],
        dispatched=counts["excluded"] + counts["concluded"],
        excluded=counts["excluded"],
        median_minutes=int(median(minutes)) if minutes else None,
        **{name: found["rates"][name] for name in RATES},
    )


def deltas(now: Efficiency, before: Efficiency) -> dict[str, float | None]:
    """By how much each figure has changed; None where one of the two is not known."""
    return {each.name: _difference(getattr(now, each.name), getattr(before, each.name)) for each in fields(Efficiency)}


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 2)
