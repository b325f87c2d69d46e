"""Territory: grids, their codes, and the one grid of each level that holds a point; it knows no storage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written, written_or_none
from chassis.polygon import contains
from members.area import GRID_DIGITS

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees, WGS84 or CGCS2000; the last point repeats the first."""

CLOSED = "grid.closed"

ENTERED = "grid.entered"
"""Stands in the history of a grid when a compound has come to lie in it; nobody outside hears of it."""

EDGE_REACH = 0.001
"""Degrees around a point within which a geodesic index may misplace an edge that is straight here.

A geodesic strays from its parallel by about (width² / 8) · sin φ · cos φ, in radians: 95 m (0.0009°) for an
edge of a whole degree at 26° north, and millimetres for a grid of a kilometre.
"""


class Level(StrEnum):
    """What a grid is for; a point has at most one grid of each level (docs/domain.md §0)."""

    SERVICE = "SERVICE"
    BASE = "BASE"
    MICRO = "MICRO"
    DEDICATED = "DEDICATED"


@dataclass(frozen=True)
class Grid:
    """One grid: its 15-digit code (docs/domain.md §2.5), names and polygon.

    It holds from `opened`, included, to `closed`, excluded; what it was redrawn into are its `successors`. Its
    polygon was given in the datum `source_crs`.
    """

    code: str
    name: str
    community: str
    level: Level
    ring: Ring
    opened: datetime
    parent: str | None = None
    population: int = 0
    closed: datetime | None = None
    successors: tuple[str, ...] = ()
    source_crs: str = "WGS84"

    def __post_init__(self) -> None:
        """Raises ValueError for a code that is not 15 digits or a ring that is not closed."""
        if len(self.code) != GRID_DIGITS or not self.code.isdigit():
            raise ValueError(f"{self.code!r} is not a grid code of {GRID_DIGITS} digits")
        if len(self.ring) < 4 or self.ring[0] != self.ring[-1]:
            raise ValueError(f"the polygon of {self.code} is not a closed ring")

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box around the polygon, to look around from when no place is known."""
        lons, lats = zip(*self.ring, strict=True)
        return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2

    def open_at(self, at: datetime) -> bool:
        """Whether the grid is in force at that moment."""
        return self.opened <= at and (self.closed is None or at < self.closed)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the point is inside, left and bottom edges included, right and top ones not (§4)."""
        return contains(self.ring, lon, lat)


def holding(candidates: Iterable[Grid], lon: float, lat: float, level: Level, at: datetime) -> Grid:
    """The one grid of `level` that holds the point at that moment, among candidates that the index proposed.

    Where two overlap, as they may by as little as H2 tolerates, the one with the smaller code has the point.
    Refuses `outside_all_grids` when there is none.
    """
    found = [grid for grid in candidates if grid.level is level and grid.open_at(at) and grid.holds(lon, lat)]
    if not found:
        raise Refusal("outside_all_grids", lon=lon, lat=lat, level=level.value)
    return min(found, key=lambda grid: grid.code)


def announcement(grid: Grid) -> Mapping[str, Any]:
    """The body of `grid.opened`, `grid.changed` and `grid.closed`: all that a read copy needs."""
    return {
        "grid_code": grid.code,
        "name": grid.name,
        "community": grid.community,
        "level": grid.level.value,
        "ring": [list(point) for point in grid.ring],
        "from": written(grid.opened),
        "to": written_or_none(grid.closed),
        "successors": list(grid.successors),
    }
