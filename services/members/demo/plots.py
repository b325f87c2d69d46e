"""The base grids of two communities of the demo, and the buildings of its compounds (docs/domain.md §8.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from members.area import tenant_of
from members.buildings.building import Building
from members.territory.compound import Compound
from members.territory.grid import Grid, Level, Ring

PATTERNS = {
    "360704100002001": (7, 4),
    "360704100002002": (7, 4),
    "360704100007001": (9, 3),
    "360704100007002": (9, 3),
}
"""The service grids of 高新 and 广场: into how many columns and rows of base grids each is cut, 110 in all."""

SPLIT, HALVES = "360704100007228", ("360704100007226", "360704100007227")
"""The base grid that is split in the period, and those that take its place (docs/domain.md §8.5)."""

DIGITS = 6
"""Decimals of a degree that corners are drawn with, about 0.1 m."""

NUMBERED = "号基础网格"
ENTRANCES = 2


def base_grids(grids: Sequence[Grid]) -> list[Grid]:
    """What the service grids of the two communities are cut into on the first day, each hanging below its own.

    One fewer than at the end of the period: two of them are one until it is split.
    """
    cut = [plot for grid in grids if grid.code in PATTERNS for plot in _cut(grid, *PATTERNS[grid.code])]
    west, east = (plot for plot in cut if plot.code in HALVES)
    return [*(plot for plot in cut if plot.code not in HALVES), _joined(west, east)]


def halves(base_grids: Sequence[Grid]) -> list[Grid]:
    """What the grid of the split is cut into: two of the same width, of whose people each has a half."""
    whole = next(grid for grid in base_grids if grid.code == SPLIT)
    (west, south), (east, north) = whole.ring[0], whole.ring[2]
    spans = pairwise(_marks(west, east, len(HALVES)))
    shares = _shares(whole.population, len(HALVES))
    return [
        replace(whole, code=code, name=_named(whole.name, code), ring=_box(*span, south, north), population=people)
        for code, span, people in zip(HALVES, spans, shares, strict=True)
    ]


def buildings(compounds: Sequence[Compound], opened: datetime) -> list[Building]:
    """The buildings of every compound; its households are spread over them as evenly as may be."""
    return [building for compound in compounds for building in _built(compound, opened)]


def _cut(grid: Grid, columns: int, rows: int) -> Iterator[Grid]:
    """Numbered west to east and north to south (docs/domain.md §2.5); neighbours have their corners in common."""
    (west, south), (east, north) = grid.ring[0], grid.ring[2]
    across, down = pairwise(_marks(west, east, columns)), list(pairwise(_marks(north, south, rows)))
    cells = [(left, right, top, bottom) for left, right in across for top, bottom in down]
    cells.sort(key=lambda cell: (-cell[2], cell[0]))
    community, sequence = grid.code[:-3], int(grid.code[-3:]) * 100
    for n, (people, (left, right, top, bottom)) in enumerate(
        zip(_shares(grid.population, len(cells)), cells, strict=True), 1
    ):
        yield Grid(
            code=f"{community}{sequence + n:03d}",
            name=f"{grid.name.partition('（')[0]}{n:02d}{NUMBERED}",
            community=grid.community,
            level=Level.BASE,
            ring=_box(left, right, bottom, top),
            opened=grid.opened,
            parent=grid.code,
            population=people,
        )


def _joined(west: Grid, east: Grid) -> Grid:
    """One grid where two neighbours would be."""
    (left, bottom), (right, top) = west.ring[0], east.ring[2]
    people = west.population + east.population
    ring = _box(left, right, bottom, top)
    return replace(west, code=SPLIT, name=_named(west.name, SPLIT), ring=ring, population=people)


def _named(name: str, code: str) -> str:
    """The name of a base grid with the number that another one has by its code."""
    return f"{name.removesuffix(NUMBERED)[:-2]}{code[-2:]}{NUMBERED}"


def _box(west: float, east: float, south: float, north: float) -> Ring:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def _marks(start: float, end: float, parts: int) -> list[float]:
    return [round(start + (end - start) * n / parts, DIGITS) for n in range(parts + 1)]


def _built(compound: Compound, opened: datetime) -> Iterator[Building]:
    for n, households in enumerate(_shares(compound.households, compound.buildings), 1):
        yield Building(
            id=f"b-{compound.id.removeprefix('c-')}-{n}",
            compound_id=compound.id,
            tenant=tenant_of(compound.grid_code),
            number=f"{n}号楼",
            opened=opened,
            households=households,
            entrances=ENTRANCES,
        )


def _shares(total: int, parts: int) -> list[int]:
    each, left = divmod(total, parts)
    return [each + (n < left) for n in range(parts)]
