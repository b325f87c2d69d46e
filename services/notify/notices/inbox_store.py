"""In which order notices came into the inboxes, for whoever looks at one while they come; not what they say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.read_concern import ReadConcern

from chassis.mongo import Home
from notify.events.cursor import Cursor, mark, written
from notify.gapless import Gapless


@dataclass(frozen=True)
class InboxLine:
    """A notice where it stands, None where it was let go of; `cursor` is the place after it."""

    position: int
    cursor: str
    notice_id: str | None


class InboxLog:
    """One document for each notice; `_id` is its position, gap-free."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "inbox_log": [
            IndexModel([("notice", ASCENDING)], name="notice", unique=True, sparse=True),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._log = home.collection("inbox_log")
        self._settled = self._log.with_options(read_concern=ReadConcern("majority"))
        self._rows = Gapless(self._log, "notice")

    def append(self, notice_ids: Sequence[str], now: datetime) -> None:
        """Each at the next position, once; `now` is real time."""
        if notice_ids:
            self._rows.append([{"notice": id, "mark": mark(id, now), "stored_at": now} for id in notice_ids])

    def after(self, position: int, limit: int) -> list[InboxLine]:
        """At most `limit` lines that follow the position, the oldest first."""
        found = self._settled.find({"_id": {"$gt": position}}).sort("_id", ASCENDING).limit(limit)
        return [_line(each) for each in found]

    def at(self, position: int) -> InboxLine | None:
        """What stands there, while it is kept."""
        found = self._settled.find_one({"_id": position})
        return _line(found) if found else None

    def newest(self) -> InboxLine | None:
        """The last line."""
        found = self._settled.find_one({}, sort=[("_id", DESCENDING)])
        return _line(found) if found else None

    def blank(self, notice_ids: Collection[str]) -> None:
        """Nothing is said any more of these notices, whose ids name their recipients; their places stay."""
        self._log.update_many({"notice": {"$in": list(notice_ids)}}, {"$unset": {"notice": ""}})

    def purge(self, before: datetime) -> int:
        """Remove lines stored earlier than `before`, never the last one: positions go on from it."""
        return self._log.delete_many({"stored_at": {"$lt": before}, "_id": {"$lt": self._rows.last()}}).deleted_count


def _line(document: Mapping[str, Any]) -> InboxLine:
    cursor = written(Cursor(document["_id"], document["mark"]))
    return InboxLine(document["_id"], cursor, document.get("notice"))
