"""Who has which case in hand, and who was asked for it, as the cases' events tell it, in whatever order they come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, IndexModel, UpdateOne

from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.outbox import Document
from members.matching.engagement import Engagement
from members.matching.ranking import Helper
from members.people.person import Person

ASKED_KEPT = timedelta(days=400)
"""How long it is remembered who was asked for a case: longer than cases stay open."""

KEPT = timedelta(days=30)
"""How long an ended engagement is remembered: as long as an event may be parked and replayed."""


class EngagementStore:
    """Reads and writes engagements."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "engagements": [
            IndexModel([("people", ASCENDING)], name="people"),
            IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
        ],
        "asked": [
            IndexModel([("case_id", ASCENDING)], name="case"),
            IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._engagements = home.collection("engagements")
        self._asked = home.collection("asked")
        self._last_asked = home.collection("last_asked")

    def note(self, engagement: Engagement, now: datetime) -> None:
        """Remember the engagement, unless a later event of the same case has been noted; safe to repeat."""
        fields = {
            "people": list(engagement.people),
            "forget_at": None if engagement.people else now + KEPT,
        }
        keep_newest(self._engagements, engagement.case_id, engagement.sequence, fields)

    def note_asked(self, case_id: str, people: Iterable[str], at: datetime, now: datetime) -> None:
        """Remember that these people were asked to take the case at `at`; safe to repeat, in any order."""
        latest = {"$max": {"at": at}}
        each = {id: {"$set": {"case_id": case_id, "person_id": id, "forget_at": now + ASKED_KEPT}} for id in people}
        if each:
            self._asked.bulk_write(
                [UpdateOne({"_id": f"{case_id}:{id}"}, update, upsert=True) for id, update in each.items()]
            )
            self._last_asked.bulk_write([UpdateOne({"_id": id}, latest, upsert=True) for id in each])

    def asked_for(self, case_id: str) -> frozenset[str]:
        """Whoever was asked to take the case before, whatever came of it."""
        return frozenset(found["person_id"] for found in self._asked.find({"case_id": case_id}, {"person_id": True}))

    def helpers(self, people: Iterable[Person]) -> list[Helper]:
        """Each person with the number of cases in hand and when they were asked last."""
        pool = list(people)
        ids = sorted(frozenset[str]().union(*(person.ids for person in pool)))
        cases = self._cases(ids)
        last = {found["_id"]: found["at"] for found in self._last_asked.find({"_id": {"$in": ids}})}
        return [
            Helper(
                person,
                len(frozenset[str]().union(*(cases.get(id, ()) for id in person.ids))),
                max((last[id] for id in person.ids if id in last), default=None),
            )
            for person in pool
        ]

    def _cases(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """The cases that each has in hand."""
        mine = {"people": {"$in": list(ids)}}
        stages: list[Document] = [
            {"$match": mine},
            {"$unwind": "$people"},
            {"$match": mine},
            {"$group": {"_id": "$people", "cases": {"$push": "$_id"}}},
        ]
        return {found["_id"]: found["cases"] for found in self._engagements.aggregate(stages)}
