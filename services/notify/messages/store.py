"""Messages on their way outside, each with its tries: what waits for which round, and what became of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.errors import BulkWriteError

from chassis.mongo import Home
from notify.duplicates import require_duplicates
from notify.messages.message import Attempt, Message, Outcome, Ruling, State

Document = dict[str, Any]

ATTEMPTS_KEPT = 50

NEWEST = (("made_at", DESCENDING), ("_id", DESCENDING))
PLACE = ("place", ASCENDING)
"""Last in an index: whoever sees a part of a district is not read the rest of it."""

_KEPT = tuple(each.name for each in fields(Message) if each.name not in {"id", "attempts", "state", "resent_by"})


class MessageStore:
    """One document for each notice and person; `claim` and `held_until` (real time) say who is sending it."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "messages": [
            IndexModel(
                [("lane", ASCENDING), ("due_at", ASCENDING)],
                name="due",
                partialFilterExpression={"state": "due"},
            ),
            *(IndexModel([(first, ASCENDING), *NEWEST], name=f"log_of_{first}") for first in ("person_id", "case_id")),
            IndexModel([("district", ASCENDING), *NEWEST, PLACE], name="log"),
            *(
                IndexModel([("district", ASCENDING), (each, ASCENDING), *NEWEST, PLACE], name=f"log_by_{each}")
                for each in ("state", "template", "via")
            ),
            IndexModel([("person_id", ASCENDING), ("sent_at", ASCENDING)], name="sent"),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._messages = home.collection("messages")
        self._rounds = home.notes("messages")

    def add(self, messages: Sequence[Message], token: str, now: datetime, until: datetime) -> list[Message]:
        """Keep those that are new, claimed until `until` by `token`; which ones these are. `now` is real time."""
        known: set[int] = set()
        documents = [_document(each) | {"claim": token, "held_until": until, "stored_at": now} for each in messages]
        try:
            if documents:
                self._messages.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            known = set(require_duplicates(error))
        return [each for place, each in enumerate(messages) if place not in known]

    def claim(
        self,
        lane: str,
        token: str,
        due: datetime,
        now: datetime,
        until: datetime,
        limit: int,
        person_id: str | None = None,
    ) -> list[Message]:
        """At most `limit` messages of the lane that are `due` and free `now`, held until `until` (both real).

        Only those of one person, if `person_id` is given.
        """
        free = _free(lane, due, now) | ({"person_id": person_id} if person_id else {})
        ids = [each["_id"] for each in self._messages.find(free, {"_id": True}).sort("due_at").limit(limit)]
        if not ids:
            return []
        self._rounds.update_many({"_id": {"$in": ids}, **free}, {"$set": {"claim": token, "held_until": until}})
        claimed = self._messages.find({"_id": {"$in": ids}, "claim": token, "state": State.DUE.value})
        return [read(each) for each in claimed]

    def renew(self, ids: Sequence[str], token: str, until: datetime) -> list[str]:
        """Hold these messages until `until` (real time); which of them `token` still held, the others are another's."""
        held = {"_id": {"$in": list(ids)}, "claim": token}
        if self._rounds.update_many(held, {"$set": {"held_until": until}}).matched_count == len(ids):
            return list(ids)
        return [each["_id"] for each in self._messages.find(held | {"held_until": until}, {"_id": True})]

    def next_person(self, lane: str, due: datetime, now: datetime) -> str | None:
        """Whose message of the lane has been due for longest, of those that nobody holds."""
        found = self._messages.find_one(_free(lane, due, now), {"person_id": True}, sort=[("due_at", ASCENDING)])
        return str(found["person_id"]) if found else None

    def sent_between(self, person_ids: Collection[str], since: datetime, now: datetime) -> Counter[str]:
        """How many messages each of these people was sent after `since`, up to `now`.

        What was sent before a clock was put back lies ahead of it, and is no part of the hour before now.
        """
        if not person_ids:
            return Counter()
        lately = {"person_id": {"$in": sorted(set(person_ids))}, "sent_at": {"$gt": since, "$lte": now}}
        counted = self._messages.aggregate([{"$match": lately}, {"$group": {"_id": "$person_id", "n": {"$sum": 1}}}])
        return Counter({each["_id"]: each["n"] for each in counted})

    def release(self, person_ids: Collection[str], why: str, due: datetime) -> None:
        """Have what waits for these people because of `why` looked at once more, no later than `due`."""
        waiting = {"person_id": {"$in": sorted(person_ids)}, "state": State.DUE.value, "why": why}
        self._messages.update_many(waiting | {"due_at": {"$gt": due}}, {"$set": {"due_at": due}})

    def settle(self, token: str, results: Iterable[tuple[Message, Ruling, Sequence[Attempt]]], now: datetime) -> None:
        """Note what became of messages that `token` holds, and let them go; `now` is real time."""
        writes = [
            UpdateOne({"_id": one.id, "claim": token}, _settled(found, tried, now)) for one, found, tried in results
        ]
        if writes:
            self._rounds.bulk_write(writes, ordered=False)

    def everything_of(self, person_ids: Collection[str]) -> list[Message]:
        """Every message to these people that is still kept, newest first."""
        return [read(each) for each in self._messages.find({"person_id": {"$in": sorted(person_ids)}}).sort(NEWEST)]

    def forget(self, person_ids: Collection[str], but: Collection[str]) -> int:
        """Keep nothing of what was sent to these people, but for these templates; how many messages went."""
        which = {"person_id": {"$in": sorted(person_ids)}, "template": {"$nin": sorted(but)}}
        return self._messages.delete_many(which).deleted_count

    def purge(self, before: datetime) -> int:
        """Remove what was stored earlier than `before`; how many messages that were."""
        return self._messages.delete_many({"stored_at": {"$lt": before}}).deleted_count


def _free(lane: str, due: datetime, now: datetime) -> Document:
    return {"lane": lane, "state": State.DUE.value, "due_at": {"$lte": due}, "held_until": {"$lte": now}}


def _settled(ruling: Ruling, attempts: Sequence[Attempt], now: datetime) -> Document:
    failed = bool(attempts) and ruling.state is not State.SENT
    change: Document = {"state": ruling.state.value, "why": ruling.why, "held_until": now}
    if ruling.due_at is not None:
        change["due_at"] = ruling.due_at
    if ruling.lane is not None:
        change["lane"] = ruling.lane
    if attempts:
        change["via"] = attempts[-1].kind
    if ruling.state is State.SENT:
        change["sent_at"] = attempts[-1].at
    entries = [{**vars(each), "outcome": each.outcome.value} for each in attempts]
    return {
        "$set": change,
        "$inc": {"tries": int(failed)},
        "$push": {"attempts": {"$each": entries, "$slice": -ATTEMPTS_KEPT}},
        "$unset": {"claim": ""},
    }


def _document(message: Message) -> Document:
    whole = vars(message)
    lists: Document = {"attempts": [], "resent_by": []}
    return {"_id": message.id, **{name: whole[name] for name in _KEPT}, "state": message.state.value, **lists}


def read(found: Mapping[str, Any]) -> Message:
    """The message that a document describes."""
    return Message(
        id=found["_id"],
        **{name: found[name] for name in _KEPT},
        state=State(found["state"]),
        resent_by=tuple(found["resent_by"]),
        attempts=tuple(Attempt(**{**each, "outcome": Outcome(each["outcome"])}) for each in found["attempts"]),
    )
