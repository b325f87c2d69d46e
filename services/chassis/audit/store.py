"""Where the trail is kept: rows are added, one after the other however many processes do so, and never changed."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from time import sleep
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.audit.row import BEGINNING, Act, Place, following
from chassis.crash import crash_point
from chassis.errors import Busy
from chassis.mongo import Home
from chassis.outbox import Document

COLLECTION = "audit"
ANCHORS = "audit_anchors"
ANCHOR = "anchor"

TRIES = 40
"""How often a row is put after a newer last one because another process was faster."""

PAUSE_SECONDS = 0.02

NEWEST_FIRST = [("day", DESCENDING), ("seq", DESCENDING)]
ORDER = [("seq", ASCENDING)]
LAST_ENTERED = [("seq", DESCENDING)]
IN_ORDER = "order"

PLACE = {"day": True, "seq": True, "hash": True}

NUMBERED: Mapping[str, Any] = {"seq": {"$gt": 0}}
"""What a service enters has a number; a row that has another thing there is no part of the trail, and is not shown."""


def _by(field: str, name: str) -> IndexModel:
    return IndexModel([(field, ASCENDING), *NEWEST_FIRST], name=name)


class AuditStore:
    """The rows of one service, and the anchor that is left of those whose term is over."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            # Of two that follow the same row one is refused.
            IndexModel(ORDER, name=IN_ORDER, unique=True),
            IndexModel(NEWEST_FIRST, name="day"),
            _by("within", "within"),
            _by("who", "who"),
            _by("what.id", "what"),
        ],
        ANCHORS: [],
    }

    def __init__(self, home: Home) -> None:
        self._rows, self._anchors = home.collection(COLLECTION), home.collection(ANCHORS)
        self._turn = Lock()

    def append(self, act: Act) -> bool:
        """Keep the row of an act once, journaled by a majority, whoever else appends; whether it was new.

        Refuses `busy_try_again` when others were faster again and again: then there is no row.
        """
        with self._turn:  # one after the other in a process: only processes meet
            for tries in range(TRIES):
                row = following(self.last(), act)
                crash_point("before-audit")
                try:
                    self._rows.insert_one(row)
                except DuplicateKeyError:
                    if self._rows.find_one({"_id": act.key}, {"_id": True}):
                        return False
                    sleep(random.uniform(0, PAUSE_SECONDS * min(tries, 10)))  # noqa: S311 - spreads the tries, nothing else
                    continue
                crash_point("after-audit")
                return True
        raise Busy

    def last(self) -> Place:
        """The row that was entered last, or the anchor where there is none."""
        found = self._rows.find_one(NUMBERED, PLACE, sort=LAST_ENTERED)
        return Place.of(found) if found else self.anchor()

    def anchor(self) -> Place:
        """What the oldest row follows: the last that was dropped, or the beginning."""
        found = self._anchors.find_one({"_id": ANCHOR})
        return Place.of(found) if found else BEGINNING

    def ends(self, since: int) -> list[Place]:
        """The last row of each day of which some were entered after that number, in the order of entering."""
        days = self._rows.distinct("day", {"seq": {"$gt": since}})
        found = (self._rows.find_one({"day": day}, PLACE, sort=NEWEST_FIRST) for day in days)
        return sorted((Place.of(each) for each in found if each), key=lambda place: place.seq)

    def has(self, place: Place) -> bool:
        """Whether the row at that place is there, with that hash."""
        found = self._rows.find_one({"seq": place.seq}, PLACE)
        return found is not None and Place.of(found) == place

    def kept(self, ids: Iterable[str]) -> set[str]:
        """Which of these rows are there."""
        return {row["_id"] for row in self._rows.find({"_id": {"$in": sorted(ids)}}, {"_id": True})}

    def page(self, query: Mapping[str, Any], after: tuple[str, int] | None, limit: int) -> list[Document]:
        """What the query finds, the newest first, after that place of the page before."""
        rest: dict[str, Any] = {}
        if after is not None:
            # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
            rest = {"day": {"$lte": after[0]}, "$nor": [{"day": after[0], "seq": {"$gte": after[1]}}]}
        found = self._rows.find({"$and": [query, self._ours(), rest]}).sort(NEWEST_FIRST).limit(limit)
        return list(found)

    def of_who(self, ids: Iterable[str]) -> list[Document]:
        """Every row of what somebody did, under whichever id, the newest first."""
        return list(self._rows.find({"who": {"$in": sorted(ids)}, **self._ours()}).sort(NEWEST_FIRST))

    def strays(self) -> Iterator[Document]:
        """Rows that have no number: no service has entered them."""
        return iter(self._rows.find({"$nor": [NUMBERED]}))

    def _ours(self) -> Document:
        """What follows the anchor: of what should have been dropped nothing is shown any more."""
        return {"seq": {"$gt": self.anchor().seq}}

    def rows(self, since: int) -> Iterator[Document]:
        """Every row after that number in the order of entering, read in lots."""
        return iter(self._rows.find({"seq": {"$gt": since}}).sort(ORDER).allow_disk_use(True).batch_size(1_000))

    def last_before(self, day: str, today: str) -> Place | None:
        """The last of the rows of days before that one that none of a later day up to `today` was entered before.

        A day to come is none: a clock was ahead, and such a row goes with those around it.
        """
        kept = self._rows.find_one({"day": {"$gte": day, "$lte": today}}, PLACE, sort=ORDER, hint=IN_ORDER)
        over: dict[str, Any] = {"day": {"$lt": day}} | ({"seq": {"$lt": kept["seq"]}} if kept else {})
        found = self._rows.find_one(over, PLACE, sort=LAST_ENTERED, hint=IN_ORDER)
        return Place.of(found) if found else None

    def drop_to(self, last: Place) -> int:
        """Drop all rows up to and with that one, whose place stays as the anchor; how many rows it was.

        The anchor is put first: what is left of older ones when we break off is no part of the trail any more.
        """
        with suppress(DuplicateKeyError):  # another process has put a newer one
            self._anchors.replace_one({"_id": ANCHOR, "seq": {"$lt": last.seq}}, last.dump(), upsert=True)
        crash_point("anchored")
        return self._rows.delete_many({"seq": {"$lte": self.anchor().seq}}).deleted_count


def within(codes: Iterable[str]) -> dict[str, Any]:
    """The query for what belongs to one of these areas, or to all."""
    return {"within": {"$in": sorted({*codes, ""})}}
