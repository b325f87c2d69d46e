"""Counting the force of an area: everybody once, everybody by capacity, and who has two capacities (F35)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from members.area import DISTRICT_DIGITS
from members.disclosure import Crowd, is_told

ROLES = (
    "in_service_member",
    "volunteer",
    "rider",
    "grid_worker",
    "community_worker",
    "union_leader",
    "union_cadre",
)
"""Roles by which somebody counts among the force."""

TAGS = ("party_member", "veteran", "rider_party_member")
"""Special identities by which somebody counts who agrees to show them."""

FEWEST = 10
"""Fewer people than this with a special identity are not told of: a small number points at persons (our decision)."""

Capacities = frozenset[str]

Side = Callable[[Capacities], int | None]
"""On which side of a question somebody with these capacities stands: 0 is who is counted, None who is not looked at."""


@dataclass(frozen=True)
class Group:
    """So many people who lie in all of these areas and have exactly these capacities."""

    areas: frozenset[str]
    capacities: Capacities
    people: int


def tally(groups: Sequence[Group], whole: str, area: str) -> dict[str, Any]:
    """The sums of an area: `distinct` counts everybody once, `roles` and `tags` everybody in each, `pairs` in both.

    They are for somebody who may ask for every area within `whole`. What has to do with a special identity is told only
    where `is_told` says so: else a number of people who have one is null, a pair is left out (that it is there would
    tell that there is somebody), and `distinct` is without those who are known by such an identity alone.
    """
    each, both, people = Counter[str](), Counter[tuple[str, ...]](), Counter[bool]()
    for group in groups:
        if area in group.areas and group.capacities:
            people[_has_role(group.capacities)] += group.people
            each.update(dict.fromkeys(group.capacities, group.people))
            both.update(dict.fromkeys(combinations(sorted(group.capacities), 2), group.people))

    def told(side: Side, sides: int) -> bool:
        return is_told(_crowds(groups, side, sides), whole, area, FEWEST)

    return {
        "distinct": people[True] + (people[False] if told(_by_identity_alone, 2) else 0),
        "roles": {role: each[role] for role in ROLES},
        "tags": {tag: each[tag] if told(_with(tag), 2) else None for tag in TAGS},
        "pairs": [
            {"first": first, "second": second, "people": number}
            for (first, second), number in sorted(both.items())
            if {first, second} <= set(ROLES) or told(_with_both(first, second), 3)
        ],
        "fewest_told": FEWEST,
    }


def by_district(groups: Sequence[Group], whole: str, area: str) -> list[dict[str, Any]]:
    """The sums of each district of the area, and nothing of a smaller one (F57)."""
    codes = {code for group in groups for code in group.areas if len(code) == DISTRICT_DIGITS and code.startswith(area)}
    return [{"area": district, **tally(groups, whole, district)} for district in sorted(codes)]


def _crowds(groups: Iterable[Group], side: Side, sides: int) -> list[Crowd]:
    """The same people by area alone: those counted, and those with whom they could be compared."""
    found: dict[frozenset[str], list[int]] = {}
    for group in groups:
        if (stands := side(group.capacities)) is not None:
            found.setdefault(group.areas, [0] * sides)[stands] += group.people
    return [Crowd(areas, tuple(numbers)) for areas, numbers in found.items()]


def _has_role(capacities: Capacities) -> bool:
    return not capacities.isdisjoint(ROLES)


def _by_identity_alone(capacities: Capacities) -> int | None:
    return int(_has_role(capacities)) if capacities else None


def _with(tag: str) -> Side:
    return lambda capacities: 0 if tag in capacities else 1 if _has_role(capacities) else None


def _with_both(first: str, second: str) -> Side:
    def side(capacities: Capacities) -> int | None:
        held = (first in capacities, second in capacities)
        return {(True, True): 0, (True, False): 1, (False, True): 2}.get(held)

    return side
