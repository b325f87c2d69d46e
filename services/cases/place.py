"""Where something is: a point, its one grid, its compound; decided from the copy of the territory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, floor, radians, sin, sqrt
from typing import Any

from chassis.datum import Datum, to_wgs84
from chassis.errors import Refusal
from chassis.polygon import contains

SERVICE = "SERVICE"
"""The level of the grids that cases belong to (docs/domain.md §0)."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG), in metres."""

TILE_DEGREES = 0.02
"""Side of the squares by which grids are found: about 2 km, a few for each service grid."""

SPOT_DEGREES = 0.002
"""Side of the squares by which cases are found around a point: about 200 m."""

AT_COMPOUND_M = 200.0
"""So near its middle a point in the same grid lies at a compound, in metres (docs/domain.md §4, F46)."""

HIGHEST = 80.0
"""Degrees of latitude beyond which nobody lives: at a pole, a few metres are all degrees of longitude there are."""

METRES_OF_DEGREE = EARTH_RADIUS_M * radians(1)
"""Metres of one degree of latitude."""

AREA_DIGITS = (6, 9, 12, 15)
"""Lengths of the prefixes of a grid code: district, town, community, grid (docs/domain.md §2.5)."""


def areas_around(code: str) -> tuple[str, ...]:
    """District, town, community and grid that the code of an area lies in or is, as far as it goes."""
    return tuple(code[:digits] for digits in AREA_DIGITS if digits <= len(code))


@dataclass(frozen=True)
class Point:
    """A point in degrees of WGS84; `source_crs` is the reference system in which it was given."""

    lon: float
    lat: float
    source_crs: str = Datum.WGS84.value


@dataclass(frozen=True)
class Grid:
    """What cases knows of a grid: its code, names, level and closed ring of (lon, lat).

    It holds from `opened`, included, to `closed`, excluded, where they are known.
    """

    code: str
    name: str
    community: str
    level: str
    ring: tuple[tuple[float, float], ...]
    opened: datetime | None = None
    closed: datetime | None = None

    def open_at(self, at: datetime) -> bool:
        """Whether the grid is in force at that moment."""
        return (self.opened is None or self.opened <= at) and (self.closed is None or at < self.closed)

    def holds_between(self, begins: datetime, ends: datetime) -> bool:
        """Whether the grid is in force at any moment from `begins`, included, to `ends`, excluded."""
        return (self.opened is None or self.opened < ends) and (self.closed is None or begins < self.closed)


@dataclass(frozen=True)
class Compound:
    """What cases knows of a housing estate."""

    id: str
    name: str
    grid_code: str
    point: Point
    is_old: bool
    has_property_mgmt: bool
    property_company_id: str | None


@dataclass(frozen=True)
class Asset:
    """What a case has to know of a fixed asset: where it stands, and whether it is out of use."""

    id: str
    place: "Place"
    retired: bool


@dataclass(frozen=True)
class Place:
    """Where a case is: always in one grid, often at a point, perhaps in a compound.

    `near_compound_id` is the compound that its point lies at, where it names none.
    """

    grid_code: str
    point: Point | None = None
    compound_id: str | None = None
    near_compound_id: str | None = None

    @property
    def tenant(self) -> str:
        """The district, which is the tenant."""
        return tenant_of(self.grid_code)

    @property
    def areas(self) -> tuple[str, ...]:
        """District, town, community and grid: whose scope is one of these has the case in it."""
        return areas_around(self.grid_code)


def tenant_of(code: str) -> str:
    """The district of a grid code or of a scope."""
    return code[:6]


def point(location: Mapping[str, Any]) -> Point:
    """The point that `{"lon", "lat", "crs"?}` gives, in WGS84 whatever it was given in (docs/domain.md §4, Datum).

    Refuses `unknown_crs` rather than miss the grid.
    """
    crs = location.get("crs") or Datum.WGS84.value
    if crs not in set(Datum):
        raise Refusal("unknown_crs", crs=crs, accepted=[datum.value for datum in Datum])
    lon, lat = to_wgs84(float(location["lon"]), float(location["lat"]), Datum(crs))
    return Point(lon, lat, crs)


def shown_point(point: Point | None) -> dict[str, Any] | None:
    """The point as it is answered, with what it was given in; None for none."""
    if point is None:
        return None
    return {"lon": point.lon, "lat": point.lat, "crs": Datum.WGS84.value, "source_crs": point.source_crs}


def holding(grids: Iterable[Grid], point: Point, at: datetime) -> Grid:
    """The one service grid that holds the point at that moment: left and bottom edges belong to it (docs/domain.md §4).

    Where two overlap by as little as members tolerates, the one with the smaller code has the point, there as here.
    Refuses `outside_all_grids` where there is none.
    """
    service = [grid for grid in grids if grid.level == SERVICE and grid.open_at(at)]
    held = [grid for grid in service if contains(grid.ring, point.lon, point.lat)]
    if not held:
        raise Refusal("outside_all_grids", lon=point.lon, lat=point.lat)
    return min(held, key=lambda grid: grid.code)


def tile(lon: float, lat: float) -> str:
    """The square that holds the point."""
    return _key(floor(lon / TILE_DEGREES), floor(lat / TILE_DEGREES))


def tiles(ring: Iterable[tuple[float, float]]) -> list[str]:
    """Every square that a polygon may reach into, so that a point finds its candidates in one look-up."""
    lons, lats = zip(*ring, strict=True)
    columns = range(floor(min(lons) / TILE_DEGREES), floor(max(lons) / TILE_DEGREES) + 1)
    rows = range(floor(min(lats) / TILE_DEGREES), floor(max(lats) / TILE_DEGREES) + 1)
    return [_key(column, row) for column in columns for row in rows]


def spot(point: Point) -> str:
    """The small square that holds the point."""
    return _key(floor(point.lon / SPOT_DEGREES), floor(point.lat / SPOT_DEGREES))


def spots_around(point: Point, metres: float) -> list[str]:
    """Every small square that reaches within so many metres of the point."""
    high = metres / METRES_OF_DEGREE
    wide = high / cos(radians(min(abs(point.lat), HIGHEST)))
    columns = range(floor((point.lon - wide) / SPOT_DEGREES), floor((point.lon + wide) / SPOT_DEGREES) + 1)
    rows = range(floor((point.lat - high) / SPOT_DEGREES), floor((point.lat + high) / SPOT_DEGREES) + 1)
    return [_key(column, row) for column in columns for row in rows]


def _key(column: int, row: int) -> str:
    return f"{column}:{row}"


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance in metres (haversine formula)."""
    lon1, lat1, lon2, lat2 = (radians(x) for x in (one.lon, one.lat, other.lon, other.lat))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def nearest(compounds: Iterable[Compound], point: Point) -> Compound | None:
    """The compound that the point lies at: the nearest within 200 m, of equally near ones the first by id."""
    apart = [(distance_m(each.point, point), each.id, each) for each in compounds]
    metres, _, found = min(apart, default=(AT_COMPOUND_M, "", None))
    return found if metres <= AT_COMPOUND_M else None


def within(one: Point | None, other: Point | None, metres: float) -> bool | None:
    """Whether two points are at most so far apart; None when one of them is not known."""
    if one is None or other is None:
        return None
    return distance_m(one, other) <= metres


def same_place(one: Place, other: Place, metres: float = 200) -> bool:
    """Whether two reports may be about one spot: same grid, no different compounds, points not far apart."""
    compounds = {place.compound_id for place in (one, other) if place.compound_id}
    near = within(one.point, other.point, metres)
    return one.grid_code == other.grid_code and len(compounds) < 2 and near is not False
