"""The indicators of docs/domain.md §2.4: which counts each is made of, and their figures from sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cases.indicators.counter import Counts
from cases.policies.scoring import Scoring
from cases.rate import rounded, share
from cases.tally import COHORTS, Cohort, Count

OVERDUE = "overdue"
"""Closed late, or still open past the due time: the one number that time alone changes, so no counter holds it."""

MISSED, FOUND = "missed", "found"
"""Of what was found by others, and of all that was found, what lies in grids that were patrolled in the period: which
grids those are depends on the period that is asked for, so no counter holds them either."""

STORED = tuple(count.value for count in Count if count is not Count.PENDING)
SHOWN: tuple[str, ...] = (*STORED, OVERDUE, MISSED, FOUND)
"""What is told as a number; the cases of each can be asked for."""

MADE_OF: Mapping[str, tuple[str, str]] = {
    "registration": (Count.REGISTERED, Count.REPORTED),
    "extension": (Count.EXTENDED, Count.REGISTERED),
    "right_dispatch": (Count.NOT_RETURNED, Count.DISPATCHED),
    "missed": (MISSED, FOUND),
    "closure": (Count.DUE_CLOSED, Count.DUE),
    "on_time": (Count.IN_TIME, Count.DUE),
    "closure_running": (Count.DUE_CLOSED, Count.RUNNING),
    "on_time_running": (Count.IN_TIME, Count.RUNNING),
    "handling": (Count.HANDLED, Count.DUE),
    "handling_on_time": (Count.HANDLED_IN_TIME, Count.DUE),
    "rework": (Count.REWORKED, Count.FED_BACK),
    "overdue": (OVERDUE, Count.DUE),
    "urgent_closure": (Count.URGENT_CLOSED, Count.URGENT),
    "response": (Count.RESPONDED, Count.CONCLUDED),
    "resolution": (Count.SOLVED, Count.ANSWERED),
    "satisfaction": (Count.SATISFIED, Count.ANSWERED),
    "coverage": (Count.ANSWERED, Count.CONCLUDED),
    "local_grid": (Count.SETTLED_GRID, Count.SETTLED),
    "local_community": (Count.SETTLED_COMMUNITY, Count.SETTLED),
    "local_agency": (Count.SETTLED_AGENCY, Count.SETTLED),
    "local_district": (Count.SETTLED_DISTRICT, Count.SETTLED),
}
"""For each rate the cases that it counts, and those that it counts them among."""

COMPOSITE = "composite"
RATES: tuple[str, ...] = (*MADE_OF, COMPOSITE)


@dataclass(frozen=True)
class Sums:
    """How many cases count for what, how many are overdue by now, and how many were missed in patrolled grids."""

    counts: Counts
    overdue: int = 0
    missed: int = 0

    def of(self, name: str) -> int:
        """The number of that name."""
        if name == FOUND:
            return self.of(Count.FOUND_ON_PATROL) + self.missed
        derived = {OVERDUE: self.overdue, MISSED: self.missed}
        return derived[name] if name in derived else self.counts.get(Count(name), 0)

    def __add__(self, other: "Sums") -> "Sums":
        """Both together."""
        both: Counts = {count: self.of(count) + other.of(count) for count in Count}
        return Sums(both, self.overdue + other.overdue, self.missed + other.missed)


COHORTS_OF_DERIVED: Mapping[str, Cohort] = {
    OVERDUE: Cohort.DUE,
    MISSED: Cohort.REPORTED,
    FOUND: Cohort.REPORTED,
}


def cohort_of(name: str) -> Cohort:
    """By which day the cases of a number count."""
    return COHORTS_OF_DERIVED[name] if name in COHORTS_OF_DERIVED else COHORTS[Count(name)]


def figures(sums: Sums, rules: Scoring) -> dict[str, Any]:
    """`{counts, rates}`: rates in percent with two decimals, null where there is nothing to divide by."""
    rates = exact(sums, rules)
    return {
        "counts": {name: sums.of(name) for name in SHOWN},
        "rates": {name: rounded(rates[name]) for name in RATES},
    }


def exact(sums: Sums, rules: Scoring) -> dict[str, Decimal | None]:
    """Every rate, not rounded."""
    rates = {name: share(_part(name, sums, rules), sums.of(whole)) for name, (_, whole) in MADE_OF.items()}
    return {**rates, COMPOSITE: _composite(rates, rules)}


def _part(name: str, sums: Sums, rules: Scoring) -> Decimal | int:
    part = sums.of(MADE_OF[name][0])
    return part + rules.partly * sums.of(Count.PARTLY) if name == "resolution" else part


def _composite(rates: Mapping[str, Decimal | None], rules: Scoring) -> Decimal | None:
    """The three rates as they are weighed, none of them rounded before; None unless all three are known."""
    known = [rate * weight for name, weight in rules.weights.items() if (rate := rates[name]) is not None]
    return sum(known, Decimal(0)) if len(known) == len(rules.weights) else None
