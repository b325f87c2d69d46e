"""Which results of an area are told, so that nobody learns of a few answers by subtracting (docs/domain.md §5)."""

from collections.abc import Iterator, Mapping

from cases.place import AREA_DIGITS

LEVELS = AREA_DIGITS[2:]
"""Digits of the areas into which the results of a survey are divided: communities and grids."""


def told(sizes: Mapping[str, int], area: str, smallest: int) -> frozenset[str]:
    """The codes of which results are told, of `area` and what lies in it: of none of which `sizes` are too small.

    `sizes` says how many answers there are by the code of a grid, or of the area for those without a grid. Whatever
    can be made of what is told by adding and subtracting is nothing at all, or not small either: what is told within
    something told leaves none or `smallest` of it, and within what is hidden everything is.
    """
    return frozenset(_told(sizes, area, smallest))


def _told(sizes: Mapping[str, int], area: str, smallest: int) -> Iterator[str]:
    whole = total(sizes, area)
    if whole >= smallest:
        yield area
        for part in _kept(parts(sizes, area), whole, smallest):
            yield from _told(sizes, part, smallest)


def _kept(sizes: Mapping[str, int], whole: int, smallest: int) -> list[str]:
    """The parts that are told of a whole: of those that are not small the smallest go, until enough is left over."""
    shown = sorted((part for part in sizes if sizes[part] >= smallest), key=lambda part: (sizes[part], part))
    while shown and 0 < whole - sum(sizes[part] for part in shown) < smallest:
        del shown[0]
    return shown


def total(sizes: Mapping[str, int], area: str) -> int:
    """How many there are in an area."""
    return sum(size for code, size in sizes.items() if code.startswith(area))


def parts(sizes: Mapping[str, int], area: str) -> dict[str, int]:
    """How many there are in each of the parts into which an area is divided next, where there are any."""
    digits = next((each for each in LEVELS if each > len(area)), None)
    codes = {code[:digits] for code in sizes if digits and code.startswith(area) and len(code) >= digits}
    return {code: total(sizes, code) for code in codes}
