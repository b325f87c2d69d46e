"""Calls in hand, and how far the messages of one have come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from chassis.mongo import Home
from notify.calls.call import Call

Document = dict[str, Any]

LEASE = timedelta(seconds=20)
"""For how long a page is one process's; what a crash leaves is taken up after it."""

COUNTED = ("told", "waiting", "delivered", "read")


class CallsInHand:
    """One document for each call; `claim` and `held_until` (real time) say who is telling people of it.

    The notices of a call begin with the id of its event, and so do their messages: by that they are counted.
    """

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "calls": [
            IndexModel(
                [("emergency", DESCENDING), ("stored_at", ASCENDING)],
                name="open",
                partialFilterExpression={"open": True},
            ),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._calls = home.collection("calls")
        self._messages = home.collection("messages")

    def add(self, call: Call, now: datetime) -> None:
        """Take the call in hand, once; `now` is real time."""
        fresh = _document(call) | {"open": True, "held_until": now, "stored_at": now}
        self._calls.update_one({"_id": call.id}, {"$setOnInsert": fresh}, upsert=True)

    def find(self, id: str) -> Call | None:
        """The call, however far it has come."""
        found = self._calls.find_one({"_id": id})
        return _call(found) if found else None

    def claim(self, token: str, now: datetime, until: datetime) -> Call | None:
        """A call of which there is somebody still to tell, nobody else's until `until`; emergencies first."""
        found = self._calls.find_one_and_update(
            {"open": True, "held_until": {"$lte": now}},
            {"$set": {"claim": token, "held_until": until}},
            sort=[("emergency", DESCENDING), ("stored_at", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return _call(found) if found else None

    def advance(self, id: str, token: str, after: str | None, now: datetime) -> None:
        """Everybody up to `after` has been told, or, None, everybody; the call is free unless `token` has lost it."""
        change: Document = {"open": False} if after is None else {"after": after}
        self._calls.update_one(
            {"_id": id, "claim": token}, {"$set": change | {"held_until": now}, "$unset": {"claim": ""}}
        )

    def counts(self, event_id: str) -> dict[str, int]:
        """How many have the call in their inbox, wait for their message, have had it, and have read it.

        `delivered` is who was sent it by some channel or has read it in the inbox.
        """
        # ";" is what follows ":" in the order of ids.
        begun = {"_id": {"$gte": f"{event_id}:", "$lt": f"{event_id};"}}
        sent, read = {"$eq": ["$state", "sent"]}, {"$eq": ["$unread", False]}
        inbox = [{"$match": begun}, {"$project": {"notice_id": "$_id", "told": {"$literal": True}, "read": read}}]
        messages = {"notice_id": True, "sent": sent, "waiting": {"$eq": ["$state", "due"]}}
        each = {name: {"$max": {"$ifNull": [f"${name}", False]}} for name in ("told", "read", "sent", "waiting")}
        had = {"$or": ["$sent", "$read"]}
        flags = {
            "told": "$told",
            "waiting": {"$and": ["$waiting", {"$not": ["$read"]}]},
            "delivered": had,
            "read": "$read",
        }
        rows = self._messages.aggregate(
            [
                {"$match": begun},
                {"$project": messages},
                {"$unionWith": {"coll": "notices", "pipeline": inbox}},
                {"$group": {"_id": "$notice_id", **each}},
                {"$group": {"_id": None, **{name: {"$sum": {"$toInt": flags[name]}} for name in COUNTED}}},
            ]
        )
        found = next(rows, {})
        return {name: found.get(name, 0) for name in COUNTED}

    def purge(self, before: datetime) -> int:
        """Remove what was taken in hand earlier than `before`; how many calls that were."""
        return self._calls.delete_many({"stored_at": {"$lt": before}}).deleted_count


def _document(call: Call) -> Document:
    return {
        "_id": call.id,
        **{name: value for name, value in vars(call).items() if name != "id"},
        "grids": list(call.grids),
    }


def _call(found: Mapping[str, Any]) -> Call:
    plain = {name: found[name] for name in Call.__dataclass_fields__ if name != "id"}
    return Call(found["_id"], **{**plain, "grids": tuple(found["grids"])})
