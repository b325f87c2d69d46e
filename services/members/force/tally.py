"""Counting the force of an area: everybody once, everybody by capacity, and who has two capacities (F35)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

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


@dataclass(frozen=True)
class Group:
    """So many people of a district who have exactly these capacities."""

    tenant: str
    capacities: frozenset[str]
    people: int


def tally(groups: Iterable[Group]) -> dict[str, Any]:
    """The sums of an area: `distinct` counts everybody once, `roles` and `tags` everybody in each, `pairs` in both.

    A number of people with a special identity is null where it is below `FEWEST`, zero included; a pair with so few is
    left out, for that it is there would tell that there is somebody.
    """
    counted = [group for group in groups if group.capacities]
    each, both = Counter[str](), Counter[tuple[str, str]]()
    for group in counted:
        for capacity in group.capacities:
            each[capacity] += group.people
        for pair in combinations(sorted(group.capacities), 2):
            both[pair] += group.people
    return {
        "distinct": sum(group.people for group in counted),
        "roles": {role: each[role] for role in ROLES},
        "tags": {tag: _told(each[tag], tag) for tag in TAGS},
        "pairs": [
            {"first": first, "second": second, "people": number}
            for (first, second), number in sorted(both.items())
            if _told(number, first, second) is not None
        ],
        "fewest_told": FEWEST,
    }


def by_district(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """The sums of each district, and nothing of a smaller area (F57)."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.tenant, []).append(group)
    return [{"area": tenant, **tally(found[tenant])} for tenant in sorted(found)]


def _told(number: int, *capacities: str) -> int | None:
    return None if number < FEWEST and any(capacity in TAGS for capacity in capacities) else number
