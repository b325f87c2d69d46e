"""Which queues a service has had, noted in its database: so that one that was deleted is told from a new one."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from chassis import topology
from chassis.ids import new_id
from chassis.mongo import KEPT
from chassis.outbox import Document


class Attachments:
    """One note for each queue: whether it was lost, and then under which token, until what it missed is handled."""

    def __init__(self, database: Database[Document]) -> None:
        self._notes: Collection[Document] = database.get_collection("attachments", write_concern=KEPT)

    def declare(self, connection: Any, queue: str, declared: Callable[[], None]) -> str | None:
        """Have the queue declared; the token of its loss, where it was there once and what it missed is not handled.

        The loss is noted before the queue is there again: who is killed in between leaves the note to its successor.
        """
        if not topology.exists(connection, queue):
            self._notes.update_one({"_id": queue}, {"$set": {"lost": new_id()}})
        declared()
        # Read after the queue is there: whoever made it again had noted the loss before.
        note = self._notes.find_one({"_id": queue})
        if note is None:
            self._notes.update_one({"_id": queue}, {"$setOnInsert": {"lost": None}}, upsert=True)
            return None
        token: str | None = note["lost"]
        return token

    def declare_waiting(self, connection: Any, queues: Sequence[str], declared: Callable[[], None]) -> None:
        """Have the queues declared in which letters of all others wait; with one of them each of those lost some."""
        known = {note["_id"] for note in self._notes.find({"_id": {"$in": list(queues)}})}
        if any(queue in known and not topology.exists(connection, queue) for queue in queues):
            self._notes.update_many({"lost": {"$exists": True}}, {"$set": {"lost": new_id()}})
        declared()
        for queue in set(queues) - known:
            self._notes.update_one({"_id": queue}, {"$setOnInsert": {"waiting": True}}, upsert=True)

    def caught_up(self, queue: str, token: str) -> None:
        """What was missed by this loss is handled; a later loss stays noted."""
        self._notes.update_one({"_id": queue, "lost": token}, {"$set": {"lost": None}})
