"""The checks of areas, H1 and H2: what of the service area lies in no service grid, and where grids overlap.

Areas are measured on Lambert's cylindrical equal-area projection of the sphere: two lines of arithmetic, true to area
everywhere, and straight edges of a grid stay straight to within what the shares are rounded to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import radians, sin

from shapely import Polygon, STRtree, union_all
from shapely.geometry.base import BaseGeometry

from members.coverage.counting import Count, Item, item
from members.coverage.facts import Facts, GridFact, Ring
from members.territory.distance import EARTH_RADIUS_M

SPECK_M2 = 1.0
"""Smaller pieces are rounding of coordinates and not named."""


def uncovered(facts: Facts) -> Count:
    """H1: square metres of the service area that no service grid covers, of all of it."""
    if facts.outline is None:
        return Count(0, 0, unknown="no_outline")
    area = _joined(facts.outline)
    left = area.difference(_joined(grid.ring for grid in facts.service_grids))
    failing = [item("uncovered", "", "uncovered", square_metres=round(left.area))] if left.area > SPECK_M2 else []
    return Count(_square_metres(left), _square_metres(area), failing)


def overlaps(facts: Facts) -> Count:
    """H2: square metres in more than one grid of the same level, of the service area.

    Where no outline is registered, the area is what the grids cover together.
    """
    levels: dict[str, list[GridFact]] = defaultdict(list)
    for grid in facts.grids:
        levels[grid.level].append(grid)
    pairs = [pair for level in sorted(levels) for pair in _pairs(levels[level])]
    double = union_all([piece for _, _, piece in pairs])
    area = _joined(facts.outline if facts.outline is not None else (grid.ring for grid in facts.grids))
    named = [_named(one, other, piece) for one, other, piece in pairs]
    return Count(_square_metres(double), _square_metres(area), named)


def _named(one: GridFact, other: GridFact, piece: BaseGeometry) -> Item:
    return item(one.code, one.name, "overlap", other=other.name, square_metres=round(piece.area))


def _pairs(grids: Sequence[GridFact]) -> Iterator[tuple[GridFact, GridFact, BaseGeometry]]:
    shapes = [_flat(grid.ring) for grid in grids]
    tree = STRtree(shapes)
    for n, shape in enumerate(shapes):
        for other in sorted(int(found) for found in tree.query(shape, predicate="intersects")):
            piece = shape.intersection(shapes[other])
            if other > n and piece.area > SPECK_M2:
                yield grids[n], grids[other], piece


def _joined(rings: Iterable[Ring]) -> BaseGeometry:
    return union_all([_flat(ring) for ring in rings])


def _flat(ring: Ring) -> Polygon:
    """The ring in metres on the plane; the width of a degree is that of the equator, heights make up for it."""
    return Polygon([(EARTH_RADIUS_M * radians(lon), EARTH_RADIUS_M * sin(radians(lat))) for lon, lat in ring])


def _square_metres(shape: BaseGeometry) -> Fraction:
    return Fraction(round(shape.area))
