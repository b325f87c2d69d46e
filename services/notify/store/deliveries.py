"""Deliveries: one row for each event and subscription, and the lanes that keep a case's events in order.

A lane is one document, so taking the head off and freeing the next event is one write: no crash can leave an event
waiting for a predecessor that is gone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from chassis.mongo import Home
from notify.delivery import Delivery, Lane, State, Try, delivery_id, last_try
from notify.owing import Owed
from notify.store.duplicates import require_duplicates

Document = dict[str, Any]


class DeliveryStore:
    """What partners are owed and have got. All times are real times."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "deliveries": [
            IndexModel([("subscription_id", ASCENDING), ("position", DESCENDING)], name="log"),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ],
        "lanes": [IndexModel([("subscription_id", ASCENDING), ("due_at", ASCENDING)], name="due")],
    }

    def __init__(self, home: Home) -> None:
        self._deliveries = home.collection("deliveries")
        self._lanes = home.collection("lanes")
        self._progress = home.notes("deliveries")
        self._claims = home.notes("lanes")

    def add(self, owed: Sequence[Owed], now: datetime) -> None:
        """Owe each event to its subscription; saying it again changes nothing."""
        if not owed:
            return
        rows = [_row(each, now) for each in owed]
        done: set[str] = set()
        try:
            self._deliveries.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            known = [rows[n]["_id"] for n in require_duplicates(error)]
            done = set(known) - self._pending(known)
        self._line_up([row for row in rows if row["_id"] not in done], now)

    def claim(self, room: Mapping[str, int], token: str, now: datetime, until: datetime, limit: int) -> list[Lane]:
        """Lanes that are due, the longest first, nobody else's until `until`.

        `room` says how many lanes each subscription may have at most; all of them together have `limit`.
        """
        due = {"subscription_id": {"$in": list(room)}, "due_at": {"$lte": now}}
        found = self._lanes.find(due, {"subscription_id": True}).sort("due_at").limit(limit)
        ids = _within(room, found)
        if not ids:
            return []
        self._claims.update_many(
            {"_id": {"$in": ids}, "due_at": {"$lte": now}}, {"$set": {"claim": token, "due_at": until}}
        )
        return [_lane(each) for each in self._lanes.find({"_id": {"$in": ids}, "claim": token})]

    def owed(self, lanes: Sequence[Lane]) -> set[str]:
        """Which of these lanes have a head that is still to be delivered, by lane id."""
        heads = {lane.head: lane.id for lane in lanes}
        return {heads[id] for id in self._pending(list(heads))}

    def finish(self, lane: Lane, state: State, last: Try) -> None:
        """The head of the lane was delivered or parked: note it, then let its successor go."""
        delivered_at = last.at if state is State.DELIVERED else None
        self._note(lane, {"state": state, "due_at": None, "delivered_at": delivered_at, "last": vars(last)})
        self.advance(lane, last.at)

    def retry(self, lane: Lane, last: Try, due_at: datetime) -> None:
        """The head of the lane failed: it, and with it the lane, is due again at `due_at`."""
        self._note(lane, {"due_at": due_at, "last": vars(last)})
        self._claims.update_one(
            {"_id": lane.id, "claim": lane.claim},
            {"$set": {"due_at": due_at}, "$inc": {"tries": 1}, "$unset": {"claim": ""}},
        )

    def advance(self, lane: Lane, now: datetime) -> None:
        """Take the head off the lane; an empty lane goes. Nothing happens if somebody else has claimed it since."""
        head, mine = lane.queue[0], {"_id": lane.id, "claim": lane.claim}
        alone = len(lane.queue) == 1  # then others may have joined since; one of several is never left alone
        if alone and self._claims.delete_one({**mine, "queue": [head]}).deleted_count:
            return
        self._claims.update_one(
            mine,
            {
                "$pull": {"queue": head},
                "$set": {"due_at": now, "tries": 0},
                "$unset": {"claim": ""},
            },
        )

    def page(self, subscription_id: str, before: int | None, limit: int) -> list[Delivery]:
        """At most `limit` deliveries of a subscription, newest first, at positions lower than `before`."""
        where: Document = {"subscription_id": subscription_id}
        if before is not None:
            where["position"] = {"$lt": before}
        found = self._deliveries.find(where, {"stored_at": False}).sort("position", DESCENDING)
        return [_delivery(each) for each in found.limit(limit)]

    def replay(self, subscription_id: str, id: str, now: datetime) -> Delivery | None:
        """Make a row of this subscription due again; None when there is no such row to replay."""
        found = self._deliveries.find_one_and_update(
            {"_id": id, "subscription_id": subscription_id, "state": {"$ne": State.CANCELLED}},
            {"$set": {"state": State.PENDING, "due_at": now, "delivered_at": None}},
            {"stored_at": False},
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            return None
        self._line_up_again(found, now)
        return _delivery(found)

    def drop(self, subscription_id: str) -> None:
        """Owe nothing more to this subscription."""
        self._lanes.delete_many({"subscription_id": subscription_id})
        self._deliveries.update_many(
            {"subscription_id": subscription_id, "state": State.PENDING},
            {"$set": {"state": State.CANCELLED, "due_at": None}},
        )

    def purge(self, before: datetime) -> int:
        """Remove rows stored earlier than `before`; how many that were."""
        return self._deliveries.delete_many({"stored_at": {"$lt": before}}).deleted_count

    def _pending(self, ids: Sequence[str]) -> set[str]:
        found = self._deliveries.find({"_id": {"$in": list(ids)}, "state": State.PENDING}, {"_id": True})
        return {each["_id"] for each in found}

    def _line_up(self, rows: Sequence[Document], now: datetime) -> None:
        """Put each row into the lane of its case; one that is in the lane already stays where it is."""
        while rows:
            rows = self._left_out(rows, now)

    def _left_out(self, rows: Sequence[Document], now: datetime) -> list[Document]:
        """Which of the rows did not get into their lanes, since somebody else made the lane at the same moment."""
        try:
            self._lanes.bulk_write([_joining(row, now) for row in rows], ordered=False)
        except BulkWriteError as error:
            refused = [rows[n] for n in require_duplicates(error)]
            found = self._lanes.find({"_id": {"$in": [_lane_id(row) for row in refused]}}, {"queue": True})
            queues = {lane["_id"]: lane["queue"] for lane in found}
            return [row for row in refused if row["position"] not in queues.get(_lane_id(row), ())]
        return []

    def _line_up_again(self, row: Document, now: datetime) -> None:
        """Put the row into its lane; where it is the head, whoever has claimed the lane may no longer take it off."""
        lane = {"_id": _lane_id(row), "queue.0": row["position"]}
        again = {"$set": {"due_at": now, "tries": 0}, "$unset": {"claim": ""}}
        if not self._lanes.update_one(lane, again).matched_count:
            self._line_up([row], now)

    def _note(self, lane: Lane, values: Document) -> None:
        # A delivery that somebody else has finished since our lease ran out stays as it is.
        row = {"_id": lane.head, "state": State.PENDING}
        self._progress.update_one(row, {"$set": values, "$inc": {"tries": 1}})


def _row(owed: Owed, now: datetime) -> Document:
    return {
        "_id": delivery_id(owed.subscription_id, owed.position),
        "subscription_id": owed.subscription_id,
        "position": owed.position,
        "event_id": owed.event.id,
        "type": owed.event.type,
        "case_id": owed.event.case_id,
        "state": State.PENDING,
        "tries": 0,
        "due_at": now,
        "delivered_at": None,
        "last": None,
        "stored_at": now,
    }


def _lane_id(row: Document) -> str:
    return f"{row['subscription_id']}:{row['case_id']}"


def _joining(row: Document, now: datetime) -> UpdateOne:
    subscription_id, case_id, position = row["subscription_id"], row["case_id"], row["position"]
    fresh = {"subscription_id": subscription_id, "case_id": case_id, "due_at": now, "tries": 0}
    return UpdateOne(
        {"_id": _lane_id(row), "queue": {"$ne": position}},
        {"$push": {"queue": {"$each": [position], "$sort": 1}}, "$setOnInsert": fresh},
        upsert=True,
    )


def _within(room: Mapping[str, int], found: Iterable[Document]) -> list[str]:
    taken: Counter[str] = Counter()
    ids = []
    for each in found:
        subscription_id = each["subscription_id"]
        taken[subscription_id] += 1
        if taken[subscription_id] <= room[subscription_id]:
            ids.append(each["_id"])
    return ids


def _lane(document: Mapping[str, Any]) -> Lane:
    return Lane(
        id=document["_id"],
        subscription_id=document["subscription_id"],
        case_id=document["case_id"],
        queue=tuple(document["queue"]),
        tries=document["tries"],
        claim=document["claim"],
    )


def _delivery(document: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=document["_id"],
        subscription_id=document["subscription_id"],
        position=document["position"],
        event_id=document["event_id"],
        type=document["type"],
        case_id=document["case_id"],
        state=State(document["state"]),
        tries=document["tries"],
        due_at=document["due_at"],
        delivered_at=document["delivered_at"],
        last=last_try(document["last"]),
    )
