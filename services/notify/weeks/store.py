"""Weeks in hand: up to whom each has been told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel, ReturnDocument

from chassis.mongo import Home
from notify.weeks.week import Week

LEASE = timedelta(seconds=20)
"""For how long a page is one process's; what a crash leaves is taken up after it."""


class WeeksInHand:
    """One document for each week; `claim` and `held_until` (real time) say who is telling people of it."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "weeks": [
            IndexModel([("stored_at", ASCENDING)], name="open", partialFilterExpression={"open": True}),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._weeks = home.collection("weeks")

    def add(self, week: Week, now: datetime) -> None:
        """Take the week in hand, once, whoever else does; `now` is real time."""
        fresh = {name: value for name, value in vars(week).items() if name != "id"}
        fresh |= {"open": True, "held_until": now, "stored_at": now}
        self._weeks.update_one({"_id": week.id}, {"$setOnInsert": fresh}, upsert=True)

    def claim(self, token: str, now: datetime, until: datetime) -> Week | None:
        """A week of which there is somebody still to tell, nobody else's until `until`."""
        found = self._weeks.find_one_and_update(
            {"open": True, "held_until": {"$lte": now}},
            {"$set": {"claim": token, "held_until": until}},
            sort=[("stored_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return _week(found) if found else None

    def advance(self, id: str, token: str, after: str | None, now: datetime) -> None:
        """Everybody up to `after` has been told, or, None, everybody; the week is free unless `token` has lost it."""
        change: dict[str, Any] = {"open": False} if after is None else {"after": after}
        free = {"$set": change | {"held_until": now}, "$unset": {"claim": ""}}
        self._weeks.update_one({"_id": id, "claim": token}, free)

    def purge(self, before: datetime) -> int:
        """Remove what was taken in hand earlier than `before`; how many weeks that were."""
        return self._weeks.delete_many({"stored_at": {"$lt": before}}).deleted_count


def _week(found: Mapping[str, Any]) -> Week:
    return Week(found["_id"], **{name: found[name] for name in Week.__dataclass_fields__ if name != "id"})
