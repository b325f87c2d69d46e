"""Patrols in the database: one document each, their points apart, and what was found."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records
from members.patrols.finding import Finding, chain
from members.patrols.patrol import STOPPED, Ended, Patrol
from members.patrols.track import Cell, Point
from members.posts.post import areas, local_day, midnight

ONE_DAY = timedelta(days=1)
LATEST = (("started_at", DESCENDING), ("_id", DESCENDING))
LAST_FOUND = (("found_at", DESCENDING), ("_id", DESCENDING))
DUPLICATE_KEY = 11000


class PatrolStore:
    """Reads and writes patrols, tracks and findings; others hear when one has ended, and not where it went."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "patrols": [
            COMMANDS,
            IndexModel(
                [("person_id", ASCENDING)],
                name="one_at_a_time",
                unique=True,
                partialFilterExpression={"running": True},
            ),
            IndexModel([("person_id", ASCENDING), *LATEST], name="person"),
            IndexModel([("areas", ASCENDING), *LATEST], name="area"),
            IndexModel([("started_at", ASCENDING)], name="running", partialFilterExpression={"running": True}),
            IndexModel([("tracked", ASCENDING), ("started_at", ASCENDING)], name="tracked", sparse=True),
        ],
        "patrol_points": [IndexModel([("patrol_id", ASCENDING), ("at", ASCENDING)], name="patrol")],
        "patrol_findings": [IndexModel([("person_id", ASCENDING), *LAST_FOUND], name="person")],
        "track_reveals": [
            IndexModel([("person_id", ASCENDING), ("at", DESCENDING)], name="person"),
            IndexModel([("at", ASCENDING)], name="at"),
        ],
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("patrols", subject="patrol", published=(STOPPED,))
        self.records: Records[Patrol] = Records(outbox, _written, _read, lambda: Refusal("patrol_not_found"))
        self._patrols = outbox.collection
        self._points = home.collection("patrol_points")
        self._findings = home.collection("patrol_findings")
        self._merges = home.collection("case_merges")
        self._reveals = home.collection("track_reveals")

    def begin(self, asked: Asked, outcome: Outcome[Patrol]) -> Answer:
        """Keep a new patrol: the receipt; refuses `already_on_patrol` and `command_id_reused`."""
        try:
            return self.records.open(asked, outcome)
        except DuplicateKeyError:
            raise Refusal("already_on_patrol") from None

    def latest(self, person_ids: Iterable[str]) -> Kept[Patrol] | None:
        """The running patrol of somebody or, where there is none, the one that began last."""
        ids = {"person_id": {"$in": sorted(person_ids)}}
        running = self.records.find({**ids, "running": True}, limit=1)
        return next(iter(running or self.records.find(ids, LATEST, 1)), None)

    def running(self, person_ids: Iterable[str]) -> list[Kept[Patrol]]:
        """The patrols that somebody is on."""
        return self.records.find({"person_id": {"$in": sorted(person_ids)}, "running": True})

    def running_since(self, before: datetime, limit: int) -> list[Kept[Patrol]]:
        """So many patrols that began before the moment and go on, the oldest first."""
        query = {"running": True, "started_at": {"$lte": before}}
        return self.records.find(query, (("started_at", ASCENDING),), limit)

    def of_person(self, person_ids: Iterable[str], first: datetime, until: datetime) -> list[Patrol]:
        """The patrols of somebody that began from the one instant to the other, excluded: what they gave their time to.

        Each from `started_at` to `stopped_at`, None while it goes on.
        """
        query = {"person_id": {"$in": sorted(person_ids)}, "started_at": {"$gte": first, "$lt": until}}
        return [kept.item for kept in self.records.find(query, LATEST)]

    def last_day(self, person_ids: Iterable[str], first: date, last: date) -> dict[str, date]:
        """The last of these local days, both included, on which each of the ids began a patrol that has ended."""
        began = {"$gte": midnight(first), "$lt": midnight(last + ONE_DAY)}
        stages: list[Document] = [
            {"$match": {"person_id": {"$in": sorted(person_ids)}, "started_at": began, "running": False}},
            {"$group": {"_id": "$person_id", "began": {"$max": "$started_at"}}},
        ]
        return {row["_id"]: local_day(row["began"]) for row in self._patrols.aggregate(stages)}

    def all_of(self, person_ids: Iterable[str]) -> list[Patrol]:
        """Every patrol of somebody, the latest first."""
        return [kept.item for kept in self.records.find({"person_id": {"$in": sorted(person_ids)}}, LATEST)]

    def page(self, which: Mapping[str, Any], after: After | None, limit: int) -> list[Kept[Patrol]]:
        """The patrols that these fields have, the latest first, after that position."""
        return self.records.find({**which, **following("started_at", DESCENDING, after)}, LATEST, limit)

    def points(self, patrol_id: str) -> list[Point]:
        """The track of a patrol."""
        found = self._points.find({"patrol_id": patrol_id}).sort("at", ASCENDING)
        return [_point(each) for each in found]

    def around(self, patrol_id: str, told: Sequence[Point]) -> tuple[list[Point], int]:
        """What has to be known of a track to judge the points told, and how many points there are in all.

        Those of the same ids, those between the first and the last of them, and one before and one after.
        """
        mine: Document = {"patrol_id": patrol_id}
        number = self._points.count_documents(mine)
        if not told or not number:
            return [], number
        first, last = min(told).at, max(told).at
        same = self._points.find({"_id": {"$in": [f"{patrol_id}:{each.id}" for each in told]}})
        within = self._points.find({**mine, "at": {"$gte": first, "$lte": last}})
        before = self._points.find({**mine, "at": {"$lt": first}}).sort("at", DESCENDING).limit(1)
        after = self._points.find({**mine, "at": {"$gt": last}}).sort("at", ASCENDING).limit(1)
        found = {each["_id"]: _point(each) for some in (same, within, before, after) for each in some}
        return list(found.values()), number

    def add(self, patrol_id: str, points: Iterable[Point]) -> None:
        """Keep points; those that are kept already stay as they are."""
        documents = [
            {
                "_id": f"{patrol_id}:{each.id}",
                "patrol_id": patrol_id,
                "point_id": each.id,
                "at": each.at,
                "lon": each.lon,
                "lat": each.lat,
            }
            for each in points
        ]
        if not documents:
            return
        # Before the points: a track of which nobody knows would never be reduced.
        self._patrols.update_one({"_id": patrol_id}, {"$set": {"tracked": True}})
        try:
            self._points.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE_KEY for each in (error.details or {})["writeErrors"]):
                raise

    def cut(self, patrol_id: str) -> None:
        """Let go of the points after the end of a patrol, if it has ended."""
        found = self._patrols.find_one({"_id": patrol_id}, {"stopped_at": True})
        if found and found["stopped_at"]:
            self._points.delete_many({"patrol_id": patrol_id, "at": {"$gt": found["stopped_at"]}})

    def tracked_before(self, moment: datetime, limit: int) -> list[str]:
        """So many patrols that began before the moment and have a track, the oldest first."""
        query = {"tracked": True, "started_at": {"$lt": moment}}
        found = self._patrols.find(query, {"_id": True}).sort("started_at", ASCENDING).limit(limit)
        return [each["_id"] for each in found]

    def reduce(self, patrol_id: str, cells: Sequence[Cell]) -> bool:
        """Keep these cells in place of a track; whether it was there until now.

        What breaks off is done again from what is left, and several may do it at once: cells are only added, and
        before any point goes.
        """
        kept: Document = {"$addToSet": {"cells": {"$each": [list(cell) for cell in cells]}}}
        self._patrols.update_one({"_id": patrol_id}, kept)
        self._points.delete_many({"patrol_id": patrol_id})
        left = {"$set": {"reduced": True}, "$unset": {"tracked": ""}}
        return self._patrols.update_one({"_id": patrol_id, "tracked": True}, left).modified_count > 0

    def forget(self, person_ids: Iterable[str]) -> None:
        """Let go of where somebody went, of the cells too."""
        whose = {"person_id": {"$in": sorted(person_ids)}}
        for each in self._patrols.find(whose, {"_id": True}):
            self._points.delete_many({"patrol_id": each["_id"]})
            self._patrols.update_one({"_id": each["_id"]}, {"$set": {"reduced": True, "cells": []}})

    def note(self, finding: Finding) -> None:
        """Keep what was found, once."""
        fields = {"patrol_id": finding.patrol_id, "person_id": finding.person_id, "found_at": finding.found_at}
        self._enter(finding.case_id, {"$set": fields})

    def merged(self, case_id: str, into: str) -> None:
        """Note that a case was merged into another, which no case is twice.

        Of any case: what was found may have come to be one through cases that were no findings.
        """
        self._merges.update_one({"_id": case_id}, {"$set": {"into": into}}, upsert=True)

    def _followed(self, case_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """For each case that was merged the cases that it came to be, one after the other."""
        into: dict[str, str] = {}
        asked, known = set(case_ids), set[str]()
        wanted = asked
        while wanted := wanted - known:
            known |= wanted
            found = {each["_id"]: each["into"] for each in self._merges.find({"_id": {"$in": sorted(wanted)}})}
            into |= found
            wanted = set(found.values())
        return {id: frozenset(chain(into, id)) for id in asked}

    def void(self, case_id: str) -> None:
        """Note that the case of a finding was none."""
        self._enter(case_id, {"$set": {"void": True}})

    def findings(self, person_ids: Iterable[str], after: After | None = None, limit: int = 0) -> list[Finding]:
        """What somebody found, the latest first, after that position."""
        query = {"person_id": {"$in": sorted(person_ids)}, **following("found_at", DESCENDING, after)}
        found = list(self._findings.find(query).sort(list(LAST_FOUND)).limit(limit))
        followed = self._followed(each["_id"] for each in found)
        return [
            Finding(
                each["_id"],
                each["patrol_id"],
                each["person_id"],
                each["found_at"],
                followed[each["_id"]],
                each.get("void", False),
            )
            for each in found
        ]

    def reveal(self, key: str, digest: str, trace: Mapping[str, Any]) -> None:
        """Keep who was shown a track and why, once for the same command; refuses `command_id_reused`."""
        try:
            self._reveals.insert_one({"_id": key, "digest": digest, **trace})
        except DuplicateKeyError:
            if not self._reveals.find_one({"_id": key, "digest": digest}, {"_id": True}):
                raise Refusal("command_id_reused") from None

    def revealed(self, person_ids: Iterable[str]) -> list[Document]:
        """Who was shown a track of somebody, newest first."""
        return list(self._reveals.find({"person_id": {"$in": sorted(person_ids)}}).sort("at", DESCENDING))

    def forget_reveals(self, before: datetime) -> int:
        """Let go of who was shown a track before that moment; how many times that was."""
        return self._reveals.delete_many({"at": {"$lt": before}}).deleted_count

    def _enter(self, case_id: str, change: Document) -> None:
        with suppress(DuplicateKeyError):  # inserted by another at this very moment
            self._findings.update_one({"_id": case_id}, change, upsert=True)
            return
        self._findings.update_one({"_id": case_id}, change)


def _point(found: Mapping[str, Any]) -> Point:
    return Point(found["at"], found["point_id"], found["lon"], found["lat"])


def _written(patrol: Patrol) -> Document:
    """Without the cells, which are kept beside what commands change."""
    return {
        "_id": patrol.id,
        "tenant": patrol.tenant,
        "person_id": patrol.person_id,
        "grid_code": patrol.grid_code,
        "areas": areas(patrol.grid_code),
        "started_at": patrol.started_at,
        "text_version": patrol.text_version,
        "stopped_at": patrol.stopped_at,
        "running": patrol.running,
        "ended": patrol.ended.value if patrol.ended else None,
    }


def _read(found: Mapping[str, Any]) -> Patrol:
    return Patrol(
        id=found["_id"],
        person_id=found["person_id"],
        grid_code=found["grid_code"],
        tenant=found["tenant"],
        started_at=found["started_at"],
        text_version=found["text_version"],
        stopped_at=found["stopped_at"],
        ended=Ended(found["ended"]) if found["ended"] else None,
        cells=tuple((x, y) for x, y in found.get("cells", ())),
        reduced=found.get("reduced", False),
    )
