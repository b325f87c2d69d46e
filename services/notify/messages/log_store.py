"""The log of messages: looking through it, and sending once more what has failed for good."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.paging import After, following
from notify.messages.message import Message, State
from notify.messages.resending import Resending
from notify.messages.search import Search, View
from notify.messages.store import NEWEST, read

Document = dict[str, Any]

RESENDS_KEPT = 50
"""Commands that a message remembers to have been sent once more by."""

OLDEST = [("made_at", ASCENDING), ("_id", ASCENDING)]


class MessageLog:
    """Reads the messages of MessageStore, whose indexes serve it, and keeps what was asked to be sent once more."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "resendings": [IndexModel([("stored_at", ASCENDING)], name="age")],
    }

    def __init__(self, home: Home) -> None:
        self._messages = home.collection("messages")
        self._resendings = home.collection("resendings")

    def page(self, wanted: Search, view: View, after: After | None, limit: int) -> list[Message]:
        """At most `limit` messages, newest first, after that place in the list."""
        query = {**_query(wanted, view), **_later(wanted, after)}
        return [read(each) for each in self._messages.find(query).sort([*NEWEST]).limit(limit)]

    def one(self, id: str, view: View) -> Message | None:
        """The message, if it is seen."""
        found = self._messages.find_one({"_id": id, **_seen(view)})
        return read(found) if found else None

    def failed(self, wanted: Search, view: View, limit: int) -> list[str]:
        """The ids of at most `limit` messages that have failed for good, the oldest first."""
        query = {**_query(wanted, view), **_later(wanted, None), "state": State.FAILED.value}
        return [each["_id"] for each in self._messages.find(query, {"_id": True}).sort(OLDEST).limit(limit)]

    def resend(self, ids: Sequence[str], key: str, at: datetime, now: datetime) -> int:
        """Make those due that have failed for good, each once for the same `key`; how many are due by it.

        They are tried as if never before, also through ways that had refused the address. `now` is real time.
        """
        waiting = {"_id": {"$in": list(ids)}, "state": State.FAILED.value, "resent_by": {"$ne": key}}
        again = {
            "state": State.DUE.value,
            "why": None,
            "due_at": at,
            "held_until": now,
            "tries": 0,
            "resent_at": at,
        }
        noted = {"resent_by": {"$each": [key], "$slice": -RESENDS_KEPT}}
        return self._messages.update_many(waiting, {"$set": again, "$push": noted}).modified_count

    def states(self, ids: Sequence[str]) -> Counter[State]:
        """How many of these messages are where, of those that are still kept."""
        lines: list[Document] = [
            {"$match": {"_id": {"$in": list(ids)}}},
            {"$group": {"_id": "$state", "n": {"$sum": 1}}},
        ]
        return Counter({State(each["_id"]): each["n"] for each in self._messages.aggregate(lines)})

    def keep(self, resending: Resending, now: datetime) -> Resending:
        """What was asked to be sent once more; the same command gets what it asked for the first time.

        Refuses `command_id_reused`. `now` is real time.
        """
        named = {name: value for name, value in vars(resending).items() if name != "id"}
        try:
            self._resendings.insert_one({"_id": resending.id, **named, "stored_at": now})
        except DuplicateKeyError:
            kept = self.resending(resending.id)
            if kept is None or kept.digest != resending.digest:
                raise Refusal("command_id_reused") from None
            return kept
        return resending

    def resending(self, id: str) -> Resending | None:
        """What was asked under that id."""
        found = self._resendings.find_one({"_id": id}, {"stored_at": False})
        return _resending(found) if found else None

    def purge(self, before: datetime) -> int:
        """Remove what was asked earlier than `before`; how many that were."""
        return self._resendings.delete_many({"stored_at": {"$lt": before}}).deleted_count


def _resending(found: Document) -> Resending:
    return Resending(id=found.pop("_id"), ids=tuple(found.pop("ids")), **found)


def _query(wanted: Search, view: View) -> Document:
    named = {
        "person_id": {"$in": list(wanted.person_ids)} if wanted.person_ids else None,
        "case_id": wanted.case_id,
        "state": wanted.state and wanted.state.value,
        "via": wanted.channel,
        "template": wanted.template,
    }
    return {**{name: value for name, value in named.items() if value is not None}, **_seen(view)}


def _later(wanted: Search, after: After | None) -> Document:
    """The period, and what comes after that place in it."""
    following_it = following("made_at", DESCENDING, after)
    bounds = {"$gte": wanted.since, "$lt": wanted.until, **following_it.get("made_at", {})}
    period = {name: value for name, value in bounds.items() if value is not None}
    return {**following_it, **({"made_at": period} if period else {})}


def _seen(view: View) -> Document:
    shown: Document = {"district": {"$in": view.districts}, "place": _within((*view.places, *view.open_places))}
    if view.open_places:
        shown["$or"] = [{"sensitive": False}, *([{"place": _within(view.places)}] if view.places else [])]
    return shown | ({"complained_unit_id": {"$ne": view.unit_id}} if view.unit_id else {})


def _within(places: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(map(re.escape, places))})")
