"""Calls and their answers in the database, and whom a call is for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Kept, Records
from members.calls.call import CALLED_ROLES, Call, Reply, reply_id
from members.people.person import CHANNELS


class CallStore:
    """Reads and writes calls; who sends them asks for their people page by page."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "calls": [COMMANDS],
        "call_replies": [
            COMMANDS,
            IndexModel([("call_id", ASCENDING), ("coming", ASCENDING)], name="call"),
            IndexModel([("person_id", ASCENDING), ("_id", ASCENDING)], name="person"),
        ],
    }

    def __init__(self, home: Home) -> None:
        self.records: Records[Call] = Records(
            home.outbox("calls", subject="call", published=()),
            _written,
            _read,
            lambda: Refusal("call_not_found"),
        )
        self.replies: Records[Reply] = Records(
            home.outbox("call_replies", subject="reply", published=()),
            _reply_written,
            _reply_read,
            lambda: Refusal("call_not_found"),
        )
        self._people = home.collection("people")

    def called(self, call_to: tuple[str, Iterable[str], Iterable[str]]) -> int:
        """How many people a call is for: district, grids and skills."""
        return self._people.count_documents(_audience(*call_to))

    def page(self, call: Call, after: str, limit: int) -> list[str]:
        """The ids of the first people whom the call is for, after an id."""
        query = {**_audience(call.tenant, call.grids, call.skills), "_id": {"$gt": after}}
        found = self._people.find(query, {"_id": True}).sort("_id", ASCENDING).limit(limit)
        return [each["_id"] for each in found]

    def is_called(self, call: Call, person_id: str) -> bool:
        """Whether the call is for that person."""
        query = {**_audience(call.tenant, call.grids, call.skills), "_id": person_id}
        return self._people.count_documents(query, limit=1) > 0

    def answered_as(self, call_id: str, person_ids: Iterable[str]) -> str | None:
        """Under which of a person's ids the call is answered already, None where it is not."""
        query = {"_id": {"$in": [reply_id(call_id, id) for id in person_ids]}, "coming": {"$ne": None}}
        return next((kept.item.person_id for kept in self.replies.find(query, limit=1)), None)

    def of_person(self, person_ids: Iterable[str]) -> list[Kept[Reply]]:
        """Everything that a person answered, under whichever id."""
        return self.replies.find({"person_id": {"$in": sorted(person_ids)}}, [("person_id", 1), ("_id", 1)])

    def counts(self, call_id: str) -> dict[bool, int]:
        """How many come, and how many do not."""
        rows = self.replies.outbox.collection.aggregate(
            [
                {"$match": {"call_id": call_id, "coming": {"$in": [True, False]}}},
                {"$group": {"_id": "$coming", "people": {"$sum": 1}}},
            ]
        )
        return {row["_id"]: row["people"] for row in rows}


def _audience(tenant: str, grids: Iterable[str], skills: Iterable[str]) -> Document:
    """Active members of these grids, each once, who have not declined every way of being reached."""
    wanted = sorted(skills)
    return {
        "tenant": tenant,
        "areas": {"$in": sorted(grids)},
        "active": True,
        "merged_into": None,
        "grants.role": {"$in": list(CALLED_ROLES)},
        "declined": {"$not": {"$all": list(CHANNELS)}},
        **({"skills": {"$in": wanted}} if wanted else {}),
    }


def _written(call: Call) -> Document:
    plain = {name: value for name, value in vars(call).items() if name != "id"}
    return {"_id": call.id, **plain, "grids": list(call.grids), "skills": list(call.skills)}


def _read(found: Mapping[str, Any]) -> Call:
    plain = {name: found[name] for name in Call.__dataclass_fields__ if name != "id"}
    return Call(found["_id"], **{**plain, "grids": tuple(found["grids"]), "skills": tuple(found["skills"])})


def _reply_written(reply: Reply) -> Document:
    return {"_id": reply.id, **{name: value for name, value in vars(reply).items() if name != "id"}}


def _reply_read(found: Mapping[str, Any]) -> Reply:
    return Reply(found["_id"], **{name: found[name] for name in Reply.__dataclass_fields__ if name != "id"})
