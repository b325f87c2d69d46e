"""The copy of the territory as members tells of it, never older than what is kept; of areas it has the names."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from cases.place import AREA_DIGITS, SERVICE, Asset, Compound, Grid, Place, Point, tenant_of, tile, tiles
from cases.routing import Unit
from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.outbox import Document

COMMUNITY, GRID = AREA_DIGITS[2:]
"""Digits of a community's code, and of a grid's."""

COPY = {"tiles": False, "sequence": False}

REMEMBERED = ("grid", "grids_in_tile", "compound", "compounds_called", "compounds_in", "unit", "asset")
"""What is asked again for each of many reports that come together."""


class PlaceStore:
    """Reads and renews the copy."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "grids": [IndexModel([("tiles", ASCENDING), ("level", ASCENDING)], name="tile")],
        "compounds": [
            IndexModel([("name", ASCENDING), ("grid_code", ASCENDING)], name="name"),
            IndexModel([("grid_code", ASCENDING)], name="grid"),
        ],
        "units": [IndexModel([("grid_codes", ASCENDING), ("unit_type", ASCENDING)], name="grid")],
    }

    def __init__(self, home: Home) -> None:
        self._grids = home.collection("grids")
        self._compounds = home.collection("compounds")
        self._units = home.collection("units")
        self._areas = home.collection("areas")
        self._assets = home.collection("assets")

    def remembering(self) -> "PlaceStore":
        """The same for one command: what it has been told it does not ask the database again."""
        same = copy(self)
        for name in REMEMBERED:
            setattr(same, name, cache(getattr(self, name)))
        return same

    def put_grid(self, grid: Grid, sequence: int) -> None:
        """Keep the grid as of its `sequence`-th change, unless a later one is kept."""
        fields = {"name": grid.name, "community": grid.community, "level": grid.level, "ring": grid.ring}
        span = {"opened": grid.opened, "closed": grid.closed}
        keep_newest(self._grids, grid.code, sequence, {**fields, **span, "tiles": tiles(grid.ring)})

    def put_compound(self, compound: Compound, sequence: int) -> None:
        """Keep the compound as of its `sequence`-th change, unless a later one is kept."""
        fields = {
            "tenant": tenant_of(compound.grid_code),
            "name": compound.name,
            "grid_code": compound.grid_code,
            "lon": compound.point.lon,
            "lat": compound.point.lat,
            "is_old": compound.is_old,
            "has_property_mgmt": compound.has_property_mgmt,
            "property_company_id": compound.property_company_id,
        }
        keep_newest(self._compounds, compound.id, sequence, fields)

    def put_unit(self, unit: Unit, sequence: int) -> None:
        """Keep the unit as of its `sequence`-th change, unless a later one is kept."""
        fields = {"name": unit.name, "unit_type": unit.unit_type, "grid_codes": unit.grid_codes, "active": unit.active}
        keep_newest(self._units, unit.id, sequence, fields)

    def put_area(self, code: str, name: str, sequence: int) -> None:
        """Keep what the area is called as of its `sequence`-th change, unless a later one is kept."""
        keep_newest(self._areas, code, sequence, {"name": name})

    def grids_around(self, point: Point) -> list[Grid]:
        """Candidates for the service grid that holds the point, now or at another time."""
        return self.grids_in_tile(tile(point.lon, point.lat))

    def grids_in_tile(self, key: str) -> list[Grid]:
        """The service grids that lie in the square of this key, or meet it, now or at another time."""
        return [_grid(found) for found in self._grids.find({"tiles": key, "level": SERVICE}, COPY)]

    def grid(self, code: str) -> Grid | None:
        """The grid with that code."""
        found = self._grids.find_one({"_id": code}, COPY)
        return _grid(found) if found else None

    def knows(self, area: str) -> bool:
        """Whether there is or was such an area, also above a district: a grid or an area is it, or lies in it."""
        here = {"_id": {"$gte": area, "$lte": f"{area}~"}}
        return any(each.find_one(here, {"_id": True}) for each in (self._grids, self._areas))

    def in_force(self, area: str, at: datetime) -> bool:
        """Whether there is such an area: a service grid that is it, or lies in it, is in force at that moment."""
        here = {"_id": {"$gte": area, "$lte": f"{area}~"}, "level": SERVICE}
        return any(_grid(found).open_at(at) for found in self._grids.find(here, COPY))

    def codes(self, area: str, digits: int, begins: datetime, ends: datetime) -> list[str]:
        """The service grids of an area that hold at some time from `begins` on and before `ends`, or what they lie in.

        Each by the first `digits` of its code, once.
        """
        here = {"_id": {"$gte": area, "$lte": f"{area}~"}, "level": SERVICE}
        found = map(_grid, self._grids.find(here, COPY))
        return sorted({grid.code[:digits] for grid in found if grid.holds_between(begins, ends)})

    def compound(self, id: str) -> Compound | None:
        """The compound with that id."""
        found = self._compounds.find_one({"_id": id}, COPY)
        return _compound(found) if found else None

    def compounds(self, ids: Iterable[str]) -> dict[str, Compound]:
        """The compounds with these ids, by their ids."""
        found = self._compounds.find({"_id": {"$in": sorted(set(ids))}}, COPY)
        return {each["_id"]: _compound(each) for each in found}

    def compounds_called(self, name: str, area: str) -> list[Compound]:
        """The compounds of that name in an area."""
        here = {"name": name, "grid_code": {"$gte": area, "$lte": f"{area}~"}}
        return [_compound(found) for found in self._compounds.find(here, COPY)]

    def compounds_in(self, grid_code: str) -> list[Compound]:
        """The compounds of a grid."""
        return [_compound(found) for found in self._compounds.find({"grid_code": grid_code}, COPY)]

    def unit(self, id: str) -> Unit | None:
        """The unit with that id."""
        found = self._units.find_one({"_id": id}, COPY)
        return _unit(found) if found else None

    def names(self, areas: Iterable[str], compounds: Iterable[str], units: Iterable[str]) -> dict[str, str]:
        """What grids, the areas around them, compounds and units are called; what has no name here is left out."""
        codes = list(areas)
        grids = [code for code in codes if len(code) == GRID]
        above = _named(self._areas, (code for code in codes if len(code) < GRID))
        found = [above, _named(self._grids, grids), _named(self._compounds, compounds), _named(self._units, units)]
        return {code: name for each in (self._communities(codes), *found) for code, name in each.items()}

    def _communities(self, codes: Iterable[str]) -> dict[str, str]:
        """What grids say that their community is called, where no area of that code was told of."""
        within = [{"_id": {"$gte": code, "$lte": f"{code}~"}} for code in codes if len(code) == COMMUNITY]
        if not within:
            return {}
        grids = self._grids.find({"$or": within, "level": SERVICE}, {"community": True})
        return {grid["_id"][:COMMUNITY]: grid["community"] for grid in grids}

    def asset(self, id: str) -> Asset | None:
        """What a case has to know of the fixed asset with that id."""
        found = self._assets.find_one(
            {"_id": id}, {"grid_code": True, "point": True, "compound": True, "retired": True}
        )
        if found is None:
            return None
        point = Point(**found["point"]) if found["point"] else None
        return Asset(id, Place(found["grid_code"], point, found["compound"]), found["retired"])

    def units_serving(self, grid_code: str, unit_types: Iterable[str]) -> list[Unit]:
        """The units of these kinds that serve the grid, by id."""
        wanted = {"grid_codes": grid_code, "unit_type": {"$in": sorted(unit_types)}}
        return sorted((_unit(found) for found in self._units.find(wanted, COPY)), key=lambda unit: unit.id)


def _named(collection: Collection[Document], ids: Iterable[str]) -> dict[str, str]:
    wanted = list(ids)
    found = collection.find({"_id": {"$in": wanted}}, {"name": True}) if wanted else ()
    return {each["_id"]: each["name"] for each in found}


def _grid(found: Mapping[str, Any]) -> Grid:
    ring = tuple((lon, lat) for lon, lat in found["ring"])
    # What was copied before there were dates says nothing of them.
    span = (found.get("opened"), found.get("closed"))
    return Grid(found["_id"], found["name"], found["community"], found["level"], ring, *span)


def _compound(found: Mapping[str, Any]) -> Compound:
    return Compound(
        id=found["_id"],
        name=found["name"],
        grid_code=found["grid_code"],
        point=Point(found["lon"], found["lat"]),
        is_old=found["is_old"],
        has_property_mgmt=found["has_property_mgmt"],
        property_company_id=found["property_company_id"],
    )


def _unit(found: Mapping[str, Any]) -> Unit:
    return Unit(found["_id"], found["name"], found["unit_type"], tuple(found["grid_codes"]), found.get("active", True))
