"""Grids and compounds in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.records import COMMANDS, Records
from members.area import tenant_of
from members.noun import Noun
from members.territory import compound as compounds
from members.territory import grid as grids
from members.territory.area import Area
from members.territory.compound import Compound
from members.territory.grid import EDGE_REACH, Grid, Level

SPAN = {"opened": True, "closed": True}


class TerritoryStore:
    """Reads and writes grids and compounds."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "grids": [IndexModel([("area", GEOSPHERE), ("level", ASCENDING)], name="area")],
        "compounds": [IndexModel([("tenant", ASCENDING), ("grid_code", ASCENDING)], name="grid")],
        "areas": [COMMANDS],
    }

    def __init__(self, home: Home) -> None:
        self.grids = Noun(
            home.outbox("grids", subject="grid", published=("grid.opened", "grid.changed")),
            "grid.opened",
            "grid.changed",
            _from_grid,
            _grid,
            grids.announcement,
        )
        self.compounds = Noun(
            home.outbox("compounds", subject="compound", published=("compound.registered", "compound.changed")),
            "compound.registered",
            "compound.changed",
            _from_compound,
            _compound,
            compounds.announcement,
        )
        self.areas: Records[Area] = Records(
            home.outbox("areas", subject="area", published=()), _from_area, _area, lambda: Refusal("area_not_found")
        )

    def add_areas(self, areas: Iterable[Area], at: datetime) -> int:
        """Insert those whose code is new; how many there were."""
        outbox = self.areas.outbox
        documents = [_from_area(area) for area in areas]
        known = set(outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}}))
        fresh = [each for each in documents if each["_id"] not in known]
        sealed = [outbox.sealed(each, [Entry(new_id(), "area.opened", at, {"name": each["name"]})]) for each in fresh]
        if sealed:
            outbox.collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def area(self, code: str) -> Area | None:
        """The district, agency or community of that code."""
        return next((kept.item for kept in self.areas.find({"_id": code, "tenant": tenant_of(code)})), None)

    def grids_around(self, lon: float, lat: float, level: Level, tenants: Iterable[str] | None) -> list[Grid]:
        """Candidates for the grid that holds the point, in the given districts (None: in all of them)."""
        query: Document = {"area": {"$geoIntersects": {"$geometry": _around(lon, lat)}}, "level": level.value}
        if tenants is not None:
            query["tenant"] = {"$in": sorted(tenants)}
        return self.grids.find(query)

    def grid(self, code: str) -> Grid | None:
        """The grid of that code."""
        return next(iter(self.grids.find({"_id": code, "tenant": tenant_of(code)})), None)

    def check_open(self, codes: Iterable[str], tenant: str, at: datetime) -> None:
        """Refuses `unknown_grid` for codes that no grid of the district has, else `grid_closed` for grids that are
        not in force at that moment; each with all of them in `grid_codes`.
        """
        wanted = sorted(set(codes))
        query = {"_id": {"$in": wanted}, "tenant": tenant}
        found = {each["_id"]: each for each in self.grids.outbox.collection.find(query, SPAN)}
        if missing := [code for code in wanted if code not in found]:
            raise Refusal("unknown_grid", grid_codes=missing)
        spans = {code: (each["opened"], each.get("closed")) for code, each in found.items()}
        shut = [code for code, (opened, closed) in spans.items() if not opened <= at or (closed and closed <= at)]
        if shut:
            raise Refusal("grid_closed", grid_codes=sorted(shut))


def _around(lon: float, lat: float) -> Document:
    """A small box around the point: the index sees edges as geodesics, the rule sees them straight."""
    lon = _clamped(lon, 180 - EDGE_REACH)
    lat = _clamped(lat, 90 - 2 * EDGE_REACH)  # a box that reaches a pole has one corner twice
    west, east, south, north = lon - EDGE_REACH, lon + EDGE_REACH, lat - EDGE_REACH, lat + EDGE_REACH
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _clamped(degrees: float, most: float) -> float:
    return max(-most, min(most, degrees))


def _from_grid(grid: Grid) -> Document:
    return {
        "_id": grid.code,
        "tenant": tenant_of(grid.code),
        "name": grid.name,
        "community": grid.community,
        "level": grid.level.value,
        "area": {"type": "Polygon", "coordinates": [[list(point) for point in grid.ring]]},
        "opened": grid.opened,
        "closed": grid.closed,
        "parent": grid.parent,
        "population": grid.population,
    }


def _grid(found: Mapping[str, Any]) -> Grid:
    return Grid(
        code=found["_id"],
        name=found["name"],
        community=found["community"],
        level=Level(found["level"]),
        ring=tuple((lon, lat) for lon, lat in found["area"]["coordinates"][0]),
        opened=found["opened"],
        closed=found.get("closed"),
        parent=found["parent"],
        population=found["population"],
    )


def _from_area(area: Area) -> Document:
    return {
        "_id": area.code,
        "tenant": tenant_of(area.code),
        "parent": area.parent,
        "name": area.name,
        "opened": area.opened,
        "closed": area.closed,
        "party_organisation": area.party_organisation,
        "union_body": area.union_body,
    }


def _area(found: Mapping[str, Any]) -> Area:
    return Area(
        code=found["_id"],
        name=found["name"],
        opened=found["opened"],
        closed=found["closed"],
        party_organisation=found["party_organisation"],
        union_body=found["union_body"],
    )


def _from_compound(compound: Compound) -> Document:
    return {
        "_id": compound.id,
        "tenant": tenant_of(compound.grid_code),
        "name": compound.name,
        "grid_code": compound.grid_code,
        "at": list(compound.at),
        "is_old": compound.is_old,
        "property_company_id": compound.property_company_id,
        "buildings": compound.buildings,
        "households": compound.households,
    }


def _compound(found: Mapping[str, Any]) -> Compound:
    return Compound(
        id=found["_id"],
        name=found["name"],
        grid_code=found["grid_code"],
        at=(found["at"][0], found["at"][1]),
        is_old=found["is_old"],
        property_company_id=found["property_company_id"],
        buildings=found["buildings"],
        households=found["households"],
    )
