"""People in the database, with their history and their sealed phones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, GEOSPHERE, IndexModel

from chassis.caller import Grant
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Addition, Audited, Document, Entry, StaleVersion, written_together
from chassis.records import COMMANDS, Kept, Outcome, Records, Writing
from members.area import COMMUNITY_DIGITS, SCOPE_LENGTHS, tenant_of
from members.commands import answer_of
from members.people.documents import read, written
from members.people.duty import ON_DUTY, ROLES, parts
from members.people.person import Person
from members.people.sign_in_change import SignInChange
from members.role import ROLES as EVERY_ROLE

LEFT = "person.left"
ERASURE = "person.erased"
SIGN_IN_CHANGED = "person.sign_in_changed"
"""All that others hear of a person: that they left, that everything personal is to go, what they sign in by anew."""

CORRECTED = "person.corrected"
"""Somebody else has changed what stands about a person; what they change themselves is `person.changed`."""

MERGED = "person.merged"
"""Stands in the history alone: other services learn of former ids from the caller (decision record 0028)."""

Enrolled = tuple[Person, str | None]
"""A person with the sealed phone."""

MOST_TURNS = 500
"""Whose roles are turned in one go."""

FACTS = {"history": False, "phone": False}


AUDITED = Audited(
    {
        "person.registered": ("roles",),
        "person.role_granted": ("role", "scope"),
        "person.role_revoked": ("role", "scope"),
        MERGED: (),
        CORRECTED: ("fields",),
        LEFT: (),
        ERASURE: (),
    },
    lambda document: sorted({document["tenant"], *document["areas"]}, key=len),
)
"""Who was given or lost a role, was corrected by others, joined with another, has left or was erased."""


class PeopleStore:
    """Reads and writes people: `records` without their phones, `enrolled` with them."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "people": [
            COMMANDS,
            IndexModel([("turn_at", ASCENDING)], name="turns"),
            IndexModel([("erased_at", ASCENDING), ("left_at", ASCENDING)], name="left"),
            IndexModel([("tenant", ASCENDING), ("serves", ASCENDING), ("location", GEOSPHERE)], name="near"),
            IndexModel([("tenant", ASCENDING), ("skills", ASCENDING), ("location", GEOSPHERE)], name="skilled_near"),
            IndexModel(
                [("tenant", ASCENDING), ("serves", ASCENDING), ("skills", ASCENDING)],
                name="without_home",
                partialFilterExpression={"location": None},
            ),
            IndexModel([("grants.role", ASCENDING), ("grants.scope", ASCENDING)], name="granted"),
            IndexModel([("unit_id", ASCENDING), ("grants.role", ASCENDING), ("active", ASCENDING)], name="of_unit"),
            IndexModel(
                [("unit_id", ASCENDING)], name="contacts", partialFilterExpression={"grants.role": "unit_contact"}
            ),
            IndexModel([("written_at", ASCENDING)], name="narrowed", partialFilterExpression={"narrowed": {"$gt": 0}}),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox(
            "people", subject="person", published=(LEFT, ERASURE, SIGN_IN_CHANGED), audited=AUDITED
        )
        self._people = self._outbox.collection
        self.records: Records[Person] = Records(self._outbox, written, read, _missing)
        self.enrolled: Records[Enrolled] = Records(self._outbox, _with_phone, _enrolled, _missing)

    def add(self, people: Iterable[tuple[Person, str | None, Entry]]) -> int:
        """Insert people with their sealed phones, as far as their ids are new; how many there were."""
        documents = [
            self._outbox.sealed({**written(person.since(entry.at)), "phone": phone}, [entry])
            for person, phone, entry in people
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

    def as_asked(self, ids: Sequence[str], tenant: str | None = None) -> list[tuple[str, Person]]:
        """The people of the ids by which they were asked for: of one that was merged, whom it turned out to be."""
        return [(found.id, self.now(found)) for found in self.people(ids, tenant)]

    def now(self, person: Person) -> Person:
        """Whom the person turned out to be."""
        while person.merged_into is not None:
            person = self.records.load(person.merged_into, [person.tenant]).item
        return person

    def whole(self, ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Who these ids are now, each person once, with every id of theirs; an id that nobody has stands for itself."""
        wanted = sorted(set(ids))
        found = dict(self.as_asked(wanted))
        nobody = {id: frozenset({id}) for id in wanted if id not in found}
        return {person.id: person.ids for person in found.values()} | nobody

    def enrolled_as(self, id: str) -> Enrolled | None:
        """The person, or whom that id turned out to be, with the sealed phone."""
        found = self._people.find_one({"_id": id}, {"history": False})
        while found is not None and found["merged_into"] is not None:
            found = self._people.find_one({"_id": found["merged_into"]}, {"history": False})
        return _enrolled(found) if found else None

    def left_before(self, moment: datetime, most: int) -> list[Kept[Person]]:
        """So many of those who left before that moment and are not erased yet, the earliest first."""
        query = {"left_at": {"$lt": moment}, "erased_at": None}
        return self.records.find(query, [("left_at", ASCENDING)], most)

    def narrowed_since(self, moment: datetime, after: str, limit: int) -> list[tuple[str, int]]:
        """So many of those from whom something was taken and who were written since then, by their ids after that one.

        Each with how often that was; `moment` is real time.
        """
        query = {"narrowed": {"$gt": 0}, "written_at": {"$gte": moment}, "_id": {"$gt": after}}
        found = self._people.find(query, {"narrowed": True}).hint("narrowed").sort("_id", ASCENDING).limit(limit)
        return [(each["_id"], each["narrowed"]) for each in found]

    def turn(self, now: datetime) -> int:
        """Let roles begin and end whose time has come; how many people's did."""
        due = self.records.find({"turn_at": {"$lte": now}}, limit=MOST_TURNS)
        return sum(self._turned(kept, now) for kept in due)

    def versioned(self, id: str) -> tuple[Person, int] | None:
        """The person with the version, for a change that expects it."""
        found = self._people.find_one({"_id": id}, FACTS)
        return (read(found), int(found["version"])) if found else None

    def change(self, person: Person, version: int, entry: Entry, along: Sequence[Writing] = ()) -> None:
        """Write the person over version `version` with the entry, and what goes along: all or, stale, none."""
        self._write(written(person), version, [entry], along)

    def erase(self, person: Person, version: int, entries: Sequence[Entry], along: Sequence[Writing] = ()) -> None:
        """The same with several entries for a person of whom nothing personal is left, the phone neither."""
        self._write(_with_phone((person, None)), version, entries, along)

    def changing(self, person: Person, version: int, entry: Entry) -> Writing:
        """The writing of the person over version `version`, to be carried out with others."""
        return self._writing(written(person), version, [entry])

    def telling(self, asked: Asked, kept: Kept[Person], change: SignInChange, role: str = "") -> Writing:
        """What tells somebody of a change of their sign-in, to be carried out with it.

        Like `Records.unchanged` it lets that be written only while the person is still as they were loaded.
        """
        outcome = Outcome(kept.item, SIGN_IN_CHANGED, {"change": change.value}, role)
        return self.records.changing(asked, kept, outcome, along=True)

    def in_service(self, unit_id: str) -> list[str]:
        """The ids of the members in service who belong to the unit now."""
        query = {"unit_id": unit_id, "grants.role": "in_service_member", "active": True}
        return [found["_id"] for found in self._people.find(query, {"_id": True}).sort("_id", ASCENDING)]

    def in_service_at(self, unit_id: str, at: datetime) -> list[str]:
        """The ids of those of the unit who were members in service at that moment, whoever of them has left since."""
        role = "in_service_member"
        held = {"role": role, "since": {"$lte": at}, "$or": [{"until": None}, {"until": {"$gt": at}}]}
        query = {"unit_id": unit_id, "tenures": {"$elemMatch": held}}
        return [found["_id"] for found in self._people.find(query, {"_id": True}).sort("_id", ASCENDING)]

    def _write(self, fields: Document, version: int, entries: Sequence[Entry], along: Sequence[Writing]) -> None:
        own = self._writing(fields, version, entries)
        written_together([(each.outbox, each.change) for each in (own, *along)])

    def _writing(self, fields: Document, version: int, entries: Sequence[Entry]) -> Writing:
        return Writing(self._outbox, Addition(fields.pop("_id"), version, entries, {"$set": fields}))

    def answer_of(self, id: str, command: str, digest: str) -> Mapping[str, Any] | None:
        """What the command answered the first time (see `answer_of`)."""
        return answer_of(self._outbox, id, command, digest)

    def acting(self, ids: Sequence[str]) -> list[Person]:
        """The active people who exist among `ids`, as they are now, and who speaks for the units among them."""
        wanted = {"$in": list(ids)}
        query: Document = {"$or": [{"_id": wanted}, {"unit_id": wanted, "grants.role": "unit_contact", "active": True}]}
        found = {person.id: person for person in map(self.now, map(read, self._people.find(query, FACTS)))}
        return [person for person in found.values() if person.active]

    def with_phones(self, ids: Sequence[str], tenant: str | None = None) -> list[tuple[str, Person, str | None]]:
        """The people who exist among `ids`, and who speaks for the units among them now, with sealed phones.

        Each after the id by which they were found: of one that was merged, whom it turned out to be.
        """
        wanted = {"$in": list(ids)}
        query: Document = {"$or": [{"_id": wanted}, {"unit_id": wanted, "grants.role": "unit_contact", "active": True}]}
        query |= {"tenant": tenant} if tenant else {}
        rows = [_enrolled(found) for found in self._people.find(query, {"history": False})]
        return [(person.id, *(self._survivor(person) or (person, phone))) for person, phone in rows]

    def _survivor(self, person: Person) -> Enrolled | None:
        return self.enrolled_as(person.id) if person.merged_into else None

    def bound_to(self, grid_code: str) -> list[str]:
        """The ids of those who hold a role for that grid alone now."""
        held = {"role": {"$in": sorted(EVERY_ROLE)}, "scope": grid_code}
        query = {"grants": {"$elemMatch": held}, "active": True}
        return [found["_id"] for found in self._people.find(query, {"_id": True}).sort("_id", ASCENDING)]

    def on_duty(self, grid_code: str, not_of: str | None = None) -> dict[str, list[str]]:
        """For each part of `ON_DUTY`, the ids of the active people who have it for the grid, but those of that unit."""
        scopes = [*(grid_code[:length] for length in SCOPE_LENGTHS), re.compile(f"^{grid_code[:COMMUNITY_DIGITS]}")]
        held = {"role": {"$in": sorted(ROLES)}, "scope": {"$in": scopes}}
        others = {} if not_of is None else {"unit_id": {"$ne": not_of}}
        query = {"grants": {"$elemMatch": held}, "tenant": tenant_of(grid_code), "active": True, **others}
        found: dict[str, list[str]] = {part: [] for part in ON_DUTY}
        for row in self._people.find(query, {"grants": True}).sort("_id"):
            for part in parts((Grant(**grant) for grant in row["grants"]), grid_code):
                found[part].append(row["_id"])
        return found

    def _turned(self, kept: Kept[Person], now: datetime) -> bool:
        person = kept.item.turned(now)
        try:
            self.change(person, kept.version, Entry(new_id(), "person.roles_turned", now, {}))
        except StaleVersion:
            return False  # somebody else has just changed it; the next look finds what is still due
        return True


def _missing() -> Refusal:
    return Refusal("person_not_found")


def _with_phone(enrolled: Enrolled) -> Document:
    person, phone = enrolled
    return {**written(person), "phone": phone}


def _enrolled(found: Mapping[str, Any]) -> Enrolled:
    return read(found), found["phone"]
