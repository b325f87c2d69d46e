"""Who follows which case because the own report was merged into it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel, UpdateOne

from chassis.mongo import Home


class FollowerStore:
    """One document for each case and follower."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "followers": [IndexModel([("case_id", ASCENDING)], name="case")]
    }

    def __init__(self, home: Home) -> None:
        self._followers = home.collection("followers")

    def of(self, case_id: str) -> tuple[str, ...]:
        """The followers of a case."""
        found = self._followers.find({"case_id": case_id}, {"person_id": True}).sort("_id")
        return tuple(each["person_id"] for each in found)

    def add(self, case_id: str, person_ids: Sequence[str]) -> None:
        """Let these people follow the case too; adding them again changes nothing."""
        rows: list[dict[str, Any]] = [
            {"_id": f"{case_id}:{person_id}", "case_id": case_id, "person_id": person_id} for person_id in person_ids
        ]
        updates = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in rows]
        if updates:
            self._followers.bulk_write(updates, ordered=False)
