"""Small aggregates, each with its history: opened and changed by commands that are safe to repeat."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import Any, Generic, TypeVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from chassis import instant
from chassis.command import Asked
from chassis.errors import Busy, Refusal
from chassis.ids import new_id
from chassis.outbox import Addition, Creation, Document, Entry, Outbox, StaleVersion, written_together

Item = TypeVar("Item")
Answer = dict[str, Any]

TRIES = 8
"""How often a command is decided anew because its records have moved on meanwhile."""

PAUSE_SECONDS = 0.05

WITHOUT_HISTORY = {"history": False}

COMMANDS = IndexModel(
    [("commands", ASCENDING)],
    name="commands",
    unique=True,
    partialFilterExpression={"commands": {"$exists": True}},
)
"""By which a repetition is found; an index of every collection of records."""


@dataclass(frozen=True)
class Kept(Generic[Item]):
    """An item as it was found, at its version."""

    id: str
    version: int
    item: Item


@dataclass(frozen=True)
class Outcome(Generic[Item]):
    """What a command makes of an item: the item after it, the event that tells of it, and more for the answer.

    `role` is the role in which the caller did it, `key` follows the type in the event's routing key.
    """

    item: Item
    type: str
    data: Mapping[str, Any]
    role: str
    key: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


class Records(Generic[Item]):
    """The records of one kind; `written` gives a document with its `_id` and `tenant`, `read` the item in one.

    `missing` is the refusal for a record that is not there. Their collection needs the index `COMMANDS`.
    """

    def __init__(
        self,
        outbox: Outbox,
        written: Callable[[Item], Document],
        read: Callable[[Mapping[str, Any]], Item],
        missing: Callable[[], Refusal],
    ) -> None:
        self.outbox, self._written, self._read, self._missing = outbox, written, read, missing

    def open(self, asked: Asked, outcome: Outcome[Item]) -> Answer:
        """Keep a new item: `{<subject>_id, version, at, event_id, …}`; a repetition gets the same.

        Refuses `command_id_reused`; raises pymongo's DuplicateKeyError for what another unique index forbids.
        """
        # No index keeps apart what was asked under a former id.
        if asked.caller.former and (answer := self.answered(asked)):
            return answer
        try:
            return carried_out([self.opening(asked, outcome)])[0]
        except DuplicateKeyError:
            if answer := self.answered(asked):
                return answer
            raise

    def change(
        self, asked: Asked, id: str, tenants: Iterable[str] | None, decide: Callable[[Item], Outcome[Item]]
    ) -> Answer:
        """Make of the item what `decide` does, as `open` answers; anew when somebody was faster.

        Refuses as `missing` says, what `decide` refuses, `command_id_reused` and `busy_try_again`; raises as `open`.
        """

        def once() -> Answer:
            # Loaded first: an item that this very command has changed meanwhile is not decided on again.
            kept = self.load(id, tenants)
            if answer := self.answered(asked):
                return answer
            try:
                return carried_out([self.changing(asked, kept, decide(kept.item))])[0]
            except DuplicateKeyError:
                # The same command may have changed another item meanwhile.
                if answer := self.answered(asked):
                    return answer
                raise

        return again_when_stale(once)

    def enter(
        self, asked: Asked, id: str, tenants: Iterable[str], first: Item, decide: Callable[[Item], Outcome[Item]]
    ) -> Answer:
        """Open the item `id` with what `decide` makes of `first`, or change the one that there is; as both answer.

        For what is kept under an id of its own making, of which the first entry is like every other.
        """
        if answer := self.answered(asked):
            return answer
        if not self.find({"_id": id}, limit=1):
            with suppress(DuplicateKeyError):  # somebody is entering it at this very moment: theirs is the first
                return self.open(asked, decide(first))
        return self.change(asked, id, tenants, decide)

    def opening(self, asked: Asked, outcome: Outcome[Item], *, along: bool = False) -> "Writing":
        """The writing of a new item, to be carried out with others; `along` as in `changing`."""
        document = self._written(outcome.item)
        entry = self._entry(asked, outcome, document["_id"], 1)
        commands = {} if along else {"commands": [asked.key]}
        return Writing(self.outbox, Creation(document | commands, [_unanswering(entry) if along else entry]))

    def changing(self, asked: Asked, kept: Kept[Item], outcome: Outcome[Item], *, along: bool = False) -> "Writing":
        """The writing of an item's next version, to be carried out with others.

        One record of a collection keeps the command, so that a repetition finds it; others go `along`.
        """
        document = self._written(outcome.item)
        entry = self._entry(asked, outcome, kept.id, kept.version + 1)
        change: dict[str, Document] = {"$set": {name: value for name, value in document.items() if name != "_id"}}
        if along:
            return Writing(self.outbox, Addition(kept.id, kept.version, [_unanswering(entry)], change))
        change["$push"] = {"commands": asked.key}
        return Writing(self.outbox, Addition(kept.id, kept.version, [entry], change))

    def add(self, items: Iterable[Item], at: datetime, type: str) -> int:
        """Insert those whose id is new, each with a first entry of that type, for bulk loads; how many there were."""
        return self.add_told((item, [Entry(new_id(), type, at, {})]) for item in items)

    def add_told(self, told: Iterable[tuple[Item, Sequence[Entry]]]) -> int:
        """Insert those whose id is new, each with the entries of its history, for bulk loads; how many there were."""
        documents = [(self._written(item), entries) for item, entries in told]
        collection = self.outbox.collection
        known = {row["_id"] for row in collection.find({"_id": {"$in": [each["_id"] for each, _ in documents]}}, {})}
        sealed = [self.outbox.sealed(each, entries) for each, entries in documents if each["_id"] not in known]
        if sealed:
            collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def unchanged(self, kept: Kept[Item]) -> "Writing":
        """What lets others be written only while the item is still as it was loaded; nothing of it changes.

        It is a write all the same: of two transactions that meet in it one is carried out anew (`again_when_stale`).
        """
        return Writing(self.outbox, Addition(kept.id, kept.version, []))

    def answered(self, asked: Asked) -> Answer | None:
        """What the command answered when it was carried out; refuses `command_id_reused`."""
        keys = {"$in": asked.keys}
        found = self.outbox.collection.find_one({"commands": keys}, {"history": {"$elemMatch": {"command": keys}}})
        return asked.answered(found["history"]) if found else None

    def carry_out(
        self, asked: Asked, writings: Sequence["Writing"], looking: Callable[[ClientSession], None] | None = None
    ) -> Answer:
        """Write all of what a command is, or none: what the first of them answers, a record of this kind.

        Where the same command was carried out at this very moment, what it answered. Refuses `command_id_reused`;
        raises chassis' StaleVersion, and pymongo's DuplicateKeyError where something else is there already.
        """
        try:
            return carried_out(writings, looking)[0]
        except DuplicateKeyError:
            if answer := self.answered(asked):
                return answer
            raise

    def load(self, id: str, tenants: Iterable[str] | None) -> Kept[Item]:
        """The item, if it belongs to one of the districts (None: to any); refuses as `missing` says."""
        within = {} if tenants is None else {"tenant": {"$in": sorted(tenants)}}
        found = self.outbox.collection.find_one({"_id": id, **within}, WITHOUT_HISTORY)
        if found is None:
            raise self._missing()
        return self._kept(found)

    def find(
        self,
        query: Mapping[str, Any],
        order: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        without: Iterable[str] = (),
        session: ClientSession | None = None,
    ) -> list[Kept[Item]]:
        """What the query finds, in that order, at most so many (0: all), read `without` these fields."""
        shown = WITHOUT_HISTORY | dict.fromkeys(without, False)
        found = self.outbox.collection.find(query, shown, session=session).limit(limit)
        return [self._kept(document) for document in (found.sort(list(order)) if order else found)]

    def _kept(self, document: Mapping[str, Any]) -> Kept[Item]:
        return Kept(document["_id"], document["version"], self._read(document))

    def _entry(self, asked: Asked, outcome: Outcome[Item], id: str, version: int) -> Entry:
        event_id, at = new_id(), instant.written(asked.now)
        named = {f"{self.outbox.subject}_id": id, "version": version}
        by = {"id": asked.caller.id, "role": outcome.role}
        return Entry(
            id=event_id,
            type=outcome.type,
            at=asked.now,
            data={**named, "at": at, "by": by, **outcome.data},
            key=outcome.key,
            by=by,
            command=asked.key,
            digest=asked.digest,
            answer={**named, "at": at, "event_id": event_id, **outcome.answer},
        )


@dataclass(frozen=True)
class Writing:
    """One change of one record, ready to be written."""

    outbox: Outbox
    change: Addition | Creation

    @property
    def answer(self) -> Answer:
        """What its command answers."""
        return dict(self.change.entries[0].answer or {}) if self.change.entries else {}


def _unanswering(entry: Entry) -> Entry:
    return replace(entry, command=None, digest=None, answer=None)


def carried_out(writings: Sequence[Writing], looking: Callable[[ClientSession], None] | None = None) -> list[Answer]:
    """Write all of them, or none; what each answers. Raises chassis' StaleVersion and pymongo's DuplicateKeyError.

    What `looking` raises undoes all (see `outbox.written_together`).
    """
    written_together([(each.outbox, each.change) for each in writings], looking)
    return [each.answer for each in writings]


def again_when_stale(command: Callable[[], Answer], most: int = TRIES) -> Answer:
    """What `command` answers, tried anew so often while its records move on meanwhile; refuses `busy_try_again`."""
    for tries in range(most):
        try:
            return command()
        except StaleVersion:
            sleep(random.uniform(0, PAUSE_SECONDS * tries))  # noqa: S311 - spreads the tries, nothing else
    raise Busy
