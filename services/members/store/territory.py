"""Grids, compounds and units in the database, each with its history; what others need of them leaves as events."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry, Outbox
from members import compound as compounds
from members import grid as grids
from members import unit as units
from members.compound import Compound
from members.grid import EDGE_REACH, Grid, Level, tenant_of
from members.store.commands import answer_of
from members.unit import Unit

Item = TypeVar("Item")

WITHOUT_HISTORY = {"history": False}


@dataclass(frozen=True)
class Noun(Generic[Item]):
    """One kind of place or organisation: where it is kept, how it is written, and as what it is announced."""

    outbox: Outbox
    registered: str
    changed: str
    written: Callable[[Item], Document]
    read: Callable[[Mapping[str, Any]], Item]
    announcement: Callable[[Item], Mapping[str, Any]]

    def add(self, items: Iterable[Item], at: datetime) -> int:
        """Insert those whose id is new, each with the event that announces it; how many there were."""
        documents = [self._document(item, at) for item in items]
        known = self.outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}})
        fresh = [document for document in documents if document["_id"] not in set(known)]
        if fresh:
            self.outbox.collection.insert_many(fresh, ordered=False)
        return len(fresh)

    def find(self, query: Mapping[str, Any]) -> list[Item]:
        """Everything that the query finds, without histories."""
        return [self.read(found) for found in self.outbox.collection.find(query, WITHOUT_HISTORY)]

    def versioned(self, id: str, tenants: Iterable[str]) -> tuple[Item, int] | None:
        """The item with its version, for a change that expects it, if it belongs to one of the districts."""
        query = {"_id": id, "tenant": {"$in": sorted(tenants)}}
        found = self.outbox.collection.find_one(query, WITHOUT_HISTORY)
        return (self.read(found), int(found["version"])) if found else None

    def after(self, id: str, limit: int) -> list[Document]:
        """The next ones by id, each as the event that announces it: `{type, subject, sequence, data, cursor}`."""
        query = {"_id": {"$gt": id}}
        found = self.outbox.collection.find(query, WITHOUT_HISTORY).sort("_id", ASCENDING).limit(limit)
        return [self._announced(document) for document in found]

    def answer_of(self, id: str, command: str, digest: str) -> Mapping[str, Any] | None:
        """What the command answered the first time (see `answer_of`)."""
        return answer_of(self.outbox, id, command, digest)

    def change(self, item: Item, version: int, entry: Entry) -> None:
        """Write the item over its version `version`, with the entry; raises chassis' StaleVersion."""
        fields = self.written(item)
        self.outbox.append(fields.pop("_id"), version, [entry], {"$set": fields})

    def _document(self, item: Item, at: datetime) -> Document:
        announced = Entry(new_id(), self.registered, at, self.announcement(item))
        return self.outbox.sealed(self.written(item), [announced])

    def _announced(self, document: Document) -> Document:
        return {
            "type": self.registered,
            "subject": f"{self.outbox.subject}/{document['_id']}",
            "sequence": document["version"],
            "data": dict(self.announcement(self.read(document))),
            "cursor": f"{self.outbox.collection.name}/{document['_id']}",
        }


class TerritoryStore:
    """Reads and writes grids, compounds and units."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "grids": [IndexModel([("area", GEOSPHERE), ("level", ASCENDING)], name="area")],
        "compounds": [IndexModel([("tenant", ASCENDING), ("grid_code", ASCENDING)], name="grid")],
        "units": [IndexModel([("grid_codes", ASCENDING), ("unit_type", ASCENDING)], name="grid")],
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
        self.units = Noun(
            home.outbox("units", subject="unit", published=("unit.registered", "unit.changed")),
            "unit.registered",
            "unit.changed",
            _from_unit,
            _unit,
            units.announcement,
        )

    def places(self, after: str, limit: int) -> list[Document]:
        """The next ones after the item `<collection>/<id>` ("" for the first), grids before compounds before units."""
        begun, _, id = after.partition("/")
        nouns: dict[str, Noun[Any]] = {"grids": self.grids, "compounds": self.compounds, "units": self.units}
        left = list(nouns)[list(nouns).index(begun) if begun else 0 :]
        found: list[Document] = []
        for name in left:
            if len(found) < limit:
                found += nouns[name].after(id if name == begun else "", limit - len(found))
        return found

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

    def units_of(self, ids: Sequence[str], tenant: str | None = None) -> list[Unit]:
        """The units that exist among `ids`, within one district if it is named."""
        return self.units.find({"_id": {"$in": list(ids)}} | ({"tenant": tenant} if tenant else {}))


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


def _from_unit(unit: Unit) -> Document:
    return {
        "_id": unit.id,
        "tenant": unit.tenant,
        "name": unit.name,
        "unit_type": unit.unit_type,
        "grid_codes": list(unit.grid_codes),
        "active": unit.active,
    }


def _unit(found: Mapping[str, Any]) -> Unit:
    return Unit(
        id=found["_id"],
        tenant=found["tenant"],
        name=found["name"],
        unit_type=found["unit_type"],
        grid_codes=tuple(found["grid_codes"]),
        active=found["active"],
    )
