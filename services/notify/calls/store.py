"""Calls in hand, and how far the messages of one have come."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from chassis.mongo import Home
from notify.calls.call import Call, Off, Told

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
        self._notices = home.collection("notices")

    def add(self, call: Call, now: datetime) -> None:
        """Take the call in hand, once; `now` is real time."""
        fresh = _document(call) | {"open": True, "held_until": now, "stored_at": now}
        self._calls.update_one({"_id": call.id}, {"$setOnInsert": fresh}, upsert=True)

    def withdraw(self, call: Call, off: Off, now: datetime) -> None:
        """Nobody is told of the call any more, and who was is told that, once; also where it was not heard of yet."""
        fresh = _document(call) | {"held_until": now, "stored_at": now}
        first = {"$eq": [{"$ifNull": ["$off", None]}, None]}
        kept = {name: {"$ifNull": [f"${name}", {"$literal": value}]} for name, value in fresh.items() if name != "_id"}
        said = {"$cond": [first, {"$literal": vars(off)}, "$off"]}
        change = {**kept, "off": said, "open": {"$cond": [first, True, "$open"]}}
        self._calls.update_one({"_id": call.id}, [{"$set": change}], upsert=True)

    def stop(self, event_id: str, now: datetime) -> None:
        """Let no message of the call go out that nobody is sending right now; `now` is real time."""
        waiting = {**_of(event_id), "state": "due", "held_until": {"$lte": now}}
        self._messages.update_many(waiting, {"$set": {"state": "skipped", "why": "moot"}})

    def withdrawn(self, ids: Collection[str]) -> set[str]:
        """Which of these calls are withdrawn."""
        query = {"_id": {"$in": sorted(ids)}, "off": {"$ne": None}}
        return {each["_id"] for each in self._calls.find(query, {"_id": True})} if ids else set()

    def told(self, event_id: str, after: str, limit: int) -> list[Told]:
        """Who has the call in the inbox, after that notice and in the order of their ids."""
        within = {"_id": {**_of(event_id)["_id"], **({"$gt": after} if after else {})}}
        shown = {"recipient": True, "unread": True}
        notices = list(self._notices.find(within, shown).sort("_id", ASCENDING).limit(limit))
        if not notices:
            return []
        # The message of a notice begins with its id and ">", which "?" follows; one that is due is being sent now.
        theirs = {"$gt": notices[0]["_id"], "$lt": f"{notices[-1]['_id']}?"}
        out = {"_id": theirs, "state": {"$in": ["sent", "due"]}}
        had = {each["notice_id"] for each in self._messages.find(out, {"notice_id": True})}
        return [Told(each["_id"], each["recipient"], not each["unread"] or each["_id"] in had) for each in notices]

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
        if after is None:  # but one that was withdrawn meanwhile
            self._calls.update_one({"_id": id, "claim": token, "off": None}, {"$set": {"open": False}})
        self._release(id, token, {} if after is None else {"after": after}, now)

    def advance_off(self, id: str, token: str, after: str | None, now: datetime) -> None:
        """The same of who is told that it is withdrawn."""
        self._release(id, token, {"open": False} if after is None else {"off.after": after}, now)

    def counts(self, event_id: str) -> dict[str, int]:
        """How many have the call in their inbox, wait for their message, have had it, and have read it.

        `delivered` is who was sent it by some channel or has read it in the inbox.
        """
        begun = _of(event_id)
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

    def _release(self, id: str, token: str, change: Document, now: datetime) -> None:
        free = {"$set": change | {"held_until": now}, "$unset": {"claim": ""}}
        self._calls.update_one({"_id": id, "claim": token}, free)


def _of(event_id: str) -> Document:
    """The notices of a call, and its messages."""
    # ";" is what follows ":" in the order of ids.
    return {"_id": {"$gte": f"{event_id}:", "$lt": f"{event_id};"}}


def _document(call: Call) -> Document:
    return {
        "_id": call.id,
        **{name: value for name, value in vars(call).items() if name not in {"id", "off"}},
        "grids": list(call.grids),
    }


def _call(found: Mapping[str, Any]) -> Call:
    plain = {name: found[name] for name in Call.__dataclass_fields__ if name not in {"id", "off"}}
    off = Off(**found["off"]) if found.get("off") else None
    return Call(found["_id"], **{**plain, "grids": tuple(found["grids"]), "off": off})
