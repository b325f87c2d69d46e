"""Who was told how to reach a reporter, when and why: the trace that each reveal leaves (docs/domain.md §5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document


class ContactStore:
    """Writes the trace, and reads it for a case."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "reveals": [
            IndexModel([("case_id", ASCENDING), ("at", DESCENDING)], name="case"),
            IndexModel([("at", ASCENDING)], name="at"),
            IndexModel([("demand_id", ASCENDING)], name="demand", sparse=True),
            IndexModel([("session_id", ASCENDING)], name="session", sparse=True),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._reveals = home.collection("reveals")

    def note(self, key: str, digest: str, reveal: Mapping[str, Any]) -> None:
        """Keep one reveal; the same command again keeps nothing more.

        Refuses `command_id_reused` for another case or reason: nobody is told without a row of its own.
        """
        try:
            self._reveals.insert_one({"_id": key, "digest": digest, **reveal})
        except DuplicateKeyError:
            if not self._reveals.find_one({"_id": key, "digest": digest}, {"_id": True}):
                raise Refusal("command_id_reused") from None

    def of_case(self, case_id: str) -> list[Document]:
        """Every reveal of a case, newest first."""
        return list(self._reveals.find({"case_id": case_id}).sort("at", DESCENDING))

    def forget_before(self, since: datetime) -> int:
        """Drop what was told before that instant; how much it was."""
        return self._reveals.delete_many({"at": {"$lt": since}}).deleted_count

    def told_before(self, since: datetime) -> int:
        """How much was told before that instant and is still kept."""
        return self._reveals.count_documents({"at": {"$lt": since}})

    def told_of(self, ids: Collection[str]) -> list[Document]:
        """Every time when somebody was told a contact of one of these cases, demands or sessions, newest first."""
        mine = [{field: {"$in": sorted(ids)}} for field in ("case_id", "demand_id", "session_id")]
        return list(self._reveals.find({"$or": mine}).sort("at", DESCENDING)) if ids else []
