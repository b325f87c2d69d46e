"""How polygons lie to one another: crossing themselves, overlapping, covering (docs/domain.md §4, H1, H2)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise
from math import atan2, ceil, cos, degrees, hypot, radians, sin

import shapely

from members.drawing.feature import Drawn, MapFault
from members.territory.compound import Point
from members.territory.grid import Grid, Level, Ring

TOLERANCE = 0.001
"""The share of an area that may be covered twice, or not at all (H1, H2): what drawing by hand leaves."""

PARENT_LEVELS: Mapping[Level, tuple[Level, ...]] = {
    Level.BASE: (Level.SERVICE,),
    Level.MICRO: (Level.BASE, Level.SERVICE),
}
"""In grids of which levels a grid of each level lies; the others lie in their community alone."""

MOST_NAMED = 20
"""How many of the grids that it overlaps a fault names."""

MOST_NEAR = 40_000
"""Pairs of grids of one level whose boxes meet, in one file: in a real map a grid has some ten around it.

Each pair takes some 50 µs to compare, and a file of grids that all lie on one another has millions.
"""

PIECE = 0.05
"""Degrees of an edge that may stay straight where geodesics are followed: it strays from them by 0.25 m at most."""

RING = "/geometry/coordinates/0"


def polygon(ring: Ring) -> shapely.Polygon:
    """The ring as the library takes it."""
    return shapely.Polygon(ring)


def simple(drawn: Sequence[Drawn]) -> tuple[list[Drawn], list[MapFault]]:
    """Those whose ring does not cross or touch itself, and a fault for each that does.

    The index of the database has edges as geodesics: neither may it cross itself with those.
    """
    rings = [each for each in drawn if each.ring]
    plain = [each for each in rings if polygon(each.ring or ()).is_valid]
    fine = [each for each in plain if polygon(bowed(each.ring or ())).is_valid]
    straight, kept = ({each.index for each in those} for those in (plain, fine))
    crossed = [each.fault("ring_crosses_itself", RING) for each in rings if each.index not in straight]
    return fine, crossed + [each.fault("ring_too_narrow", RING) for each in plain if each.index not in kept]


def bowed(ring: Ring) -> Ring:
    """The ring with its longer edges as geodesics: to within half a metre, by points on the great circle."""
    around = (point for start, end in pairwise(ring) for point in _along(start, end))
    return (*around, ring[-1])


def _along(start: Point, end: Point) -> Iterator[Point]:
    """The start of an edge, and points on its geodesic before its end."""
    pieces = ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / PIECE)
    yield start
    if pieces > 1:
        one, other = _vector(start), _vector(end)
        for n in range(1, pieces):
            x, y, z = (a + (b - a) * n / pieces for a, b in zip(one, other, strict=True))
            yield degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))


def _vector(point: Point) -> tuple[float, float, float]:
    """Where the point is on a globe of radius 1."""
    lon, lat = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def overlaps(drawn: Sequence[Drawn], standing: Sequence[Grid]) -> Iterator[MapFault]:
    """A fault for each that overlaps others of its level, in the file or on the map, by more than is tolerated.

    Grids may share edges; the share is that of the smaller of the two. Where more than `MOST_NEAR` would have to be
    compared, one fault says so, `map_too_crowded`.
    """
    for level in Level:
        mine = [each for each in drawn if each.level is level]
        there = [grid for grid in standing if grid.level is level]
        if mine:
            yield from _overlaps(mine, there)


def _overlaps(mine: Sequence[Drawn], there: Sequence[Grid]) -> Iterator[MapFault]:
    shapes = [polygon(ring) for ring in chain((each.ring or () for each in mine), (grid.ring for grid in there))]
    pairs = _meeting(shapes, len(mine))
    if pairs is None:
        yield MapFault("map_too_crowded", None, "/features", {"most": MOST_NEAR})
        return
    found: dict[int, list[tuple[int, float]]] = {}
    for one, other in pairs:
        shared = shapes[one].intersection(shapes[other]).area / min(shapes[one].area, shapes[other].area)
        if shared > TOLERANCE:
            found.setdefault(one, []).append((other, shared))
    for one, others in sorted(found.items()):
        in_file = sorted(mine[other].index for other, _ in others if other < len(mine))
        on_map = sorted(there[other - len(mine)].code for other, _ in others if other >= len(mine))
        yield mine[one].fault(
            "grid_overlaps",
            RING,
            features=in_file[:MOST_NAMED],
            grid_codes=on_map[:MOST_NAMED],
            share=round(max(shared for _, shared in others), 4),
        )


def _meeting(shapes: Sequence[shapely.Polygon], first: int) -> list[tuple[int, int]] | None:
    """Each of the first so many with each other one that it meets; None where too many would have to be compared."""
    tree, near, pairs = shapely.STRtree(shapes), 0, list[tuple[int, int]]()
    for one, shape in enumerate(shapes[:first]):
        near += len(tree.query(shape)) - 1
        if near > MOST_NEAR:
            return None
        pairs += ((one, other) for other in tree.query(shape, predicate="intersects").tolist() if other != one)
    return pairs


def orphans(drawn: Sequence[Drawn], standing: Sequence[Grid]) -> Iterator[MapFault]:
    """A fault for each that has to lie in another grid and names none, or one that does not hold it."""
    around = {grid.code: (grid.level, grid.ring) for grid in standing}
    around |= {each.code: (each.level, each.ring) for each in drawn if each.code and each.level and each.ring}
    shape_of = cache(lambda code: _prepared(around[code][1]))  # a parent may be large, and have many in it
    for each in drawn:
        levels = PARENT_LEVELS.get(each.level) if each.level else None
        if levels is None or each.ring is None:
            if each.parent and each.level:
                yield each.fault("parent_not_wanted", "/properties/parent")
        elif each.parent is None:
            yield each.fault("parent_missing", "/properties/parent", levels=[level.value for level in levels])
        elif each.parent not in around:
            yield each.fault("unknown_parent", "/properties/parent", grid_code=each.parent)
        else:
            level = around[each.parent][0]
            if level not in levels or not _holds(shape_of(each.parent), _prepared(each.ring)):
                yield each.fault("parent_does_not_hold_it", "/properties/parent", grid_code=each.parent)


def _prepared(ring: Ring) -> shapely.Polygon | None:
    """The ring made ready to be asked many times what it covers; None for one that crosses itself."""
    shape = polygon(ring)
    shapely.prepare(shape)
    return shape if shape.is_valid else None


def _holds(outer: shapely.Polygon | None, inner: shapely.Polygon | None) -> bool:
    """Whether the outer one covers the inner one, to within what is tolerated; what crosses itself is told as such."""
    if outer is None or inner is None:
        return True
    if outer.covers(inner):  # asked first: to cut them takes as long as the outer one has corners
        return True
    return outer.intersects(inner) and float(inner.difference(outer).area / inner.area) <= TOLERANCE


def mismatch(old: Sequence[Ring], new: Sequence[Ring]) -> float:
    """The area that only one of the two maps covers, as a share of the old one's."""
    before, after = (shapely.union_all([polygon(ring) for ring in rings]) for rings in (old, new))
    return float(before.symmetric_difference(after).area / before.area)


def nearest(grids: Sequence[Grid], lon: float, lat: float) -> Grid:
    """The grid that holds the point, else (in a sliver between old and new edges) the one that lies nearest."""
    point = shapely.Point(lon, lat)
    held = [grid for grid in grids if grid.holds(lon, lat)]
    return min(held or grids, key=lambda grid: (polygon(grid.ring).distance(point), grid.code))


def holder(grids: Sequence[Grid], ring: Ring) -> Grid | None:
    """The grid that covers the ring, to within what is tolerated."""
    inner = polygon(ring)
    return next((grid for grid in grids if _holds(polygon(grid.ring), inner)), None)


def successors(old: Grid, new: Sequence[Grid]) -> tuple[str, ...]:
    """The codes of those that take over a part of the old one, beyond what is tolerated."""
    before = polygon(old.ring)
    shared = {grid.code: before.intersection(polygon(grid.ring)).area for grid in new}
    return tuple(sorted(code for code, area in shared.items() if area > TOLERANCE * before.area))
