"""Documents whose personal data is over: finding them with their history, and writing both without anybody in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne

from cases.store.case_document import as_assignee, as_reporter
from chassis.mongo import Home
from chassis.outbox import Addition, Document, Entry, Outbox

MOVED_BY = "history.by.id"

REMEMBERED = timedelta(days=3)
"""How long it is looked for somebody who was deleted, in real time: as long as a sign-in or an event may come late."""


def over(outbox: Outbox, now: datetime, limit: int) -> list[Document]:
    """Whole documents of which the personal data is over, those first that have been so the longest."""
    return list(outbox.collection.find({"forget_at": {"$lte": now}}).sort("forget_at", ASCENDING).limit(limit))


def number_over(outbox: Outbox, now: datetime, status: str | None = None) -> int:
    """How many documents there are of which the personal data is over, of one status if it is named."""
    return outbox.collection.count_documents({"forget_at": {"$lte": now}} | ({"status": status} if status else {}))


def cases_of(outbox: Outbox, ids: Iterable[str], limit: int) -> list[Document]:
    """Whole documents of cases that people reported, follow or quarrel in."""
    mine = list(ids)
    own = {"concerned": {"$in": [as_reporter(id) for id in mine]}, "reporter.id": {"$in": mine}}
    ways = [own, {"followers.reporter_id": {"$in": mine}}, {"mediation.parties.person_id": {"$in": mine}}]
    return list(outbox.collection.find({"$or": ways}).limit(limit))


def handled_by(outbox: Outbox, ids: Iterable[str]) -> list[Document]:
    """Documents of cases that are given to people, or were when they ended, without their history."""
    given = {"concerned": {"$in": [as_assignee(id) for id in ids]}}
    return list(outbox.collection.find(given, {"history": False}))


def demands_of(outbox: Outbox, ids: Iterable[str], limit: int) -> list[Document]:
    """Whole documents of what people asked for themselves, or somebody wrote down for them."""
    mine = list(ids)
    return list(outbox.collection.find({"mine": {"$in": mine}, "asker.id": {"$in": mine}}).limit(limit))


def resources_of(outbox: Outbox, ids: Iterable[str], limit: int) -> list[Document]:
    """Whole documents of what people offered themselves, or for their units."""
    mine = list(ids)
    ways: list[Document] = [{"mine": {"$in": mine}}, {"offered_by": {"$in": mine}}]
    return list(outbox.collection.find({"$or": ways}).limit(limit))


def sessions_of(outbox: Outbox, ids: Iterable[str], limit: int) -> list[Document]:
    """Whole documents of sessions that people came to."""
    return list(outbox.collection.find({"attendees.person_id": {"$in": list(ids)}}).limit(limit))


def sessions_held_by(outbox: Outbox, ids: Iterable[str]) -> list[Document]:
    """Documents of sessions that people held, without their history."""
    return list(outbox.collection.find({"host_id": {"$in": list(ids)}}, {"history": False}))


def exclusions_of(outbox: Outbox, ids: Iterable[str]) -> list[Document]:
    """What there is about exclusions that people proposed or decided, case by case."""
    mine, there = {"$in": list(ids)}, {"exclusion.state": {"$exists": True}}
    ways = [{"exclusion.proposed_by": mine, **there}, {"exclusion.decided_by": mine, **there}]
    return list(outbox.collection.find({"$or": ways}, {"number": True, "exclusion": True}))


def moved_by(outbox: Outbox, ids: Iterable[str]) -> list[Document]:
    """Whole documents with which people did something, be it that they opened them."""
    return list(outbox.collection.find({MOVED_BY: {"$in": list(ids)}}))


def rewritten(
    outbox: Outbox,
    found: Mapping[str, Any],
    entry: Entry,
    change: Mapping[str, Mapping[str, Any]],
    earlier: Sequence[Mapping[str, Any]],
) -> None:
    """Write the next version of what was found, with its history as it reads now; raises chassis' StaleVersion."""
    outbox.append_to_all([Addition(found["_id"], found["version"], [entry], change, earlier)])


def marked(
    outbox: Outbox, over_at: Callable[[Mapping[str, Any]], datetime | None], after: str, limit: int
) -> str | None:
    """Note in the next documents when they are over, where that is missing: older releases noted nothing.

    The id after which to go on; None after the last.
    """
    page = {"_id": {"$gt": after}} if after else {}
    found = list(outbox.collection.find(page, {"history": False}).sort("_id", ASCENDING).limit(limit))
    ends = [(each, over_at(each)) for each in found if "forget_at" not in each]
    updates = [
        UpdateOne({"_id": each["_id"], "version": each["version"]}, {"$set": {"forget_at": at}})
        for each, at in ends
        if at is not None
    ]
    if updates:
        outbox.collection.bulk_write(updates, ordered=False)
    return str(found[-1]["_id"]) if len(found) == limit else None


class RetentionStore:
    """The trace of each run that let something go, and who was deleted lately."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "retention_runs": [IndexModel([("at", DESCENDING)], name="at")],
        "deleted_people": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
    }

    def __init__(self, home: Home) -> None:
        self._runs = home.collection("retention_runs")
        self._deleted = home.collection("deleted_people")

    def note_run(self, id: str, at: datetime, by: str, counts: Mapping[str, int]) -> None:
        """Keep what a run has let go: how many of what, never who."""
        self._runs.insert_one({"_id": id, "at": at, "by": by, "counts": dict(counts)})

    def runs(self, limit: int) -> list[Document]:
        """The latest runs that let something go."""
        return list(self._runs.find().sort("at", DESCENDING).limit(limit))

    def note_deleted(self, ids: Sequence[str]) -> None:
        """Somebody was deleted, who was known under these ids."""
        for id in ids:
            self._deleted.update_one({"_id": id}, {"$set": {"forget_at": datetime.now(UTC) + REMEMBERED}}, upsert=True)

    def deleted_lately(self) -> list[str]:
        """The ids of everybody who was deleted lately."""
        return [row["_id"] for row in self._deleted.find().sort("_id")]
