"""Venues in the database: found by area and kind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records
from members.area import tenant_of
from members.posts.post import areas
from members.territory.compound import Point
from members.venues.venue import REGISTERED, Opening, Venue, shown

BY_GRID = (("grid_code", ASCENDING), ("_id", ASCENDING))

TOLD = ("name", "kind", "grid_code", "hours", "facilities", "capacity", "manager_unit_id", "since", "until")
"""What the history keeps of a venue with each change."""


class VenueStore:
    """Reads and writes venues; nobody else hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "venues": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_GRID], name="area"),
            IndexModel([("areas", ASCENDING), ("kind", ASCENDING), *BY_GRID], name="area_kind"),
            IndexModel([("at", GEOSPHERE), ("kind", ASCENDING)], name="place"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("venues", subject="venue", published=())
        self.records: Records[Venue] = Records(self._outbox, _written, _read, lambda: Refusal("venue_not_found"))

    def add(self, venues: Iterable[Venue], at: datetime) -> int:
        """Insert those whose id is new; how many there were."""
        documents = [_written(venue) for venue in venues]
        known = set(self._outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}}))
        fresh = [each for each in documents if each["_id"] not in known]
        sealed = [
            self._outbox.sealed(each, [Entry(new_id(), REGISTERED, at, {"kind": each["kind"]})]) for each in fresh
        ]
        if sealed:
            self._outbox.collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def open_on(self, area: str, kind: str, day: date) -> list[Venue]:
        """The venues of a kind that are there in an area on the day."""
        query = {"areas": area, "kind": kind, **_there(day)}
        return [kept.item for kept in self.records.find(query, BY_GRID)]

    def lasting(self, area: str, day: date) -> list[Kept[Venue]]:
        """The venues of an area that are there on the day or later."""
        return self.records.find({"areas": area, "until": {"$not": {"$lte": day.isoformat()}}}, BY_GRID)

    def page(
        self, areas_: Sequence[str], filters: Mapping[str, Any], day: date, after: After | None, limit: int
    ) -> list[Venue]:
        """The first venues of these areas that are there on the day and that the filters let through, by grid."""
        query: Document = {"areas": {"$in": list(areas_)}, **_there(day), **following("grid_code", ASCENDING, after)}
        if "kind" in filters:
            query["kind"] = filters["kind"]
        if "facility" in filters:
            query["facilities"] = filters["facility"]
        return [kept.item for kept in self.records.find(query, BY_GRID, limit)]

    def nearest(
        self, tenants: Iterable[str], query: Mapping[str, Any], day: date, at: Point, after: tuple[float, str] | None
    ) -> Iterator[tuple[Venue, float]]:
        """The venues of these districts that the query finds and that are there on the day, each with its metres from
        the point, the nearest first, after the position.
        """
        those = {"tenant": {"$in": sorted(tenants)}, **query, **_there(day)}
        near = {"type": "Point", "coordinates": list(at)}
        pipeline: list[Document] = [
            {"$geoNear": {"near": near, "key": "at", "distanceField": "metres", "query": those}},
            {"$match": following("metres", ASCENDING, after)},
            {"$sort": {"metres": ASCENDING, "_id": ASCENDING}},
            {"$unset": "history"},
        ]
        with self._outbox.collection.aggregate(pipeline) as found:
            yield from ((_read(each), each["metres"]) for each in found)

    def one(self, id: str, tenants: Iterable[str]) -> Kept[Venue]:
        """The venue, if it lies in one of the districts; refuses `venue_not_found`."""
        return self.records.load(id, tenants)


def told(venue: Venue, type: str, role: str) -> Outcome[Venue]:
    """What a command makes of a venue."""
    facts = shown(venue)
    return Outcome(venue, type, {name: facts[name] for name in TOLD}, role)


def _there(day: date) -> Document:
    return {"since": {"$lte": day.isoformat()}, "until": {"$not": {"$lte": day.isoformat()}}}


def _written(venue: Venue) -> Document:
    return {
        "_id": venue.id,
        "tenant": tenant_of(venue.grid_code),
        "areas": areas(venue.grid_code),
        "name": venue.name,
        "kind": venue.kind,
        "grid_code": venue.grid_code,
        "at": list(venue.at),
        "since": venue.since.isoformat(),
        "until": venue.until.isoformat() if venue.until else None,
        "hours": [[each.weekday, f"{each.start:%H:%M}", f"{each.end:%H:%M}"] for each in venue.hours],
        "facilities": sorted(venue.facilities),
        "capacity": venue.capacity,
        "manager_unit_id": venue.manager_unit_id,
        "code_edition": venue.code_edition,
    }


def _read(found: Mapping[str, Any]) -> Venue:
    return Venue(
        id=found["_id"],
        name=found["name"],
        kind=found["kind"],
        grid_code=found["grid_code"],
        at=(found["at"][0], found["at"][1]),
        since=date.fromisoformat(found["since"]),
        until=date.fromisoformat(found["until"]) if found["until"] else None,
        hours=tuple(
            Opening(day, time.fromisoformat(start), time.fromisoformat(end)) for day, start, end in found["hours"]
        ),
        facilities=frozenset(found["facilities"]),
        capacity=found["capacity"],
        manager_unit_id=found["manager_unit_id"],
        code_edition=found.get("code_edition", 0),
    )
