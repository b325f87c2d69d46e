"""Uses of stations in the database: a use knows its station and day, and nobody; who agreed is kept apart from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from chassis.mongo import Home
from chassis.outbox import Document
from members.area import COMMUNITY_DIGITS, tenant_of
from members.posts.post import areas

BY_DAY = ("day", ASCENDING)


@dataclass(frozen=True)
class Use:
    """One use of a station on a local day, under an id that leads back to nobody."""

    id: str
    station_id: str
    grid_code: str
    day: date


@dataclass(frozen=True)
class Guest:
    """Who agreed to be counted: in which quarter and community, since which day, to which text and when.

    It does not say at which station, or how often.
    """

    person_id: str
    grid_code: str
    quarter: str
    day: date
    text_version: str
    consented_at: datetime


class StationUseStore:
    """Counts uses by station and day, and people who agreed to it by quarter and community."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "station_uses": [
            IndexModel([("station_id", ASCENDING), BY_DAY], name="station"),
            IndexModel([("areas", ASCENDING), BY_DAY], name="area"),
        ],
        "station_guests": [
            IndexModel([("tenant", ASCENDING), ("quarter", ASCENDING)], name="quarter"),
            IndexModel([("person_id", ASCENDING)], name="person"),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._uses, self._guests = home.collection("station_uses"), home.collection("station_guests")

    def count(self, id: str, station_id: str, grid_code: str, day: date) -> None:
        """Count a use once, however often it is told under this id; the day on which it was told first counts."""
        use = _use(Use(id, station_id, grid_code, day))
        self._uses.update_one({"_id": id}, {"$setOnInsert": use}, upsert=True)

    def welcome(self, guest: Guest) -> None:
        """Keep that somebody agreed to be counted; of one quarter and community, the first day and consent."""
        change: Document = {"$setOnInsert": _guest(guest), "$min": {"day": guest.day.isoformat()}}
        self._guests.update_one({"_id": _guest_id(guest)}, change, upsert=True)

    def add(self, uses: Iterable[Use], guests: Iterable[Guest]) -> int:
        """Insert the uses and guests whose id is new, for bulk loads; how many uses there were."""
        _insert(self._guests, {_guest_id(each): {**_guest(each), "day": each.day.isoformat()} for each in guests})
        return _insert(self._uses, {each.id: _use(each) for each in uses})

    def forget(self, person_ids: Iterable[str]) -> int:
        """Let go of who does not agree any more; of how many quarters and communities that was."""
        return self._guests.delete_many({"person_id": {"$in": sorted(person_ids)}}).deleted_count

    def of_person(self, person_ids: Iterable[str]) -> list[Document]:
        """What is kept of somebody, for their own copy."""
        shown = {"_id": False, "quarter": True, "community": True, "day": True, "text_version": True}
        return list(self._guests.find({"person_id": {"$in": sorted(person_ids)}}, shown).sort("day", ASCENDING))

    def by_day(self, station_id: str, since: date, until: date, after: str | None, limit: int) -> list[tuple[str, int]]:
        """The days of that time on which the station was used, and how often; after that day."""
        days: Document = {"$gte": since.isoformat(), "$lte": until.isoformat()}
        if after is not None:
            days["$gt"] = after
        counting: list[Document] = [
            {"$match": {"station_id": station_id, "day": days}},
            {"$group": {"_id": "$day", "uses": {"$sum": 1}}},
            {"$sort": {"_id": ASCENDING}},
            {"$limit": limit},
        ]
        return [(row["_id"], row["uses"]) for row in self._uses.aggregate(counting)]

    def uses(self, area: str, first: date, last: date) -> int:
        """How often the stations of an area were used from the one day to the other, both included."""
        days = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        return self._uses.count_documents({"areas": area, "day": days})

    def guests(self, tenant: str, quarter: str) -> list[tuple[str, str, date]]:
        """Who agreed to be counted in a district and quarter: id, community and the day of the first use there."""
        rows = self._guests.find({"tenant": tenant, "quarter": quarter})
        return [(row["person_id"], row["community"], date.fromisoformat(row["day"])) for row in rows]


def _use(use: Use) -> Document:
    return {"station_id": use.station_id, "day": use.day.isoformat(), "areas": areas(use.grid_code)}


def _guest_id(guest: Guest) -> str:
    return f"{guest.person_id}:{guest.quarter}:{guest.grid_code[:COMMUNITY_DIGITS]}"


def _guest(guest: Guest) -> Document:
    """Without the day, which is the first of several."""
    return {
        "person_id": guest.person_id,
        "tenant": tenant_of(guest.grid_code),
        "quarter": guest.quarter,
        "community": guest.grid_code[:COMMUNITY_DIGITS],
        "text_version": guest.text_version,
        "consented_at": guest.consented_at,
    }


def _insert(collection: Collection[Document], documents: Mapping[str, Document]) -> int:
    known = {found["_id"] for found in collection.find({"_id": {"$in": list(documents)}}, {})}
    fresh = [{"_id": id, **each} for id, each in documents.items() if id not in known]
    if fresh:
        collection.insert_many(fresh, ordered=False)
    return len(fresh)
