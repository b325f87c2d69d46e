"""Who answers for a grid: the posts on the grid, in its community, at its agency and in its district."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from chassis.caller import Grant
from members.area import COMMUNITY_DIGITS, TOWN_DIGITS

AGENCY_DIGITS = TOWN_DIGITS
"""The most that the scope of an agency's desk has."""

Area = Callable[[str, str], bool]
"""Whether a post with this scope answers for the grid of this code."""


def _around(scope: str, grid_code: str) -> bool:
    return grid_code.startswith(scope)


def _posted(scope: str, grid_code: str) -> bool:
    return scope == grid_code


def _in_community(scope: str, grid_code: str) -> bool:
    """The community's whole staff, also those who are posted to another of its grids."""
    return _around(scope, grid_code) or scope.startswith(grid_code[:COMMUNITY_DIGITS])


def _at_agency(scope: str, grid_code: str) -> bool:
    return _around(scope, grid_code) and len(scope) <= AGENCY_DIGITS


ON_DUTY: Mapping[str, Sequence[tuple[str, Area]]] = {
    "grid_workers": (("grid_worker", _around), ("community_worker", _posted)),
    "community_workers": (("community_worker", _in_community),),
    "dispatchers": (("dispatcher", _around),),
    "agency": (("dispatcher", _at_agency),),
    "office": (("district_admin", _around),),
    "inspectors": (("inspector", _around),),
}
"""Recipients of notices to staff: for each part the roles that have it, and where (docs/domain.md §2.2, Alarms)."""

ROLES = frozenset(role for posts in ON_DUTY.values() for role, _ in posts)
"""Roles of which anybody may be on duty."""


def parts(grants: Iterable[Grant], grid_code: str) -> frozenset[str]:
    """Which parts of `ON_DUTY` somebody with these roles has for the grid."""
    held = tuple(grants)
    return frozenset(part for part, posts in ON_DUTY.items() if any(_has(post, held, grid_code) for post in posts))


def _has(post: tuple[str, Area], held: Sequence[Grant], grid_code: str) -> bool:
    role, area = post
    return any(grant.role == role and area(grant.scope, grid_code) for grant in held)
