"""People in the database, with their history and their sealed phones; whom a task may be offered to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.caller import Grant
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from members.compound import Point
from members.duty import COMMUNITY_DIGITS, ON_DUTY, ROLES, parts
from members.grid import tenant_of
from members.matching import Task
from members.person import LOCAL, Person
from members.store.commands import answer_of
from members.store.person_document import read, written

LEFT = "person.left"
"""All that others hear of a person."""

POOL = 100
"""How many of the nearest are looked at for each wanted skill, among the free and among all."""

SCOPE_LENGTHS = (6, 9, 12, 15)
"""Digits of the scopes within a district: district, town, community, grid (docs/domain.md §2.5)."""

FACTS = {"history": False, "phone": False}


class PeopleStore:
    """Reads and writes people."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "people": [
            IndexModel([("tenant", ASCENDING), ("serves", ASCENDING), ("location", GEOSPHERE)], name="near"),
            IndexModel([("tenant", ASCENDING), ("skills", ASCENDING), ("location", GEOSPHERE)], name="skilled_near"),
            IndexModel([("grants.role", ASCENDING), ("grants.scope", ASCENDING)], name="granted"),
            IndexModel(
                [("unit_id", ASCENDING)], name="contacts", partialFilterExpression={"grants.role": "unit_contact"}
            ),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("people", subject="person", published=(LEFT,))
        self._people = self._outbox.collection

    def add(self, people: Iterable[tuple[Person, str | None, Entry]]) -> int:
        """Insert people with their sealed phones, as far as their ids are new; how many there were."""
        documents = [
            self._outbox.sealed({**written(person), "phone": phone}, [entry]) for person, phone, entry in people
        ]
        if documents:
            self._people.insert_many(documents, ordered=False)
        return len(documents)

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that are taken."""
        return set(self._people.distinct("_id", {"_id": {"$in": list(ids)}}))

    def person(self, id: str) -> Person | None:
        """The person of that id."""
        return next(iter(self.people([id])), None)

    def people(self, ids: Sequence[str], tenant: str | None = None) -> list[Person]:
        """The people who exist among `ids`, within one district if it is named."""
        query = {"_id": {"$in": list(ids)}} | ({"tenant": tenant} if tenant else {})
        return [read(found) for found in self._people.find(query, FACTS)]

    def versioned(self, id: str) -> tuple[Person, int] | None:
        """The person with the version, for a change that expects it."""
        found = self._people.find_one({"_id": id}, FACTS)
        return (read(found), int(found["version"])) if found else None

    def change(self, person: Person, version: int, entry: Entry) -> None:
        """Write the person over version `version`, with the entry; raises chassis' StaleVersion."""
        fields = written(person)
        self._outbox.append(fields.pop("_id"), version, [entry], {"$set": fields})

    def answer_of(self, id: str, command: str, digest: str) -> Mapping[str, Any] | None:
        """What the command answered the first time (see `answer_of`)."""
        return answer_of(self._outbox, id, command, digest)

    def with_phones(self, ids: Sequence[str], tenant: str | None = None) -> list[tuple[Person, str | None]]:
        """The people who exist among `ids`, and who speaks for the units among them now, with sealed phones."""
        wanted = {"$in": list(ids)}
        query: Document = {"$or": [{"_id": wanted}, {"unit_id": wanted, "grants.role": "unit_contact", "active": True}]}
        query |= {"tenant": tenant} if tenant else {}
        return [(read(found), found["phone"]) for found in self._people.find(query, {"history": False})]

    def on_duty(self, grid_code: str) -> dict[str, list[str]]:
        """For each part of `ON_DUTY`, the ids of the active people who have it for the grid."""
        scopes = [*(grid_code[:length] for length in SCOPE_LENGTHS), re.compile(f"^{grid_code[:COMMUNITY_DIGITS]}")]
        held = {"role": {"$in": sorted(ROLES)}, "scope": {"$in": scopes}}
        query = {"grants": {"$elemMatch": held}, "tenant": tenant_of(grid_code), "active": True}
        found: dict[str, list[str]] = {part: [] for part in ON_DUTY}
        for row in self._people.find(query, {"grants": True}).sort("_id"):
            for part in parts((Grant(**grant) for grant in row["grants"]), grid_code):
                found[part].append(row["_id"])
        return found

    def pool(self, task: Task, around: Point) -> list[Person]:
        """The nearest who may suit the task: for each wanted skill, the free ones and then anyone."""
        skills: list[str | None] = [*sorted(task.skills)] or [None]
        found: dict[str, Person] = {}
        for skill, free in product(skills, (True, False)):
            query = {**_suited(task, skill), **(_free(task.at) if free else {}), "location": _near(around)}
            found |= {person.id: person for person in self._nearest(query)}
        return list(found.values())

    def _nearest(self, query: Document) -> Iterator[Person]:
        return (read(document) for document in self._people.find(query, FACTS).limit(POOL))


def _suited(task: Task, skill: str | None) -> Document:
    """The part of the matching rule that the database can answer."""
    day = task.at.astimezone(LOCAL).date().isoformat()
    licences = [
        {"certificates": {"$elemMatch": {"kind": kind, "valid_until": {"$gte": day}}}}
        for kind in sorted(task.certificates)
    ]
    return {
        "tenant": tenant_of(task.grid_code),
        "serves": True,
        "_id": {"$nin": sorted(task.exclude)},
        **({"skills": skill} if skill else {}),
        **({"$and": licences} if licences else {}),
    }


def _free(moment: datetime) -> Document:
    local = moment.astimezone(LOCAL)
    now = f"{local:%H:%M}"
    return {"free_times": {"$elemMatch": {"weekday": local.weekday(), "start": {"$lte": now}, "end": {"$gt": now}}}}


def _near(point: Point) -> Document:
    return {"$nearSphere": {"$geometry": {"type": "Point", "coordinates": list(point)}}}
