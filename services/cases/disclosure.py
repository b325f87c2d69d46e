"""Which results of an area are told, so that nobody learns of a few answers by subtracting (docs/domain.md §5)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence


def told(sizes: Mapping[str, int], area: str, smallest: int, levels: Sequence[int]) -> frozenset[str]:
    """The codes of which results are told, of `area` and what lies in it: of none of which `sizes` are too small.

    `sizes` says how many answers there are by the code of a grid, or of the area for those without a grid; `levels` are
    the digits of the areas into which results are divided, the widest first. Whatever
    can be made of what is told by adding and subtracting is nothing at all, or not small either: what is told within
    something told leaves none or `smallest` of it, and within what is hidden everything is.
    """
    return frozenset(_told(sizes, area, smallest, levels))


def _told(sizes: Mapping[str, int], area: str, smallest: int, levels: Sequence[int]) -> Iterator[str]:
    here = {code: size for code, size in sizes.items() if code.startswith(area)}
    whole = sum(here.values())
    if whole >= smallest:
        yield area
        for part in _kept(parts(here, area, levels), whole, smallest):
            yield from _told(here, part, smallest, levels)


def _kept(sizes: Mapping[str, int], whole: int, smallest: int) -> list[str]:
    """The parts that are told of a whole: of those that are not small the smallest go, until enough is left over."""
    shown = sorted((part for part in sizes if sizes[part] >= smallest), key=lambda part: (sizes[part], part))
    while shown and 0 < whole - sum(sizes[part] for part in shown) < smallest:
        del shown[0]
    return shown


def parts(sizes: Mapping[str, int], area: str, levels: Sequence[int]) -> dict[str, int]:
    """How many there are in each of the parts into which an area is divided next, where there are any."""
    digits = next((each for each in levels if each > len(area)), None)
    found = Counter[str]()
    for code, size in sizes.items():
        if digits and code.startswith(area) and len(code) >= digits:
            found[code[:digits]] += size
    return dict(found)
