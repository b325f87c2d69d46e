"""Lists of people in the database, bound to the scopes of who reads them; and who was told a phone, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from members.area import tenant_of
from members.people.documents import read
from members.people.store import Enrolled
from members.registry.sight import Bound, Row, scopes

FILTERS: Mapping[str, str] = {
    "role": "grants.role",
    "skill": "skills",
    "area": "areas",
    "unit_id": "unit_id",
    "registered_with": "registered_with",
    "tag": "shown_tags",
    "active": "active",
}
"""The field of the document that each filter asks for."""

INDEXED = ("grants.role", "skills", "unit_id", "registered_with", "shown_tags")


class RollStore:
    """Reads people page by page."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "people": [
            IndexModel([("areas", ASCENDING), ("_id", ASCENDING)], name="area"),
            *(
                IndexModel([("tenant", ASCENDING), (field, ASCENDING), ("_id", ASCENDING)], name=f"by_{field}")
                for field in INDEXED
            ),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._people = home.collection("people")

    def page(
        self, caller: Caller, row: Row, filters: Mapping[str, Any], after: str | None, limit: int
    ) -> list[Enrolled]:
        """The first people after that id whom the row reaches and the filters let through, by id."""
        wanted = {FILTERS[name]: value for name, value in filters.items()}
        query: Document = {
            "$and": [_bound(caller, row), wanted, {"merged_into": None}],
            **({"_id": {"$gt": after}} if after else {}),
        }
        found = self._people.find(query, {"history": False}).sort("_id", ASCENDING).limit(limit)
        return [(read(document), document["phone"]) for document in found]


class RevealStore:
    """The trace of who was told which phone, when and why: written once, never changed."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "reveals": [
            IndexModel([("person_id", ASCENDING), ("at", DESCENDING)], name="person"),
            IndexModel([("worker_id", ASCENDING), ("at", DESCENDING)], name="worker"),
            IndexModel([("at", ASCENDING)], name="age"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._reveals = home.collection("reveals")

    def note(self, key: str, digest: str, reveal: Mapping[str, Any]) -> None:
        """Keep one reveal; the same command again keeps nothing more. Refuses `command_id_reused`."""
        try:
            self._reveals.insert_one({"_id": key, "digest": digest, **reveal})
        except DuplicateKeyError:
            if not self._reveals.find_one({"_id": key, "digest": digest}, {"_id": True}):
                raise Refusal("command_id_reused") from None

    def forget_before(self, moment: datetime) -> int:
        """Retention of what is older is over; how much that was."""
        return self._reveals.delete_many({"at": {"$lt": moment}}).deleted_count

    def of_person(self, person_ids: Iterable[str], worker_ids: Iterable[str]) -> list[Document]:
        """Every reveal of a person's phone, newest first: under any of the ids, and of the workers before the link."""
        unlinked = {"worker_id": {"$in": sorted(worker_ids)}, "person_id": None}
        query = {"$or": [{"person_id": {"$in": sorted(person_ids)}}, unlinked]}
        return list(self._reveals.find(query).sort("at", DESCENDING))


def _bound(caller: Caller, row: Row) -> Document:
    held = scopes(caller, row.role)
    tenants = sorted({tenant_of(scope) for scope in held})
    if row.bound is Bound.UNIT:
        return {"tenant": {"$in": tenants}, "unit_id": caller.unit}
    riders = {"grants.role": "rider"} if row.bound is Bound.RIDERS else {}
    return {"tenant": {"$in": tenants}, "areas": {"$in": held}, **riders}
