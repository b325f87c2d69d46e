"""Counters: how many cases count for what on one day in one grid, and how many are open in it.

Each is a sum over the lines of its cases.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.place import tenant_of
from cases.tally import Count, Open, Tally

Counted = Count | Open
Counts = Mapping[Counted, int]


NO_DAY = ""
"""The day of what is open."""


class Cut(StrEnum):
    """How far the counters of a day are told apart: by grid, besides by unit or category or both; `DISTRICT` by
    category in a whole district. `OPEN` is what is open, by grid, and of no day.

    In the others the same is counted, so that a question is answered from the fewest that can.
    """

    GRID = "grid"
    UNIT = "unit"
    CATEGORY = "category"
    FULL = "full"
    DISTRICT = "district"
    OPEN = "open"


@dataclass(frozen=True)
class Key:
    """Which counters: those of a local day (ISO) in a grid, with the unit and the category where the cut has them.

    Of the cut by district `grid_code` is the district, and of what is open the day is "".
    """

    cut: Cut
    day: str
    grid_code: str
    unit: str | None = None
    category: str | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.grid_code)

    @property
    def id(self) -> str:
        """What names it; the last parts may be missing, but never one of those before."""
        return "|".join((self.cut.value, self.day, self.grid_code, self.category or "", self.unit or ""))


Change = Mapping[Key, Counts]
"""By how much each of some counters changes."""


def counted(found: Tally) -> dict[Key, Counter[Counted]]:
    """What one case adds to the counters."""
    sums: dict[Key, Counter[Counted]] = {}
    for mark in found.marks.values():
        for key in _keys(found, mark.day.isoformat()):
            sums.setdefault(key, Counter()).update(mark.counts)
    if found.open:
        sums[Key(Cut.OPEN, NO_DAY, found.grid_code)] = Counter(found.open)
    return sums


def difference(before: Iterable[Tally], after: Iterable[Tally]) -> dict[Key, dict[Counted, int]]:
    """By how much the counters change when these count instead of those; nothing where nothing does."""
    sums: dict[Key, Counter[Counted]] = {}
    for found in after:
        for key, counts in counted(found).items():
            sums.setdefault(key, Counter()).update(counts)
    for found in before:
        for key, counts in counted(found).items():
            sums.setdefault(key, Counter()).subtract(counts)
    return changed(sums)


def changed(sums: Mapping[Key, Counts]) -> dict[Key, dict[Counted, int]]:
    """What is left without zeros."""
    left = {key: {count: n for count, n in counts.items() if n} for key, counts in sums.items()}
    return {key: counts for key, counts in left.items() if counts}


def _keys(found: Tally, day: str) -> Iterator[Key]:
    yield Key(Cut.GRID, day, found.grid_code)
    yield Key(Cut.UNIT, day, found.grid_code, unit=found.unit)
    yield Key(Cut.CATEGORY, day, found.grid_code, category=found.category)
    yield Key(Cut.DISTRICT, day, tenant_of(found.grid_code), category=found.category)
    yield Key(Cut.FULL, day, found.grid_code, found.unit, found.category)
