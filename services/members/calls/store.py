"""Calls, whom they are for, and their answers in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Document
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records
from members.area import areas_around_all
from members.calls.call import CALLED, CALLED_ROLES, IN_A_LIST, MOST_CALLED, WITHDRAWN, Call, CallList, Reply, reply_id
from members.people.person import CHANNELS

Audience = tuple[str, Iterable[str], Iterable[str]]
"""Whom a call would be for: district, grids and skills."""


AUDITED = Audited(
    {CALLED: ("grids", "skills", "for", "called", "emergency"), WITHDRAWN: ("called",)},
    lambda document: areas_around_all(document["grids"]),
)
"""Who called so many people, and who called it off and why: neither whom, nor the words of the call."""


class CallStore:
    """Reads and writes calls; whom one is for is fixed with it, and read page by page by who sends it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "calls": [COMMANDS, IndexModel([("forgotten_at", ASCENDING), ("at", ASCENDING)], name="age")],
        "call_lists": [IndexModel([("call_id", ASCENDING), ("last", ASCENDING)], name="call", unique=True)],
        "call_replies": [
            COMMANDS,
            IndexModel([("call_id", ASCENDING), ("coming", ASCENDING)], name="call"),
            IndexModel([("person_id", ASCENDING), ("_id", ASCENDING)], name="person"),
        ],
    }

    def __init__(self, home: Home) -> None:
        self.records: Records[Call] = Records(
            home.outbox("calls", subject="call", published={CALLED, WITHDRAWN}, audited=AUDITED),
            _written,
            _read,
            lambda: Refusal("call_not_found"),
        )
        self.lists: Records[CallList] = Records(
            home.outbox("call_lists", subject="call_list", published=()),
            _list_written,
            _list_read,
            lambda: Refusal("call_not_found"),
        )
        self.replies: Records[Reply] = Records(
            home.outbox("call_replies", subject="reply", published=()),
            _reply_written,
            _reply_read,
            lambda: Refusal("call_not_found"),
        )
        self._people = home.collection("people")

    def called(self, audience: Audience) -> int:
        """How many people a call would be for."""
        return self._people.count_documents(_audience(*audience))

    def audience(self, audience: Audience) -> list[str]:
        """The ids of whom a call would be for, in ascending order; one more than `MOST_CALLED` where it is for more."""
        found = self._people.find(_audience(*audience), {"_id": True}).sort("_id", ASCENDING).limit(MOST_CALLED + 1)
        return [each["_id"] for each in found]

    def issue(self, asked: Asked, called: Outcome[Call], lists: Iterable[Outcome[CallList]]) -> Answer:
        """Keep a call together with whom it is for: the receipt; refuses `command_id_reused`."""
        writings = [
            self.records.opening(asked, called),
            *(self.lists.opening(asked, each, along=True) for each in lists),
        ]
        return self.records.carry_out(asked, writings)

    def page(self, call_id: str, after: str, limit: int) -> list[str]:
        """The first ids of those who were called, after an id, in ascending order."""
        query = {"call_id": call_id, "last": {"$gt": after}}
        found = self.lists.find(query, [("last", ASCENDING)], -(-limit // IN_A_LIST) + 1)
        return [id for kept in found for id in kept.item.people if id > after][:limit]

    def is_called(self, call_id: str, person_ids: Iterable[str]) -> bool:
        """Whether the call was for that person, under whichever id."""
        return any(self._lists(call_id, id) for id in person_ids)

    def answered_as(self, call_id: str, person_ids: Iterable[str]) -> str | None:
        """Under which of a person's ids the call is answered already, None where it is not."""
        return min(self.answered_by(call_id, person_ids), default=None)

    def answered_by(self, call_id: str, person_ids: Iterable[str]) -> set[str]:
        """Under which of these ids the call is answered."""
        query = {"_id": {"$in": [reply_id(call_id, id) for id in person_ids]}, "coming": {"$ne": None}}
        return {kept.item.person_id for kept in self.replies.find(query)}

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

    def known_before(self, time: datetime, limit: int) -> list[Kept[Call]]:
        """Calls for a time before that of which it is still kept whom they were for, the oldest first."""
        query = {"forgotten_at": None, "at": {"$lt": time}}
        return self.records.find(query, [("at", ASCENDING), ("_id", ASCENDING)], limit)

    def forget_people(self, call_id: str) -> None:
        """Keep nothing of whom the call was for, and of who answered what."""
        for each in (self.replies, self.lists):
            each.outbox.collection.delete_many({"call_id": call_id})

    def _lists(self, call_id: str, id: str) -> bool:
        """Whether the id stands in the one list of the call in which it would."""
        found = self.lists.find({"call_id": call_id, "last": {"$gte": id}}, [("last", ASCENDING)], 1)
        return any(id in kept.item.people for kept in found)


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
    # What was issued before there were emergencies and withdrawals says nothing of them.
    plain = {name: found[name] for name in Call.__dataclass_fields__ if name in found}
    lists = {name: tuple(plain[name]) for name in ("grids", "skills", "tally") if plain.get(name) is not None}
    return Call(found["_id"], **(plain | lists))


def _list_written(some: CallList) -> Document:
    people = list(some.people)
    return {"_id": some.id, "call_id": some.call_id, "tenant": some.tenant, "last": people[-1], "people": people}


def _list_read(found: Mapping[str, Any]) -> CallList:
    return CallList(found["_id"], found["call_id"], found["tenant"], tuple(found["people"]))


def _reply_written(reply: Reply) -> Document:
    return {"_id": reply.id, **{name: value for name, value in vars(reply).items() if name != "id"}}


def _reply_read(found: Mapping[str, Any]) -> Reply:
    return Reply(found["_id"], **{name: found[name] for name in Reply.__dataclass_fields__ if name != "id"})
