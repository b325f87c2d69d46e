"""Attendance in the database: one document for a person at an activity, so that a check-in is one write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records
from members.attendance.attendance import Attendance, Stint, attendance_id
from members.posts.post import local_day, midnight

ONE_DAY = timedelta(days=1)
LATEST = (("came", DESCENDING), ("_id", DESCENDING))


class AttendanceStore:
    """Reads and writes attendance; nobody outside hears of it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "attendance": [
            COMMANDS,
            IndexModel([("activity_id", ASCENDING), ("_id", ASCENDING)], name="activity"),
            IndexModel([("person_id", ASCENDING), *LATEST], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("attendance", subject="attendance", published=())
        self.records: Records[Attendance] = Records(outbox, _written, _read, lambda: Refusal("not_checked_in"))

    def begin(self, asked: Asked, first: Attendance, decide: Callable[[Attendance], Outcome[Attendance]]) -> Answer:
        """Keep what `decide` makes of somebody's first check-in or, if there was one before, of that: the receipt.

        The first is tried at once, without looking: at eight in the morning nearly all are. Refuses what `decide` does,
        `command_id_reused` and `busy_try_again`.
        """
        with suppress(DuplicateKeyError):
            return self.records.open(asked, decide(first))
        return self.records.change(asked, first.id, None, decide)

    def known_as(self, activity_id: str, person_ids: Sequence[str]) -> str:
        """Under which of a person's ids there is an attendance already; the first of them where there is none."""
        known = self.known(activity_id, person_ids) if len(person_ids) > 1 else None
        return known.person_id if known else person_ids[0]

    def known(self, activity_id: str, person_ids: Sequence[str]) -> Attendance | None:
        """The attendance of the person with these ids, if they came already."""
        ids = [attendance_id(activity_id, each) for each in person_ids]
        return next((kept.item for kept in self.records.find({"_id": {"$in": sorted(ids)}}, limit=1)), None)

    def of_activity(self, activity_id: str) -> list[Attendance]:
        """All who came to an activity."""
        return [kept.item for kept in self.records.find({"activity_id": activity_id}, [("_id", ASCENDING)])]

    def of_person(self, person_id: str, first: datetime, until: datetime) -> list[Attendance]:
        """Where somebody came for the first time from the one instant to the other, excluded, the latest first."""
        query = {"person_id": person_id, "came": {"$gte": first, "$lt": until}}
        return [kept.item for kept in self.records.find(query, LATEST)]

    def last_day(self, person_ids: Iterable[str], first: date, last: date) -> dict[str, date]:
        """The last of these local days, both included, on which each of the ids came to an activity."""
        came = {"$gte": midnight(first), "$lt": midnight(last + ONE_DAY)}
        stages: list[Document] = [
            {"$match": {"person_id": {"$in": sorted(person_ids)}, "came": came}},
            {"$group": {"_id": "$person_id", "came": {"$max": "$came"}}},
        ]
        found = self.records.outbox.collection.aggregate(stages)
        return {row["_id"]: local_day(row["came"]) for row in found}

    def page_of_activity(self, activity_id: str, after: str | None, limit: int) -> list[Attendance]:
        """The first who came to an activity, by id, after the attendance of that id."""
        query: Document = {"activity_id": activity_id, **({"_id": {"$gt": after}} if after else {})}
        return [kept.item for kept in self.records.find(query, [("_id", ASCENDING)], limit)]

    def page_of_person(self, person_ids: Iterable[str], after: After | None, limit: int) -> list[Kept[Attendance]]:
        """Where somebody came, the latest first, after that position."""
        query: Document = {"person_id": {"$in": sorted(person_ids)}, **following("came", DESCENDING, after)}
        return self.records.find(query, LATEST, limit)


def _written(attendance: Attendance) -> Document:
    return {
        "_id": attendance.id,
        "tenant": attendance.tenant,
        "activity_id": attendance.activity_id,
        "person_id": attendance.person_id,
        "walk_in": attendance.walk_in,
        "came": attendance.stints[0].came,
        "stints": [list(stint) for stint in attendance.stints],
    }


def _read(found: Mapping[str, Any]) -> Attendance:
    return Attendance(
        id=found["_id"],
        activity_id=found["activity_id"],
        person_id=found["person_id"],
        tenant=found["tenant"],
        walk_in=found["walk_in"],
        stints=tuple(Stint(*each) for each in found["stints"]),
    )
