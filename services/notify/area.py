"""Areas by their codes: each is the beginning of the codes of all that lies in it (docs/domain.md §2.5)."""

from collections.abc import Iterable

AREA_DIGITS = (6, 9, 12, 15)
"""Digits of the code of a district, a town, a community and a grid."""


def areas_around(code: str) -> tuple[str, ...]:
    """District, town, community and grid that the code of an area lies in or is, as far as it goes."""
    return tuple(code[:digits] for digits in AREA_DIGITS if digits <= len(code))


def areas_around_all(codes: Iterable[str]) -> tuple[str, ...]:
    """The areas around each of these, every area once; ("",) where there is none, which belongs to all."""
    return tuple(dict.fromkeys(area for code in codes for area in areas_around(code))) or ("",)
