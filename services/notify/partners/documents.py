"""How deliveries and their lanes are written and read; asks nothing of the database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import DeleteOne, UpdateOne

from notify.partners.delivery import Claim, Delivery, End, Lane, State
from notify.partners.owing import Owed
from notify.webhooks.attempt import last_try

Document = dict[str, Any]

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def owed_row(owed: Owed, now: datetime) -> Document:
    """The row of an event that is owed from now on."""
    return {
        "_id": owed.id,
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


def lane_id(row: Document) -> str:
    """The lane that a row belongs to: that of its case and subscription."""
    return f"{row['subscription_id']}:{row['case_id']}"


def joining(row: Document, now: datetime, claim: Claim | None) -> UpdateOne:
    """Put the row into its lane, made where there is none; the claim holds one that this makes for its delivery."""
    subscription_id, case_id, position = row["subscription_id"], row["case_id"], row["position"]
    fresh = {"subscription_id": subscription_id, "case_id": case_id, "due_at": now, "tries": 0}
    if claim and row["_id"] in claim.ids:
        fresh |= {"due_at": claim.until, "claim": claim.token}
    return UpdateOne(
        {"_id": lane_id(row), "queue": {"$ne": position}},
        {"$push": {"queue": {"$each": [position], "$sort": 1}}, "$setOnInsert": fresh},
        upsert=True,
    )


def heading_again(row: Document, now: datetime) -> UpdateOne:
    """The row heads its lane: it is due anew, and nobody has claimed it."""
    lane = {"_id": lane_id(row), "queue.0": row["position"]}
    return UpdateOne(lane, {"$set": {"due_at": now, "tries": 0}, "$unset": {"claim": ""}})


def last_lane(subscription_id: str) -> UpdateOne:
    """The lane of a subscription that is never due."""
    last = {"subscription_id": subscription_id, "due_at": NEVER}
    return UpdateOne({"_id": f"{subscription_id}:"}, {"$setOnInsert": last}, upsert=True)


def noting(lane: Lane, values: Document) -> UpdateOne:
    """Note what became of the head of a lane; what somebody else has finished since a lease ran out stays as it is."""
    return UpdateOne({"_id": lane.head, "state": State.PENDING}, {"$set": values, "$inc": {"tries": 1}})


def ending(end: End) -> Document:
    """What is noted of a head that has ended so."""
    delivered_at = end.last.at if end.state is State.DELIVERED else None
    return {"state": end.state, "due_at": None, "delivered_at": delivered_at, "last": vars(end.last)}


def leaving(lane: Lane) -> DeleteOne:
    """Take an empty lane away."""
    return DeleteOne({"_id": lane.id, "claim": lane.claim, "queue": [lane.queue[0]]})


def moving_on(lane: Lane, now: datetime) -> UpdateOne:
    """Take the head off its lane: the next one is due."""
    change = {"$pull": {"queue": lane.queue[0]}, "$set": {"due_at": now, "tries": 0}, "$unset": {"claim": ""}}
    return UpdateOne({"_id": lane.id, "claim": lane.claim}, change)


def made_lane(row: Document, claim: Claim) -> Lane:
    """The lane that was just made for the row, and that the claim holds."""
    return Lane(lane_id(row), row["subscription_id"], row["case_id"], (row["position"],), 0, claim.token)


def read_lane(document: Mapping[str, Any]) -> Lane:
    """The lane in a document."""
    return Lane(
        id=document["_id"],
        subscription_id=document["subscription_id"],
        case_id=document["case_id"],
        queue=tuple(document["queue"]),
        tries=document["tries"],
        claim=document["claim"],
    )


def read_delivery(document: Mapping[str, Any]) -> Delivery:
    """The delivery in a document."""
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
