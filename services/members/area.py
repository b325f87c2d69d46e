"""Areas by their codes: each is the beginning of the codes of all that lies in it (docs/domain.md §2.5)."""

from collections.abc import Iterable

DISTRICT_DIGITS, TOWN_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS = 6, 9, 12, 15
"""Digits of the code of a district, of a town (whose urban communities an agency runs), a community and a grid."""

SCOPE_LENGTHS = (DISTRICT_DIGITS, TOWN_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS)
"""Digits of the scopes within a district: district, town, community, grid (docs/domain.md §2.5)."""


def tenant_of(code: str) -> str:
    """The district (6 digits) that a grid code or a scope within it belongs to."""
    return code[:6]


def agency_of(code: str) -> str:
    """The town (9 digits) whose agency runs the community that a grid code belongs to."""
    return code[:9]


def community_of(code: str) -> str:
    """The community (12 digits) that a grid code belongs to."""
    return code[:12]


def areas_around(code: str) -> tuple[str, ...]:
    """District, town, community and grid that the code of an area lies in or is, as far as it goes."""
    return tuple(code[:digits] for digits in SCOPE_LENGTHS if digits <= len(code))


def areas_around_all(codes: Iterable[str]) -> tuple[str, ...]:
    """The areas around each of these, every area once."""
    return tuple(dict.fromkeys(area for code in codes for area in areas_around(code)))
