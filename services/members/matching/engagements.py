"""Who has which case in hand, as the cases' events tell it; old events never overwrite newer ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, IndexModel, UpdateOne

from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.outbox import Document
from members.matching.engagement import Engagement
from members.matching.ranking import Helper
from members.people.person import Person

KEPT = timedelta(days=30)
"""How long an ended engagement is remembered: as long as an event may be parked and replayed."""


class EngagementStore:
    """Reads and writes engagements."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "engagements": [
            IndexModel([("people", ASCENDING)], name="people"),
            IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._engagements = home.collection("engagements")
        self._last_engaged = home.collection("last_engaged")

    def note(self, engagement: Engagement, now: datetime) -> None:
        """Remember the engagement, unless a later event of the same case has been noted; safe to repeat."""
        fields = {
            "people": list(engagement.people),
            "forget_at": None if engagement.people else now + KEPT,
        }
        keep_newest(self._engagements, engagement.case_id, engagement.sequence, fields)
        latest = {"$max": {"at": engagement.at}}
        if engagement.people:
            self._last_engaged.bulk_write([UpdateOne({"_id": id}, latest, upsert=True) for id in engagement.people])

    def helpers(self, people: Iterable[Person]) -> list[Helper]:
        """Each person with the number of cases in hand and the time of the last one."""
        pool = list(people)
        ids = [person.id for person in pool]
        loads = self._loads(ids)
        last = {found["_id"]: found["at"] for found in self._last_engaged.find({"_id": {"$in": ids}})}
        return [Helper(person, loads.get(person.id, 0), last.get(person.id)) for person in pool]

    def _loads(self, ids: Sequence[str]) -> dict[str, int]:
        mine = {"people": {"$in": list(ids)}}
        stages: list[Document] = [
            {"$match": mine},
            {"$unwind": "$people"},
            {"$match": mine},
            {"$sortByCount": "$people"},
        ]
        return {found["_id"]: found["count"] for found in self._engagements.aggregate(stages)}
