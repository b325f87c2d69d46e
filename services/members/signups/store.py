"""Sign-ups in the database: indexes see to it that no seat, no place in a task and nobody's time is given twice."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records, carried_out
from members.activities.store import on_days
from members.signups.documents import read, written
from members.signups.signup import ASKED, UNASKED, Signup, State, signup_id

FIRST_ASKED = (("asked_at", ASCENDING), ("_id", ASCENDING))
BY_BEGIN = (("begins", ASCENDING), ("_id", ASCENDING))
EVENT_TYPES = (*ASKED, *UNASKED)

LIVE = {"$in": [State.IN.value, State.WAITING.value]}


@dataclass(frozen=True)
class Taken:
    """Which seats of an activity are taken, which places of each of its tasks, how many are in, how many wait."""

    seats: frozenset[int]
    tasks: Mapping[str, frozenset[int]]
    inside: int
    waiting: int


def _once(name: str, *keys: str) -> IndexModel:
    number = {keys[-1]: {"$type": "number"}}
    return IndexModel([(key, ASCENDING) for key in keys], name=name, unique=True, partialFilterExpression=number)


class SignupStore:
    """Reads and writes sign-ups; others hear of those that are told something they did not ask for, and of leaving."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "signups": [
            COMMANDS,
            _once("seats", "activity_id", "seat"),
            _once("task_seats", "activity_id", "task_id", "task_seat"),
            _once("busy", "person_id", "busy"),
            IndexModel([("activity_id", ASCENDING), ("state", ASCENDING), *FIRST_ASKED], name="activity"),
            IndexModel([("person_id", ASCENDING), *BY_BEGIN], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("signups", subject="signup", published=EVENT_TYPES)
        self.records: Records[Signup] = Records(self._outbox, written, read, lambda: Refusal("signup_not_found"))

    def of_activity(
        self, activity_id: str, states: Collection[State] = (State.IN, State.WAITING)
    ) -> list[Kept[Signup]]:
        """The sign-ups for an activity in these states, the first to ask first."""
        return self.records.find({"activity_id": activity_id, "state": _any(states)}, FIRST_ASKED)

    def count_inside(self, activity_id: str) -> int:
        """How many have a place."""
        return self._outbox.collection.count_documents({"activity_id": activity_id, "state": State.IN.value})

    def first_waiting(self, activity_id: str, limit: int) -> list[Kept[Signup]]:
        """So many of those who wait, the first to ask first."""
        return self.records.find({"activity_id": activity_id, "state": State.WAITING.value}, FIRST_ASKED, limit)

    def of_person(
        self,
        person_ids: Iterable[str],
        first: datetime | None = None,
        until: datetime | None = None,
        *,
        ending_after: datetime | None = None,
        states: Collection[State] = (State.IN, State.WAITING),
    ) -> list[Kept[Signup]]:
        """A person's, under whichever id, for what begins from the one instant to the other, excluded.

        Or, `until` then, for what ends after an instant.
        """
        query: Document = {"person_id": {"$in": sorted(person_ids)}, "state": _any(states)}
        if span := {name: at for name, at in (("$gte", first), ("$lt", until)) if at is not None}:
            query["begins"] = span
        if ending_after is not None:
            query["ends"] = {"$gt": ending_after}
        return self.records.find(query, BY_BEGIN)

    def own(self, activity_id: str, person_ids: Iterable[str]) -> list[Kept[Signup]]:
        """A person's for that activity, under whichever id, left or not."""
        return self.records.find({"_id": {"$in": [signup_id(activity_id, id) for id in person_ids]}})

    def before(self, signup: Signup) -> int:
        """How many wait before it."""
        earlier = following("asked_at", -1, (signup.asked_at, signup.id))
        query = {"activity_id": signup.activity_id, "state": State.WAITING.value, **earlier}
        return self._outbox.collection.count_documents(query)

    def taken(self, activity_id: str) -> Taken:
        """Which places are taken now."""
        shown = {"state": True, "seat": True, "task_id": True, "task_seat": True}
        rows = list(self._outbox.collection.find({"activity_id": activity_id, "state": LIVE}, shown))
        inside = [row for row in rows if row["state"] == State.IN.value]
        tasks: dict[str, set[int]] = {}
        for row in inside:
            if row["task_seat"] is not None:
                tasks.setdefault(row["task_id"], set()).add(row["task_seat"])
        seats = frozenset(row["seat"] for row in inside if row["seat"] is not None)
        return Taken(seats, {id: frozenset(had) for id, had in tasks.items()}, len(inside), len(rows) - len(inside))

    def page(self, activity_id: str, state: str | None, after: After | None, limit: int) -> list[Kept[Signup]]:
        """The first for an activity, by when they were asked for; without those who left unless they are wanted."""
        query = {"activity_id": activity_id, "state": state or LIVE}
        return self.records.find(query | following("asked_at", ASCENDING, after), FIRST_ASKED, limit)

    def page_of_person(
        self, person_ids: Iterable[str], filters: Mapping[str, Any], after: After | None, limit: int
    ) -> list[Kept[Signup]]:
        """The first of a person, under whichever id, by when they begin; likewise without those left."""
        query: Document = {"person_id": {"$in": sorted(person_ids)}, "state": filters.get("state", LIVE)}
        if begins := on_days(filters):
            query["begins"] = begins
        return self.records.find({"$and": [query, following("begins", ASCENDING, after)]}, BY_BEGIN, limit)

    def enter(self, asked: Asked, id: str, decide: Callable[[Signup | None], Outcome[Signup]]) -> Answer:
        """Open the sign-up of that id, or change the one that there is, as `decide` makes of it.

        Raises StaleVersion, and DuplicateKeyError for a place that is taken.
        """
        found = next(iter(self.records.find({"_id": id}, limit=1)), None)
        outcome = decide(found.item if found else None)
        records = self.records
        writing = records.changing(asked, found, outcome) if found else records.opening(asked, outcome)
        return carried_out([writing])[0]

    def change(self, asked: Asked, kept: Kept[Signup], outcome: Outcome[Signup]) -> None:
        """Write what nobody asked for; raises StaleVersion, and DuplicateKeyError for a place that is taken."""
        carried_out([self.records.changing(asked, kept, outcome, along=True)])


def meets_own(error: DuplicateKeyError) -> bool:
    """Whether it is the person's own time that is taken, and not a place."""
    return "busy" in ((error.details or {}).get("keyPattern") or {})


def _any(states: Collection[State]) -> Document:
    return {"$in": sorted(state.value for state in states)}
