"""Areas, grids and compounds in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, GEOSPHERE, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.records import COMMANDS, Outcome, Records
from members.area import tenant_of
from members.noun import Noun, told_again
from members.territory import compound as compounds
from members.territory import documents
from members.territory import grid as grids
from members.territory.area import AREA_CHANGED, AREA_OPENED, Area, AreaKind, announcement, service_area
from members.territory.compound import Compound
from members.territory.grid import EDGE_REACH, Grid, Level, Ring

SPAN = {"opened": True, "closed": True}
BY_CODE = [("_id", ASCENDING)]
OUTLINES = ("drawings",)
"""What of areas is large, and read only by whom it is for."""

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


class TerritoryStore:
    """Reads and writes areas, grids and compounds."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "grids": [
            IndexModel([("area", GEOSPHERE), ("level", ASCENDING)], name="area"),
            IndexModel([("tenant", ASCENDING), ("level", ASCENDING), ("_id", ASCENDING)], name="code"),
            IndexModel([("parent", ASCENDING)], name="parent", partialFilterExpression={"parent": {"$gt": ""}}),
        ],
        "compounds": [
            IndexModel([("tenant", ASCENDING), ("grid_code", ASCENDING)], name="grid"),
            IndexModel([("tenant", ASCENDING), ("_id", ASCENDING)], name="id"),
            IndexModel([("tenant", ASCENDING), ("property_company_id", ASCENDING)], name="company"),
        ],
        "areas": [COMMANDS, IndexModel([("tenant", ASCENDING), ("_id", ASCENDING)], name="code")],
    }

    def __init__(self, home: Home) -> None:
        self.grids = Noun(
            home.outbox("grids", subject="grid", published=("grid.opened", "grid.changed", "grid.closed")),
            "grid.opened",
            "grid.changed",
            documents.from_grid,
            documents.grid,
            grids.announcement,
        )
        self.compounds = Noun(
            home.outbox("compounds", subject="compound", published=("compound.registered", "compound.changed")),
            "compound.registered",
            "compound.changed",
            documents.from_compound,
            documents.compound,
            compounds.announcement,
        )
        self.areas: Records[Area] = Records(
            home.outbox("areas", subject="area", published=(AREA_OPENED, AREA_CHANGED)),
            documents.from_area,
            documents.area,
            lambda: Refusal("area_not_found"),
        )

    def add_areas(self, areas: Iterable[Area], at: datetime) -> int:
        """Insert those whose code is new; how many there were."""
        outbox = self.areas.outbox
        written = [documents.from_area(area) for area in areas]
        known = set(outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in written]}}))
        fresh = [each for each in written if each["_id"] not in known]
        told = (Entry(new_id(), AREA_OPENED, at, announcement(documents.area(each))) for each in fresh)
        sealed = [outbox.sealed(each, [entry]) for each, entry in zip(fresh, told, strict=True)]
        if sealed:
            outbox.collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def open_area(self, asked: Asked, outcome: Outcome[Area]) -> dict[str, Any]:
        """Keep a new area: the receipt, and for a repetition the same; refuses `area_code_taken`."""
        try:
            return self.areas.open(asked, outcome)
        except DuplicateKeyError:
            raise Refusal("area_code_taken", area=outcome.item.code) from None

    def area(self, code: str) -> Area | None:
        """The district, agency or community of that code, without its outlines."""
        return next(iter(self.areas_of([code])), None)

    def knows(self, code: str) -> bool:
        """Whether there is or was such an area: an area or a grid is it, or lies in it."""
        here = {"_id": {"$gte": code, "$lte": f"{code}~"}}
        return any(each.outbox.collection.find_one(here, {"_id": True}) for each in (self.areas, self.grids))

    def areas_of(self, codes: Iterable[str]) -> list[Area]:
        """Those of the areas that there are, by code, without their outlines."""
        found = self.areas.find({"_id": {"$in": sorted(set(codes))}}, BY_CODE, without=OUTLINES)
        return [kept.item for kept in found]

    def announced(self, code: str, limit: int) -> list[Document]:
        """The next areas by code, each as the event that announces it (see `Noun.after`)."""
        collection = self.areas.outbox.collection
        hidden = {"history": False, **dict.fromkeys(OUTLINES, False)}
        found = collection.find({"_id": {"$gt": code}}, hidden).sort("_id", ASCENDING).limit(limit)
        return [told_again(self.areas.outbox, AREA_OPENED, each, announcement(documents.area(each))) for each in found]

    def areas_within(
        self,
        tenants: Iterable[str],
        prefix: str,
        at: datetime,
        after: str = "",
        limit: int = 0,
        kinds: Iterable[AreaKind] = AreaKind,
    ) -> list[Area]:
        """The areas of these kinds at that moment whose code begins with the prefix, by code, after a code.

        Without their outlines.
        """
        query = {**_coded(tenants, prefix, after), "kind": {"$in": sorted(kinds)}, **_in_force(at)}
        return [kept.item for kept in self.areas.find(query, BY_CODE, limit, OUTLINES)]

    def service_area(self, code: str, at: datetime) -> tuple[Ring, ...] | None:
        """The outline of an area as of that moment, as `area.service_area` has it."""
        found = self.areas.find({**_coded([tenant_of(code)], code, ""), **_in_force(at)})
        return service_area(code, [kept.item for kept in found], at)

    def grids_around(
        self, lon: float, lat: float, level: Level, tenants: Iterable[str] | None, at: datetime
    ) -> list[Grid]:
        """Candidates for the grid that holds the point at that moment, in the given districts (None: in all)."""
        here = {"$geoIntersects": {"$geometry": _around(lon, lat)}}
        query: Document = {"area": here, "level": level.value, **_in_force(at)}
        if tenants is not None:
            query["tenant"] = {"$in": sorted(tenants)}
        return self.grids.find(query)

    def grids_meeting(self, box: Box, levels: Iterable[Level], since: datetime, limit: int) -> list[Grid]:
        """The grids of these levels that reach into a box, at some time from then on; in no order."""
        query: Document = {
            "area": {"$geoIntersects": {"$geometry": _box(box)}},
            "level": {"$in": sorted(levels)},
            **_not_over(since),
        }
        return self.grids.find(query, limit=limit)

    def grids_within(
        self,
        tenants: Iterable[str],
        prefix: str,
        levels: Iterable[Level],
        at: datetime,
        after: str = "",
        limit: int = 0,
    ) -> list[Grid]:
        """The grids of these levels at that moment whose code begins with the prefix, by code, after a code."""
        query = {**_coded(tenants, prefix, after), "level": {"$in": sorted(levels)}, **_in_force(at)}
        return self.grids.find(query, BY_CODE, limit)

    def grid(self, code: str) -> Grid | None:
        """The grid of that code."""
        return next(iter(self.grids.find({"_id": code, "tenant": tenant_of(code)})), None)

    def grids_of(self, codes: Iterable[str], tenant: str) -> list[tuple[Grid, int]]:
        """Those of the grids that the district has, each with its version, by code."""
        return self.grids.versions({"_id": {"$in": sorted(set(codes))}, "tenant": tenant})

    def grids_below(self, parents: Iterable[str], at: datetime) -> list[tuple[Grid, int]]:
        """The grids at that moment that have one of these as their parent, each with its version, by code."""
        wanted = {"$and": [{"parent": {"$in": sorted(parents)}}, {"parent": {"$gt": ""}}]}
        return self.grids.versions({**wanted, **_in_force(at)})

    def taken(self, codes: Iterable[str]) -> set[str]:
        """Those of the codes that a grid has or had."""
        return set(self.grids.outbox.collection.distinct("_id", {"_id": {"$in": sorted(set(codes))}}))

    def managed_by(self, companies: Iterable[str], tenant: str) -> list[Compound]:
        """The compounds of the district that one of these property companies manages."""
        return self.compounds.find({"tenant": tenant, "property_company_id": {"$in": sorted(companies)}})

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

    def in_force(self, codes: Iterable[str], tenant: str, at: datetime) -> set[str]:
        """Those of the codes that a grid of the district has which is in force at that moment."""
        query = {"_id": {"$in": sorted(set(codes))}, "tenant": tenant, **_in_force(at)}
        return set(self.grids.outbox.collection.distinct("_id", query))

    def compounds_in(self, grid_codes: Iterable[str], tenant: str) -> list[tuple[Compound, int]]:
        """The compounds that lie in these grids now, each with its version, by id."""
        return self.compounds.versions({"tenant": tenant, "grid_code": {"$in": sorted(grid_codes)}})

    def compound(self, id: str, tenants: Iterable[str]) -> tuple[Compound, int] | None:
        """The compound of that id in one of the districts, with its version."""
        return self.compounds.versioned(id, tenants)

    def compounds_within(self, tenants: Iterable[str], prefix: str, after: str, limit: int) -> list[Compound]:
        """The compounds in the grids whose codes begin with the prefix, by id, after an id."""
        query: Document = {"tenant": {"$in": sorted(tenants)}, "_id": {"$gt": after}}
        if prefix:
            query["grid_code"] = {"$gte": prefix, "$lte": f"{prefix}~"}
        return self.compounds.find(query, BY_CODE, limit)


def _coded(tenants: Iterable[str], prefix: str, after: str) -> Document:
    return {"tenant": {"$in": sorted(tenants)}, "_id": {"$gte": prefix, "$gt": after, "$lte": f"{prefix}~"}}


def _in_force(at: datetime) -> Document:
    return {"opened": {"$lte": at}, **_not_over(at)}


def _not_over(at: datetime) -> Document:
    return {"$nor": [{"closed": {"$lte": at}}]}


def _around(lon: float, lat: float) -> Document:
    """A small box around the point: the index sees edges as geodesics, the rule sees them straight."""
    lon = _clamped(lon, 180 - EDGE_REACH)
    lat = _clamped(lat, 90 - 2 * EDGE_REACH)  # a box that reaches a pole has one corner twice
    return _box((lon - EDGE_REACH, lat - EDGE_REACH, lon + EDGE_REACH, lat + EDGE_REACH))


def _box(box: Box) -> Document:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _clamped(degrees: float, most: float) -> float:
    return max(-most, min(most, degrees))
