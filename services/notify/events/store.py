"""The log of all case events, each at its position, with the bytes it came with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import BulkWriteError

from chassis.mongo import Home
from notify.duplicates import require_duplicates
from notify.events.logged_event import ENDS, LoggedEvent


class EventLog:
    """One document for each event; `_id` is its position, gap-free."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "event_log": [
            IndexModel([("id", ASCENDING)], name="event", unique=True),
            IndexModel([("stored_at", ASCENDING)], name="age"),
            IndexModel([("case_id", ASCENDING)], name="ends", partialFilterExpression={"ends": True}),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._log = home.collection("event_log")
        self._last: int | None = None

    def append(self, events: Sequence[LoggedEvent], now: datetime) -> list[int]:
        """The position of each event, which it has from now on or had before.

        A position is `last + 1` by unique insert: two writers cannot share or skip one, a duplicate uses none.
        `now` is real time.
        """
        known: dict[str, int] = {}
        while fresh := {event.id: event for event in events if event.id not in known}:
            first = self._next()
            try:
                self._log.insert_many([_document(n, event, now) for n, event in enumerate(fresh.values(), first)])
            except BulkWriteError as error:
                require_duplicates(error)
                self._last = None
                known |= self._known(fresh)  # also those of this lot that were in before the duplicate
            else:
                self._last = first + len(fresh) - 1
                known |= {id: n for n, id in enumerate(fresh, first)}
        return [known[event.id] for event in events]

    def _known(self, ids: Iterable[str]) -> dict[str, int]:
        return {each["id"]: each["_id"] for each in self._log.find({"id": {"$in": list(ids)}}, {"id": True})}

    def at(self, positions: Sequence[int]) -> dict[int, LoggedEvent]:
        """The events at these positions, as far as they are still kept."""
        found = self._log.find({"_id": {"$in": list(positions)}}, {"stored_at": False, "ends": False})
        return {each.pop("_id"): LoggedEvent(**each) for each in found}

    def ended(self, case_ids: Collection[str]) -> dict[str, datetime]:
        """When each of these cases last came to an end, of those that did."""
        if not case_ids:
            return {}
        found = self._log.find({"case_id": {"$in": sorted(case_ids)}, "ends": True}, {"case_id": True, "time": True})
        return {each["case_id"]: each["time"] for each in found.sort("_id")}

    def purge(self, before: datetime) -> int:
        """Remove events stored earlier than `before`, never the last one: positions go on from it."""
        last = self.last()
        return self._log.delete_many({"stored_at": {"$lt": before}, "_id": {"$lt": last}}).deleted_count

    def _next(self) -> int:
        if self._last is None:
            self._last = self.last()
        return self._last + 1

    def last(self) -> int:
        """The highest position so far, 0 when there is none."""
        last: dict[str, Any] | None = self._log.find_one({}, {"_id": True}, sort=[("_id", DESCENDING)])
        return int(last["_id"]) if last else 0


def _document(position: int, event: LoggedEvent, now: datetime) -> dict[str, Any]:
    return {"_id": position, **vars(event), "stored_at": now, **({"ends": True} if event.type in ENDS else {})}
