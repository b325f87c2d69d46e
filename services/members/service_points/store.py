"""The ledger of points in the database: rows are added, and none is ever changed or removed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.fault import Fault, listed
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records
from members.area import tenant_of
from members.service_points.entry import RECORDED, REVERSED, PointsEntry, Tally, counted_once, reversal, shown, turn_of

NEWEST = (("on", DESCENDING), ("_id", DESCENDING))
After = tuple[str, str]
TOLD = ("entry_id", "person_id", "community", "on", "kind", "points", "reverses")


class PointsStore:
    """Adds entries and reversals, once for each source, and sums them up; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "service_points": [
            COMMANDS,
            IndexModel([("person_id", ASCENDING), *NEWEST], name="person"),
            IndexModel(
                [("person_id", ASCENDING), ("source", ASCENDING), ("turn", ASCENDING), ("reverses", ASCENDING)],
                name="once",
                unique=True,
            ),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("service_points", subject="entry", published=())
        self.records = Records(outbox, _written, _read, lambda: Refusal("entry_not_found"))

    def of_source(self, person_ids: Collection[str], source: str) -> list[PointsEntry]:
        """The rows of a person, under whichever id, with that source, reversals included."""
        return [kept.item for kept in self.records.find({"person_id": {"$in": sorted(person_ids)}, "source": source})]

    def add(self, asked: Asked, entry: PointsEntry, role: str) -> Answer:
        """Add an entry; one source counts once for a person, and again only after it was taken back.

        Refuses `already_counted` and `command_id_reused`.
        """
        if answer := self.records.answered(asked):
            return answer
        turn = turn_of(self.of_source([entry.person_id], entry.source))
        if turn is None:
            raise listed(Fault("/source", "already_counted"))
        try:
            return self.records.open(asked, _outcome(replace(entry, turn=turn), RECORDED, role))
        except DuplicateKeyError:
            # Somebody was faster with the same source.
            raise listed(Fault("/source", "already_counted")) from None

    def reverse(self, asked: Asked, found: PointsEntry, id: str, role: str) -> Answer:
        """Add the row that takes `found` back; refuses `already_reversed` and `reversal_is_final`."""
        if answer := self.records.answered(asked):
            return answer
        row = reversal(found, id, asked.caller.id, asked.now)
        try:
            return self.records.open(asked, _outcome(row, REVERSED, role))
        except DuplicateKeyError:
            raise Refusal("already_reversed") from None

    def page(self, person_ids: Collection[str], after: After | None, limit: int) -> list[Kept[PointsEntry]]:
        """The first rows of a person after the position, the latest day first."""
        query: Document = {"person_id": {"$in": sorted(person_ids)}}
        if after is not None:
            day, id = after
            query |= {"on": {"$lte": day}, "$nor": [{"on": day, "_id": {"$gte": id}}]}
        return self.records.find(query, NEWEST, limit)

    def tallies(self, people: Mapping[str, Collection[str]], first: date, last: date) -> dict[str, Tally]:
        """What the rows of these people from the first to the last local day sum up to; who has none is left out.

        `people` names every id of each: of several entries one source counts once.
        """
        single = self._sums([id for id, ids in people.items() if len(ids) == 1], first, last)
        merged = {id: self._once(ids, first, last) for id, ids in people.items() if len(ids) > 1}
        return single | {id: sums for id, rows in merged.items() if (sums := counted_once(rows)) is not None}

    def last_day(self, person_ids: Collection[str], first: date, last: date) -> dict[str, date]:
        """The last of these days, both included, on which each of the ids has a service that was not taken back."""
        days = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        rows = self.records.outbox.collection.aggregate(
            [
                {"$match": {"person_id": {"$in": sorted(person_ids)}, "on": days}},
                {"$group": {"_id": {"id": "$person_id", "on": "$on"}, "services": {"$sum": "$services"}}},
                {"$match": {"services": {"$gt": 0}}},
                {"$group": {"_id": "$_id.id", "on": {"$max": "$_id.on"}}},
            ]
        )
        return {row["_id"]: date.fromisoformat(row["on"]) for row in rows}

    def _once(self, ids: Collection[str], first: date, last: date) -> list[PointsEntry]:
        days = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        return [kept.item for kept in self.records.find({"person_id": {"$in": sorted(ids)}, "on": days})]

    def _sums(self, person_ids: Iterable[str], first: date, last: date) -> dict[str, Tally]:
        rows = self.records.outbox.collection.aggregate(
            [
                {
                    "$match": {
                        "person_id": {"$in": sorted(person_ids)},
                        "on": {"$gte": first.isoformat(), "$lte": last.isoformat()},
                    }
                },
                {"$group": {"_id": "$person_id", "points": {"$sum": "$points"}, "services": {"$sum": "$services"}}},
            ]
        )
        return {row["_id"]: Tally(row["points"], row["services"]) for row in rows}


def _outcome(entry: PointsEntry, type: str, role: str) -> Outcome[PointsEntry]:
    said = shown(entry)
    told = {name: said[name] for name in TOLD}
    return Outcome(entry, type, told, role, answer={"points": entry.points, "reverses": entry.reverses})


def _written(entry: PointsEntry) -> Document:
    plain = {name: value for name, value in vars(entry).items() if name != "id"}
    return {
        "_id": entry.id,
        "tenant": tenant_of(entry.community),
        **plain,
        "on": entry.on.isoformat(),
        "policy": list(entry.policy) if entry.policy else None,
        "services": entry.services,
    }


def _read(found: Mapping[str, Any]) -> PointsEntry:
    plain = {name: found[name] for name in PointsEntry.__dataclass_fields__ if name != "id"}
    policy = (found["policy"][0], found["policy"][1]) if found["policy"] else None
    return PointsEntry(found["_id"], **{**plain, "on": date.fromisoformat(found["on"]), "policy": policy})
