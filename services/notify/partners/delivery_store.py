"""Deliveries: one row for each event and subscription, and the lanes that keep a case's events in order.

A lane is one document, so taking the head off and freeing the next event is one write: no crash can leave an event
waiting for a predecessor that is gone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import BulkWriteError

from chassis.mongo import Home
from notify.duplicates import require_duplicates
from notify.partners.delivery import Claim, Delivery, End, Lane, State
from notify.partners.documents import (
    Document,
    ending,
    heading_again,
    joining,
    lane_id,
    last_lane,
    leaving,
    made_lane,
    moving_on,
    noting,
    owed_row,
    read_delivery,
    read_lane,
)
from notify.partners.owing import Owed
from notify.webhooks.attempt import Try


class DeliveryStore:
    """What partners are owed and have got. All times are real times."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "deliveries": [
            IndexModel([("subscription_id", ASCENDING), ("position", DESCENDING)], name="log"),
            IndexModel(
                [("subscription_id", ASCENDING), ("state", ASCENDING), ("position", DESCENDING)], name="by_state"
            ),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ],
        "lanes": [IndexModel([("subscription_id", ASCENDING), ("due_at", ASCENDING)], name="due")],
    }

    def __init__(self, home: Home) -> None:
        self._deliveries = home.collection("deliveries")
        self._lanes = home.collection("lanes")
        self._progress = home.notes("deliveries")
        self._claims = home.notes("lanes")
        self._bounded: set[str] = set()

    def add(self, owed: Sequence[Owed], now: datetime, claim: Claim | None = None) -> list[Lane]:
        """Owe each event to its subscription; saying it again changes nothing.

        The lanes that `claim` holds now: those that this has made for one of its deliveries. An event that was owed
        before is not among them, since it may have been delivered meanwhile.
        """
        rows = [owed_row(each, now) for each in owed]
        known: list[str] = []
        done: set[str] = set()
        try:
            if rows:
                self._deliveries.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            known = [rows[n]["_id"] for n in require_duplicates(error)]
            done = set(known) - self._pending(known)
        mine = claim and replace(claim, ids=claim.ids.difference(known))
        self._bound({each.subscription_id for each in owed})
        made = self._line_up([row for row in rows if row["_id"] not in done], now, mine)
        return [made_lane(row, mine) for row in made if mine and row["_id"] in mine.ids]

    def claim(self, room: Mapping[str, int], claim: Claim, now: datetime, limit: int) -> list[Lane]:
        """Lanes that are due, the longest first, and that `claim` holds now.

        `room` says how many lanes each subscription may have at most; all of them together have `limit`.
        """
        due = {"subscription_id": {"$in": list(room)}, "due_at": {"$lte": now}}
        found = self._lanes.find(due, {"subscription_id": True}).sort("due_at").limit(limit)
        ids = _within(room, found)
        if not ids:
            return []
        self._claims.update_many(
            {"_id": {"$in": ids}, "due_at": {"$lte": now}}, {"$set": {"claim": claim.token, "due_at": claim.until}}
        )
        return [read_lane(each) for each in self._lanes.find({"_id": {"$in": ids}, "claim": claim.token})]

    def owed(self, lanes: Sequence[Lane]) -> set[str]:
        """Which of these lanes have a head that is still to be delivered, by lane id."""
        heads = {lane.head: lane.id for lane in lanes}
        return {heads[id] for id in self._pending(list(heads))}

    def finish(self, ends: Sequence[End], now: datetime) -> bool:
        """Note how the heads of these lanes have ended, then let their successors go; whether there are any."""
        self._progress.bulk_write([noting(each.lane, ending(each)) for each in ends], ordered=False)
        return self.advance([each.lane for each in ends], now)

    def retry(self, lane: Lane, last: Try, due_at: datetime) -> None:
        """The head of the lane failed: it, and with it the lane, is due again at `due_at`."""
        self._progress.bulk_write([noting(lane, {"due_at": due_at, "last": vars(last)})])
        self._claims.update_one(
            {"_id": lane.id, "claim": lane.claim},
            {"$set": {"due_at": due_at}, "$inc": {"tries": 1}, "$unset": {"claim": ""}},
        )

    def advance(self, lanes: Sequence[Lane], now: datetime) -> bool:
        """Take the heads off these lanes; an empty lane goes. Whether successors are due now.

        Nothing happens to a lane that somebody else has claimed since.
        """
        # Others may have joined a lane of one since; one of several is never left alone.
        alone = [lane for lane in lanes if len(lane.queue) == 1]
        gone = self._claims.bulk_write([leaving(lane) for lane in alone], ordered=False).deleted_count if alone else 0
        left = lanes if gone < len(alone) else [lane for lane in lanes if len(lane.queue) > 1]
        if not left:
            return False
        moved = self._claims.bulk_write([moving_on(lane, now) for lane in left], ordered=False)
        return moved.modified_count > 0

    def cancel(self, lanes: Sequence[Lane]) -> None:
        """The heads of these lanes are not for their subscriptions any more."""
        where = {"_id": {"$in": [lane.head for lane in lanes]}, "state": State.PENDING}
        self._deliveries.update_many(where, {"$set": {"state": State.CANCELLED, "due_at": None}})

    def page(self, subscription_id: str, before: int | None, limit: int, state: State | None = None) -> list[Delivery]:
        """At most `limit` deliveries, perhaps of one state, newest first, at positions lower than `before`."""
        where: Document = {"subscription_id": subscription_id, **({"state": state} if state else {})}
        if before is not None:
            where["position"] = {"$lt": before}
        found = self._deliveries.find(where, {"stored_at": False}).sort("position", DESCENDING)
        return [read_delivery(each) for each in found.limit(limit)]

    def replayable(self, subscription_id: str, id: str) -> bool:
        """Whether this subscription has such a row that can be made due again."""
        return self._deliveries.find_one(_replayable(subscription_id, id), {"_id": True}) is not None

    def replay(self, subscription_id: str, id: str, now: datetime) -> Delivery | None:
        """Make a row of this subscription due again; None when there is no such row to replay."""
        found = self._deliveries.find_one_and_update(
            _replayable(subscription_id, id),
            {"$set": {"state": State.PENDING, "due_at": now, "delivered_at": None}},
            {"stored_at": False},
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            return None
        self._line_up_again(found, now)
        return read_delivery(found)

    def replay_all(self, owed: Sequence[Owed], command: str, now: datetime) -> int:
        """Send each of these, whatever became of it, but what waits anyway; how many this command has made wait.

        Saying it again sends nothing again, and finishes what was broken off.
        """
        rows = {each.id: {**owed_row(each, now), "replay": command} for each in owed}
        if not rows:
            return 0
        self._insert_new(list(rows.values()))
        self._bound({each.subscription_id for each in owed})
        here = {"_id": {"$in": list(rows)}}
        ended = {**here, "state": {"$ne": State.PENDING}, "replay": {"$ne": command}}
        again = [each["_id"] for each in self._deliveries.find(ended, {"_id": True})]
        change = {"state": State.PENDING, "due_at": now, "delivered_at": None, "replay": command}
        self._deliveries.update_many({**ended, "_id": {"$in": again}}, {"$set": change})
        if again:
            self._lanes.bulk_write([heading_again(rows[id], now) for id in again], ordered=False)
        waiting = self._deliveries.find({**here, "state": State.PENDING, "replay": command}, {"_id": True})
        self._line_up([rows[each["_id"]] for each in waiting.sort("position", ASCENDING)], now)
        return self._deliveries.count_documents({**here, "replay": command})

    def _insert_new(self, rows: Sequence[Document]) -> None:
        try:
            self._deliveries.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            require_duplicates(error)

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

    def _bound(self, subscription_ids: set[str]) -> None:
        """See that the lanes of each subscription end in one that is never due.

        Who looks for what is due walks over what has been there until something is found, or all that there is:
        without its last lane, over what all others have had, once for each subscription.
        """
        new = subscription_ids - self._bounded
        if new:
            self._claims.bulk_write([last_lane(id) for id in new], ordered=False)
            self._bounded |= new

    def _line_up(self, rows: Sequence[Document], now: datetime, claim: Claim | None = None) -> list[Document]:
        """Put each row into the lane of its case, where it may be already; the rows whose lanes this has made."""
        made: list[Document] = []
        while rows:
            refused: list[Document] = []
            try:
                result = self._lanes.bulk_write([joining(row, now, claim) for row in rows], ordered=False)
                upserted = result.bulk_api_result["upserted"]
            except BulkWriteError as error:
                refused, upserted = [rows[n] for n in require_duplicates(error)], error.details["upserted"]
            made += [rows[each["index"]] for each in upserted]
            rows = self._left_out(refused) if refused else []
        return made

    def _left_out(self, refused: Sequence[Document]) -> list[Document]:
        """Which of the rows are not in their lanes, since somebody else made the lane at the same moment."""
        found = self._lanes.find({"_id": {"$in": [lane_id(row) for row in refused]}}, {"queue": True})
        queues = {lane["_id"]: lane["queue"] for lane in found}
        return [row for row in refused if row["position"] not in queues.get(lane_id(row), ())]

    def _line_up_again(self, row: Document, now: datetime) -> None:
        """Put the row into its lane; where it is the head, whoever has claimed the lane may no longer take it off."""
        if not self._lanes.bulk_write([heading_again(row, now)]).matched_count:
            self._line_up([row], now)


def _replayable(subscription_id: str, id: str) -> Document:
    return {"_id": id, "subscription_id": subscription_id, "state": {"$ne": State.CANCELLED}}


def _within(room: Mapping[str, int], found: Iterable[Document]) -> list[str]:
    taken: Counter[str] = Counter()
    ids = []
    for each in found:
        subscription_id = each["subscription_id"]
        taken[subscription_id] += 1
        if taken[subscription_id] <= room[subscription_id]:
            ids.append(each["_id"])
    return ids
