"""Service records and the ledger of minutes in the database; no row of the ledger ever changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records, Writing
from members.hours.credit import MOST_A_DAY
from members.hours.documents import record_read, record_written, row_read, row_written
from members.hours.ledger import CREDITED, REVERSED, Row, told
from members.hours.record import DECIDED, Kind, Record, State

NEWEST = (("day", DESCENDING), ("_id", DESCENDING))


class HoursStore:
    """Reads and writes what was served, and what it counts; people hear of what is decided about their records."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "service_records": [
            COMMANDS,
            IndexModel([("person_id", ASCENDING), ("days", ASCENDING)], name="days"),
            IndexModel([("person_id", ASCENDING), *NEWEST], name="person"),
            IndexModel([("source_id", ASCENDING), *NEWEST], name="source"),
            IndexModel([("areas", ASCENDING), *NEWEST], name="area"),
        ],
        "service_hours": [
            COMMANDS,
            IndexModel([("record_id", ASCENDING), ("day", ASCENDING), ("turn", ASCENDING)], name="once", unique=True),
            IndexModel([("person_id", ASCENDING), *NEWEST], name="person"),
            IndexModel([("grid_code", ASCENDING), ("day", ASCENDING)], name="grid"),
        ],
    }

    def __init__(self, home: Home) -> None:
        records = home.outbox("service_records", subject="record", published=DECIDED)
        rows = home.outbox("service_hours", subject="row", published=())
        self.records: Records[Record] = Records(
            records, record_written, record_read, lambda: Refusal("record_not_found")
        )
        self.rows: Records[Row] = Records(rows, row_written, row_read, lambda: Refusal("record_not_found"))

    def of_source(self, source_id: str, kind: Kind) -> list[Kept[Record]]:
        """Every record of an activity or a case."""
        return self.records.find({"source_id": source_id, "kind": kind.value}, NEWEST)

    def of_ids(self, ids: Collection[str]) -> list[Record]:
        """The records of these ids."""
        return [kept.item for kept in self.records.find({"_id": {"$in": sorted(ids)}})]

    def asked_by(self, person_ids: Collection[str]) -> list[Kept[Record]]:
        """The records that a person wants corrected, under whichever id."""
        return self.records.find({"person_id": {"$in": sorted(person_ids)}, "asked": {"$ne": None}})

    def on_days(self, person_ids: Iterable[str], days: Iterable[date]) -> list[Record]:
        """The records of a person, under whichever id, that touch one of these local days and count."""
        query = {
            "person_id": {"$in": sorted(person_ids)},
            "days": {"$in": sorted(each.isoformat() for each in days)},
            "state": {"$in": [State.APPROVED.value, State.REOPENED.value]},
        }
        return [kept.item for kept in self.records.find(query)]

    def rows_on(self, person_ids: Iterable[str], days: Iterable[date]) -> list[Row]:
        """The rows of a person on these local days, reversals included."""
        on = {"$in": sorted(each.isoformat() for each in days)}
        return [kept.item for kept in self.rows.find({"person_id": {"$in": sorted(person_ids)}, "day": on})]

    def entering(self, asked: Asked, rows: Iterable[Row], role: str) -> list[Writing]:
        """The writings of new rows, to be carried out along with what they are for."""
        return [
            self.rows.opening(
                asked, Outcome(each, REVERSED if each.reverses else CREDITED, told(each), role), along=True
            )
            for each in rows
        ]

    def days_of_both(self, some: Iterable[str], others: Iterable[str]) -> set[date]:
        """The local days of which there are rows under some ids and under others."""
        found = [
            set(self.rows.outbox.collection.distinct("day", {"person_id": {"$in": sorted(ids)}}))
            for ids in (some, others)
        ]
        return {date.fromisoformat(day) for day in found[0] & found[1]}

    def rows_between(self, person_ids: Iterable[str], first: date, last: date) -> list[Row]:
        """The rows of a person from the first to the last local day."""
        on = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        return [kept.item for kept in self.rows.find({"person_id": {"$in": sorted(person_ids)}, "day": on}, NEWEST)]

    def minutes_of(self, record_ids: Collection[str]) -> dict[str, int]:
        """What counts of each of these records now."""
        stages: list[Document] = [
            {"$match": {"record_id": {"$in": sorted(record_ids)}}},
            {"$group": {"_id": "$record_id", "minutes": {"$sum": "$minutes"}}},
        ]
        return {found["_id"]: found["minutes"] for found in self.rows.outbox.collection.aggregate(stages)}

    def sum_of(self, person_ids: Iterable[str]) -> int:
        """All minutes of a person, under whichever id."""
        stages: list[Document] = [
            {"$match": {"person_id": {"$in": sorted(person_ids)}}},
            {"$group": {"_id": None, "minutes": {"$sum": "$minutes"}}},
        ]
        return next((int(found["minutes"]) for found in self.rows.outbox.collection.aggregate(stages)), 0)

    def by_day(self, people: Mapping[str, Collection[str]], first: date, last: date) -> dict[str, dict[date, int]]:
        """The minutes of each of these people on each local day from the first to the last that has any.

        `people` names every id of each: what stands under several of them is no more than eight hours a day.
        """
        on = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        of = {id: person for person, ids in people.items() for id in ids}
        stages: list[Document] = [
            {"$match": {"person_id": {"$in": sorted(of)}, "day": on}},
            {"$group": {"_id": {"who": "$person_id", "day": "$day"}, "minutes": {"$sum": "$minutes"}}},
            {"$match": {"minutes": {"$gt": 0}}},
        ]
        found: dict[str, dict[date, int]] = {}
        for row in self.rows.outbox.collection.aggregate(stages):
            days = found.setdefault(of[row["_id"]["who"]], {})
            day = date.fromisoformat(row["_id"]["day"])
            days[day] = min(days.get(day, 0) + row["minutes"], MOST_A_DAY)
        return found

    def served(self, area: str, first: date, last: date) -> list[tuple[str, str, int]]:
        """Who served in the grids of an area from the first to the last local day: each id, grid and minutes there.

        What nobody has approved, or what was taken back, is in no row of the ledger, or summed up to nothing.
        """
        within: Document = {
            "grid_code": {"$gte": area, "$lte": f"{area}~"},
            "day": {"$gte": first.isoformat(), "$lte": last.isoformat()},
        }
        stages: list[Document] = [
            {"$match": within},
            {"$group": {"_id": {"id": "$person_id", "grid": "$grid_code"}, "minutes": {"$sum": "$minutes"}}},
            {"$match": {"minutes": {"$gt": 0}}},
        ]
        found = self.rows.outbox.collection.aggregate(stages)
        return [(row["_id"]["id"], row["_id"]["grid"], row["minutes"]) for row in found]

    def last_day(self, person_ids: Collection[str], first: date, last: date) -> dict[str, date]:
        """The last of these local days, both included, on which each of the ids has minutes that count."""
        stages: list[Document] = [
            {
                "$match": {
                    "person_id": {"$in": sorted(person_ids)},
                    "day": {"$gte": first.isoformat(), "$lte": last.isoformat()},
                }
            },
            {"$group": {"_id": {"id": "$person_id", "day": "$day"}, "minutes": {"$sum": "$minutes"}}},
            {"$match": {"minutes": {"$gt": 0}}},
            {"$group": {"_id": "$_id.id", "day": {"$max": "$_id.day"}}},
        ]
        found = self.rows.outbox.collection.aggregate(stages)
        return {row["_id"]: date.fromisoformat(row["day"]) for row in found}

    def page(self, query: Document, after: After | None, limit: int) -> list[Kept[Record]]:
        """The first records that the query finds, the latest day first."""
        return self.records.find(query | following("day", DESCENDING, after), NEWEST, limit)

    def ledger(self, person_ids: Iterable[str], after: After | None, limit: int) -> list[Kept[Row]]:
        """The first rows of a person, the latest day first."""
        query = {"person_id": {"$in": sorted(person_ids)}, **following("day", DESCENDING, after)}
        return self.rows.find(query, NEWEST, limit)
