"""How the three rates are made into one, and what counts for them, as a district decides it (docs/domain.md §2.4)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from cases.exclusion import Ground
from cases.policies.policy import Kind, Policy
from chassis.fault import Fault

RATES = ("response", "resolution", "satisfaction")
"""The three rates, each of which has a weight."""


@dataclass(frozen=True)
class Scoring:
    """The rules of one version: weights that add up to 1, what an answer "partly" is worth, what an exclusion needs.

    `exclusions` are the grounds on which an approved exclusion takes a case out; on others it counts all the same.
    Of fewer answers than `smallest_group` nothing is shown.
    """

    version: str
    weights: Mapping[str, Decimal]
    partly: Decimal
    exclusions: frozenset[Ground]
    smallest_group: int


def scoring(policy: Policy) -> Scoring:
    """The rules that a version holds."""
    terms = policy.terms
    return Scoring(
        policy.version,
        {rate: Decimal(terms["weights"][rate]) for rate in RATES},
        Decimal(terms["partly"]),
        frozenset(Ground(each) for each in terms["exclusions"]),
        terms["smallest_group"],
    )


@cache
def shipped() -> Policy:
    """The version that comes with the service."""
    text = resources.files("cases").joinpath("data/scoring-2025.1.json").read_text(encoding="utf-8")
    data = json.loads(text)
    begins = date.fromisoformat(data["from"])
    return Policy(data["version"], Kind.SCORING, 0, begins, data["terms"])


def terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered as it is kept: numbers as texts, so that none of them is rounded."""
    return {
        "weights": {rate: str(given["weights"][rate]) for rate in RATES},
        "partly": str(given["partly"]),
        "exclusions": sorted(given["exclusions"]),
        "smallest_group": given["smallest_group"],
    }


def faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    """Weights that do not add up to 1, as far as they could be read."""
    weights = given.get("weights", {})
    if set(weights) == set(RATES) and sum(weights.values()) != 1:
        yield Fault("/weights", "weights_not_one", {"sum": str(sum(weights.values()))})


def shown(policy: Policy) -> dict[str, Any]:
    """A version's rules as everybody may read them."""
    rules = scoring(policy)
    return {
        "weights": {rate: float(weight) for rate, weight in rules.weights.items()},
        "partly": float(rules.partly),
        "exclusions": sorted(rules.exclusions),
        "smallest_group": rules.smallest_group,
    }
