"""On which days a notice reached whom: one event for a person and a day, however many notices there were."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import BulkWriteError

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry
from notify.duplicates import require_duplicates

DELIVERED = "notice.delivered"


class ReachedStore:
    """One document for each person and local day, whose creation is the event that others hear."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "reached": [IndexModel([("written_at", ASCENDING)], name="age", partialFilterExpression={"unrelayed": False})]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("reached", subject="reached", published={DELIVERED})

    def note(self, people: Iterable[str], day: date, at: datetime) -> None:
        """A notice has reached these people on that day; whoever was noted for it already stays so."""
        ids = {f"{id}-{day}": id for id in people}
        if not ids:
            return
        collection = self._outbox.collection
        known = set(collection.distinct("_id", {"_id": {"$in": list(ids)}}))
        told = {
            id: Entry(new_id(), DELIVERED, at, {"person_id": person_id, "day": day.isoformat()})
            for id, person_id in ids.items()
            if id not in known
        }
        if not told:
            return
        try:
            collection.insert_many(
                [self._outbox.sealed({"_id": id}, [each]) for id, each in told.items()], ordered=False
            )
        except BulkWriteError as error:
            require_duplicates(error)
        for id, each in told.items():
            self._outbox.tell(id, [each])

    def purge(self, before: datetime) -> int:
        """Remove what was written earlier than `before` and has been heard; how much that was."""
        return self._outbox.collection.delete_many({"written_at": {"$lt": before}, "unrelayed": False}).deleted_count
