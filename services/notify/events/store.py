"""The log of all case events, each at its position, with the bytes it came with."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.read_concern import ReadConcern

from chassis.mongo import Home
from notify.events.line import Line
from notify.events.logged_event import ENDS, LoggedEvent, parties
from notify.gapless import Gapless

AT_ONCE = 200
"""Lines that a reader gets in one answer of the database."""

_LINE = {"ends": False}
_AS_IT_CAME = {"stored_at": False, "ends": False}


class EventLog:
    """One document for each event; `_id` is its position, gap-free."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "event_log": [
            IndexModel([("id", ASCENDING)], name="event", unique=True),
            IndexModel([("stored_at", ASCENDING), ("_id", ASCENDING)], name="age"),
            IndexModel([("case_id", ASCENDING)], name="ends", partialFilterExpression={"ends": True}),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._log = home.collection("event_log")
        # What could still be rolled back must not leave: its position would be another event's.
        self._settled = self._log.with_options(read_concern=ReadConcern("majority"))
        self._rows = Gapless(self._log, "id")

    def append(self, events: Sequence[LoggedEvent], now: datetime) -> list[int]:
        """The position of each event, which it has from now on or had before; `now` is real time."""
        return self._rows.append([_document(event, now) for event in events])

    def positions(self, ids: Collection[str]) -> dict[str, int]:
        """Where these events stand, by id, as far as they are still kept."""
        return self._rows.positions(ids)

    def at(self, positions: Sequence[int]) -> dict[int, LoggedEvent]:
        """The events at these positions, as far as they are still kept."""
        found = self._log.find({"_id": {"$in": list(positions)}}, _AS_IT_CAME)
        return {each["_id"]: _event(each) for each in found}

    def after(self, position: int, limit: int) -> Iterator[Line]:
        """At most `limit` lines that follow `position`, the oldest first; who has enough reads no further."""
        found = self._settled.find({"_id": {"$gt": position}}, _LINE, batch_size=AT_ONCE).sort("_id", ASCENDING)
        return map(_line, found.limit(limit))

    def line(self, position: int) -> Line | None:
        """What stands at this position, while it is kept."""
        found = self._settled.find_one({"_id": position}, _LINE)
        return _line(found) if found else None

    def newest(self) -> Line | None:
        """The last line."""
        found = self._settled.find_one({}, _LINE, sort=[("_id", DESCENDING)])
        return _line(found) if found else None

    def oldest(self, since: datetime | None = None) -> Line | None:
        """The first line that is kept or, of those stored at `since` or later, the first."""
        if since is None:
            found = self._settled.find_one({}, _LINE, sort=[("_id", ASCENDING)])
        else:
            order = [("stored_at", ASCENDING), ("_id", ASCENDING)]
            found = self._settled.find_one({"stored_at": {"$gte": since}}, _LINE, sort=order)
        return _line(found) if found else None

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

    def last(self) -> int:
        """The highest position so far, 0 when there is none."""
        return self._rows.last()


def _line(document: Mapping[str, Any]) -> Line:
    return Line(document["_id"], document["stored_at"], _event(document))


def _event(document: Mapping[str, Any]) -> LoggedEvent:
    known = {name: value for name, value in document.items() if name not in {"_id", "stored_at", "ends"}}
    if "parties" not in known:  # logged before partners could filter by them
        data = json.loads(known["body"])
        known |= {"category": data.get("category"), "parties": parties(data)}
    return LoggedEvent(**{**known, "parties": tuple(known["parties"])})


def _document(event: LoggedEvent, now: datetime) -> dict[str, Any]:
    return {**vars(event), "stored_at": now, **({"ends": True} if event.type in ENDS else {})}
