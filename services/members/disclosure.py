"""Which counts of people are told, so that nobody learns of a few by subtracting others (docs/domain.md §5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from members.area import SCOPE_LENGTHS

Counts = tuple[int, ...]
"""How many people are so, and how many are not, in one way or in several: each number can point at somebody."""

LEVELS = (0, 2, 4, *SCOPE_LENGTHS)
"""Digits of the areas that can be asked for: everywhere, provinces, cities, and those within a district."""


@dataclass(frozen=True)
class Crowd:
    """The people who lie in exactly these parts, counted."""

    parts: frozenset[str]
    counts: Counts


def small(counts: Counts, fewest: int) -> bool:
    """Whether one of the numbers is below `fewest`, zero included: that there is nobody would tell of everybody."""
    return any(number < fewest for number in counts)


def withheld(
    crowds: Sequence[Crowd], parts: Iterable[str], fewest: int, *, told: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The parts of a whole that are not told to who knows the whole, and what is `told` of it already.

    First those that are small, then the smallest others until what is left is not small: the people of the whole
    who are in nothing that is told, also those who are in no part. A person may be in several parts.
    """
    sizes = {part: _sum(crowds, [crowd for crowd in crowds if part in crowd.parts]) for part in parts}
    hidden = [part for part in sorted(sizes) if small(sizes[part], fewest)]
    for part in sorted(sizes.keys() - set(hidden), key=lambda part: (sizes[part], part)):
        known = told | sizes.keys() - set(hidden)
        left = _sum(crowds, [crowd for crowd in crowds if not crowd.parts & known])
        if not small(left, fewest) or not (hidden or any(left)):
            break
        hidden.append(part)
    return tuple(hidden)


def is_told(crowds: Sequence[Crowd], whole: str, area: str, fewest: int) -> bool:
    """Whether the counts of `area` are told to who may ask for every area within `whole`, which contains it.

    Step by step from the whole to the area. What is hidden for the sake of others can be told in parts: then what is
    left of it, together with those others, is not small.
    """
    found = [crowd for crowd in crowds if whole in crowd.parts]
    if not found or small(_sum(found, found), fewest):
        return False
    told, answer = frozenset[str](), True
    for above, below in _steps(whole, area):
        parts = {code for crowd in found for code in crowd.parts if len(code) == len(below) and code.startswith(above)}
        hidden = withheld(found, parts, fewest, told=told)
        answer = below in parts and below not in hidden
        if answer:
            found, told = [crowd for crowd in found if below in crowd.parts], frozenset()
        elif hidden and below == hidden[-1]:
            told |= parts - set(hidden)
        else:
            return False  # also where two large ones are hidden: parts of both could be put together
    return answer


def around(codes: Iterable[str]) -> frozenset[str]:
    """These areas and all that can be asked for around them."""
    return frozenset(code[:digits] for code in codes for digits in LEVELS if digits <= len(code))


def _steps(whole: str, area: str) -> Iterable[tuple[str, str]]:
    chain = [whole, *(area[:digits] for digits in LEVELS if len(whole) < digits <= len(area))]
    return pairwise(chain)


def _sum(all_of_them: Sequence[Crowd], some: Sequence[Crowd]) -> Counts:
    """Zeros where there are none."""
    return tuple(sum(crowd.counts[side] for crowd in some) for side in range(len(all_of_them[0].counts)))
