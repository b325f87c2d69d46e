"""How far a unit has registered: its rate, what its members gave, and which units are obliged to register."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from members.disclosure import Crowd, withheld
from members.organisations.unit import Unit

OBLIGED = "REPORTING_UNIT"
"""The kind of unit that has to register (docs/domain.md §4, H9); others may."""

FEWEST = 3
"""Of fewer members no sums are told: they would be the score of one of them (docs/domain.md §3.2)."""

SERVED, NOT_YET = "served", "not_yet"

CENT = Decimal("0.01")


def obliged(units: Iterable[Unit]) -> frozenset[str]:
    """The ids of those that have to register with a community."""
    return frozenset(unit.id for unit in units if unit.active and unit.unit_type == OBLIGED)


def percent(part: int, whole: int) -> float | None:
    """Part of the whole in per cent, two decimals, half up; None where there is nothing to count (§2.4)."""
    if not whole:
        return None
    return float((Decimal(100 * part) / Decimal(whole)).quantize(CENT, ROUND_HALF_UP))


def rate(members: Iterable[str], registered: Iterable[str], served: Iterable[str]) -> dict[str, Any]:
    """What a unit sees of its members in service: how many are registered, and how many of these have served.

    Who served is told (else None) where those who have and those who have not are `FEWEST` or more each: a number of
    all, or of nobody, would be the score of each of them.
    """
    all_of_them = frozenset(members)
    there = frozenset(registered) & all_of_them
    active = frozenset(served) & there
    parts = {SERVED: len(active), NOT_YET: len(there - active)}
    hidden = withheld([Crowd(frozenset({part}), (people,)) for part, people in parts.items()], parts, FEWEST)
    return {
        "members": len(all_of_them),
        "registered": len(there),
        "registration_rate": percent(len(there), len(all_of_them)),
        "served": None if SERVED in hidden else len(active),
        "completion_rate": None if SERVED in hidden else percent(len(active), len(there)),
    }


def feedback(registered: Iterable[str], points: Mapping[str, int], services: Mapping[str, int]) -> dict[str, Any]:
    """What an employer is told of a quarter (docs/domain.md §3.1): sums of all, and of nobody in particular."""
    there = frozenset(registered)
    enough = len(there) >= FEWEST
    return {
        "registered": len(there),
        "services": sum(services.get(id, 0) for id in there) if enough else None,
        "points": sum(points.get(id, 0) for id in there) if enough else None,
        "withheld": None if enough else "too_few_members",
    }
