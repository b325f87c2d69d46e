"""Grids as a GeoJSON file has them (RFC 7946): each feature read, and every fault of each named at once.

Faults of one feature by itself are found here; how polygons lie to one another is `fit`'s business.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from chassis.datum import Datum
from members.area import GRID_DIGITS, tenant_of
from members.territory import ring
from members.territory.grid import Level, Ring

MOST_FEATURES = 2_000
MOST_VERTICES = 100_000
"""Of one file."""

MOST_DEGREES = 5.0
"""How wide and how high the country of one file may be; the widest district of the country is narrower."""

MOST_EDGE_DEGREES = 1.0
"""How far one straight edge may go: of a longer one the index may miss points beside it (`grid.EDGE_REACH`)."""

NAME_LENGTH = 100
MOST_PEOPLE = 10_000_000

CRS: Mapping[str, Datum] = {
    **{datum.value: datum for datum in Datum},
    "urn:ogc:def:crs:OGC:1.3:CRS84": Datum.WGS84,
    "urn:ogc:def:crs:EPSG::4326": Datum.WGS84,
    "urn:ogc:def:crs:EPSG::4490": Datum.CGCS2000,
    "EPSG:4326": Datum.WGS84,
    "EPSG:4490": Datum.CGCS2000,
}
"""How files name the datum of their coordinates: our own words, and those of mapping programs."""

PROPERTIES = frozenset({"grid_code", "name", "community", "level", "population", "parent"})
"""What a feature may say of a grid; anything else is passed over, as RFC 7946 §6.1 has it."""


@dataclass(frozen=True)
class MapFault:
    """What is wrong with a feature, counted from 0, and where; `code` is stable."""

    code: str
    feature: int | None
    pointer: str
    details: Mapping[str, Any] | None = None

    def under(self, pointer: str) -> "MapFault":
        """The fault of a collection that is itself a part of what was sent."""
        return replace(self, pointer=pointer + self.pointer)

    def dump(self) -> dict[str, Any]:
        """The fault as a refusal tells it."""
        told: dict[str, Any] = {"code": self.code, "pointer": self.pointer, "detail": self.code}
        if self.feature is not None:
            told["feature"] = self.feature
        return told | ({"details": dict(self.details)} if self.details else {})


@dataclass(frozen=True)
class Drawn:
    """One feature as far as it could be read: what is None was faulty or is missing."""

    index: int
    code: str | None = None
    name: str = ""
    community: str | None = None
    level: Level | None = None
    ring: Ring | None = None
    parent: str | None = None
    population: int = 0

    def fault(self, code: str, where: str = "", **details: Any) -> MapFault:
        """What is wrong with it at a place within the feature."""
        return MapFault(code, self.index, f"/features/{self.index}{where}", details or None)


def datum_of(collection: Mapping[str, Any]) -> Datum | None:
    """The datum of the coordinates, WGS84 where none is named; None for one that is not known."""
    crs = collection.get("crs", Datum.WGS84.value)
    if isinstance(crs, Mapping):  # as the version of GeoJSON before RFC 7946 had it
        crs = crs["properties"].get("name") if isinstance(crs.get("properties"), Mapping) else None
    return CRS.get(crs) if isinstance(crs, str) else None


def read(collection: Mapping[str, Any]) -> tuple[list[Drawn], list[MapFault]]:
    """Every feature as far as it could be read, with all that is wrong with each of them by itself."""
    features, datum = collection.get("features"), datum_of(collection)
    if not isinstance(features, Sequence) or isinstance(features, str) or not features:
        return [], [MapFault("map_without_features", None, "/features")]
    if len(features) > MOST_FEATURES:
        return [], [MapFault("too_many_features", None, "/features", {"most": MOST_FEATURES})]
    if sum(_vertices(each) for each in features) > MOST_VERTICES:
        return [], [MapFault("too_many_vertices", None, "/features", {"most": MOST_VERTICES})]
    faults = [] if datum else [MapFault("unknown_crs", None, "/crs", {"accepted": sorted(Datum)})]
    drawn = []
    for index, feature in enumerate(features):
        one, wrong = _read_one(index, feature, datum or Datum.WGS84)
        drawn.append(one)
        faults += wrong
    return drawn, faults + list(_doubles(drawn)) + list(_elsewhere(drawn)) + list(_too_wide(drawn))


def _read_one(index: int, feature: Any, datum: Datum) -> tuple[Drawn, list[MapFault]]:
    nothing = Drawn(index)
    if not isinstance(feature, Mapping):
        return nothing, [nothing.fault("not_a_feature")]
    said = feature.get("properties")
    facts, faults = _facts(nothing, said) if isinstance(said, Mapping) else ({}, [_missing(nothing)])
    drawn, wrong = _ring(nothing, feature.get("geometry"), datum)
    return Drawn(index, ring=drawn, **facts), [*faults, *wrong]


def _missing(drawn: Drawn) -> MapFault:
    return drawn.fault("properties_missing", "/properties")


def _facts(drawn: Drawn, said: Mapping[str, Any]) -> tuple[dict[str, Any], list[MapFault]]:
    """What the properties say, and what is wrong with them."""
    code, name, level, people = (said.get(each) for each in ("grid_code", "name", "level", "population"))
    community, parent = said.get("community"), said.get("parent")
    at = "/properties"
    facts: dict[str, Any] = {}
    faults: list[MapFault] = []

    def keep(field: str, value: Any, fault: MapFault, *, fine: bool) -> None:
        facts.update({field: value}) if fine else faults.append(fault)

    readable = isinstance(name, str) and 0 < len(name.strip()) <= NAME_LENGTH and name.isprintable()
    counted = type(people) is int and 0 <= people <= MOST_PEOPLE
    known = isinstance(level, str) and level in set(Level)
    keep("code", code, drawn.fault("grid_code_malformed", f"{at}/grid_code"), fine=_digits(code))
    keep("name", name, drawn.fault("name_missing", f"{at}/name"), fine=readable)
    keep("level", level and known and Level(level), drawn.fault("unknown_level", f"{at}/level"), fine=known)
    if people is not None:
        keep("population", people, drawn.fault("population_malformed", f"{at}/population"), fine=counted)
    if community is not None:
        told = isinstance(community, str)
        keep("community", community, drawn.fault("community_malformed", f"{at}/community"), fine=told)
    if parent is not None:
        keep("parent", parent, drawn.fault("parent_malformed", f"{at}/parent"), fine=_digits(parent))
    return facts, faults


def _digits(code: Any) -> bool:
    return isinstance(code, str) and len(code) == GRID_DIGITS and code.isascii() and code.isdigit()


def _ring(drawn: Drawn, geometry: Any, datum: Datum) -> tuple[Ring | None, list[MapFault]]:
    """The outer ring of the polygon in WGS84, if there is nothing wrong with it."""
    at = "/geometry"
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Polygon":
        return None, [drawn.fault("not_a_polygon", at)]
    made, faults = ring.read(geometry.get("coordinates"), f"{at}/coordinates", datum, drawn.fault)
    if made and any(max(abs(x - lon), abs(y - lat)) > MOST_EDGE_DEGREES for (lon, lat), (x, y) in pairwise(made)):
        return None, [*faults, drawn.fault("edge_too_long", f"{at}/coordinates/0", most_degrees=MOST_EDGE_DEGREES)]
    return made, faults


def _doubles(drawn: Sequence[Drawn]) -> Iterator[MapFault]:
    first: dict[str, int] = {}
    for each in drawn:
        if each.code and first.setdefault(each.code, each.index) != each.index:
            yield each.fault("grid_code_twice", "/properties/grid_code", first=first[each.code])


def _elsewhere(drawn: Sequence[Drawn]) -> Iterator[MapFault]:
    """One file draws the map of one district."""
    tenant = district_of(drawn)
    for each in drawn:
        if each.code and tenant_of(each.code) != tenant:
            yield each.fault("another_district", "/properties/grid_code", district=tenant)


def district_of(drawn: Sequence[Drawn]) -> str | None:
    """The district that the file draws: that of its first code."""
    return next((tenant_of(each.code) for each in drawn if each.code), None)


def _too_wide(drawn: Sequence[Drawn]) -> Iterator[MapFault]:
    points = [point for each in drawn if each.ring for point in each.ring]
    if not points:
        return
    lons, lats = zip(*points, strict=True)
    if max(max(lons) - min(lons), max(lats) - min(lats)) > MOST_DEGREES:
        yield MapFault("map_too_wide", None, "/features", {"most_degrees": MOST_DEGREES})


def _vertices(feature: Any) -> int:
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    rings = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not isinstance(rings, Sequence) or isinstance(rings, str):
        return 0
    return sum(len(ring) for ring in rings if isinstance(ring, Sequence))
