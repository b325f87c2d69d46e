"""Grids and compounds in the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.mongo import Home
from chassis.outbox import Document
from members.area import tenant_of
from members.noun import Noun
from members.territory import compound as compounds
from members.territory import grid as grids
from members.territory.compound import Compound
from members.territory.grid import EDGE_REACH, Grid, Level


class TerritoryStore:
    """Reads and writes grids and compounds."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "grids": [IndexModel([("area", GEOSPHERE), ("level", ASCENDING)], name="area")],
        "compounds": [IndexModel([("tenant", ASCENDING), ("grid_code", ASCENDING)], name="grid")],
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

    def grids_around(self, lon: float, lat: float, level: Level, tenants: Iterable[str] | None) -> list[Grid]:
        """Candidates for the grid that holds the point, in the given districts (None: in all of them)."""
        query: Document = {"area": {"$geoIntersects": {"$geometry": _around(lon, lat)}}, "level": level.value}
        if tenants is not None:
            query["tenant"] = {"$in": sorted(tenants)}
        return self.grids.find(query)

    def grid(self, code: str) -> Grid | None:
        """The grid of that code."""
        return next(iter(self.grids.find({"_id": code, "tenant": tenant_of(code)})), None)

    def unknown(self, codes: Iterable[str], tenant: str) -> list[str]:
        """Those of the codes that no grid of the district has."""
        wanted = sorted(set(codes))
        known = self.grids.outbox.collection.distinct("_id", {"_id": {"$in": wanted}, "tenant": tenant})
        return [code for code in wanted if code not in set(known)]


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
        parent=found["parent"],
        population=found["population"],
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
