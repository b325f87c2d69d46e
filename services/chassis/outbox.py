"""Documents that carry their own history: state and event are one write, and unrelayed entries are the outbox.

Entry `n` of `history` is the event of version `n`; `relayed` says how far the relay has come, and `unrelayed`
marks the documents that it still has to visit (an index cannot compare two fields). `written_at` is real time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Group
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure
from pymongo.read_concern import ReadConcern

from chassis.crash import crash_point
from chassis.event import Event, encoded
from chassis.logs import bound

Document = dict[str, Any]

DUPLICATE_KEY = 11000
"""The server's code for what a unique index forbids."""

UNRELAYED_INDEX = IndexModel(
    [("written_at", ASCENDING), ("_id", ASCENDING)],
    name="unrelayed_in_order",
    partialFilterExpression={"unrelayed": True},
)

WRITTEN_INDEX = IndexModel([("written_at", ASCENDING), ("_id", ASCENDING)], name="written_in_order")
"""For subscribers that ask what they missed."""

UNAUDITED_INDEX = IndexModel([("written_at", ASCENDING)], name="unaudited", partialFilterExpression={"unaudited": True})
"""For what the trail is still owed."""

AUDITED_INDEX = IndexModel(
    [("audited", ASCENDING)], name="audited", partialFilterExpression={"audited": {"$exists": True}}
)
"""For what the trail must have rows of."""


class StaleVersion(Exception):
    """The document has moved on since it was loaded; load it again and decide anew."""


@dataclass(frozen=True)
class Entry:
    """One entry of a document's history, which is one event.

    `data` (the event's body) and `answer` (what the command answered) are JSON-safe; `key` follows the type in the
    routing key; `by` is the actor's id and role; `command` and `digest` make the command safe to repeat.
    """

    id: str
    type: str
    at: datetime
    data: Mapping[str, Any]
    key: str = ""
    by: Mapping[str, Any] | None = None
    command: str | None = None
    digest: str | None = None
    answer: Mapping[str, Any] | None = None
    correlation: str | None = None


def _itself(document: Mapping[str, Any]) -> str:
    return str(document["_id"])


def _nothing_said(document: Mapping[str, Any], id: str) -> None:
    return None


@dataclass(frozen=True)
class Audited:
    """Which entries of a history have to be answered for: of each type the fields of its data that the trail tells.

    An entry with none of the fields of its type owes nothing; a type without any always does. `within` gives the codes
    of the areas that a document belongs to, the widest first, `why` the reason that somebody gave for an entry, by the
    document and the entry's id, where its data do not say it. `of` names what it was done to, where that is not the
    document by its id.
    """

    types: Mapping[str, Sequence[str]]
    within: Callable[[Mapping[str, Any]], Sequence[str]]
    why: Callable[[Mapping[str, Any], str], str | None] = _nothing_said
    of: Callable[[Mapping[str, Any]], str] = _itself

    def owed(self, type: str, data: Mapping[str, Any]) -> bool:
        """Whether an entry with that data owes a row."""
        fields = self.types.get(type)
        return fields is not None and (not fields or any(name in data for name in fields))


@dataclass(frozen=True)
class Addition:
    """Entries for one document and what they change in it (update operators), if its version is still `version`.

    `earlier` is the history so far as it reads from now on, where something personal is taken out of it.
    """

    id: str
    version: int
    entries: Sequence[Entry]
    change: Mapping[str, Mapping[str, Any]] | None = None
    earlier: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Creation:
    """A new document (with its `_id`) and its first entries."""

    document: Mapping[str, Any]
    entries: Sequence[Entry]

    @property
    def id(self) -> str:
        """The document's id."""
        return str(self.document["_id"])


class Outbox:
    """A collection whose documents are written together with the events that they cause."""

    def __init__(
        self,
        collection: Collection[Document],
        subject: str,
        published: Group[str],
        written: Callable[[str], None],
        audited: Audited | None = None,
    ) -> None:
        """`subject` names the kind of document in events; `published` are the types that somebody hears;
        `written` is told the id of each document that has something to relay. What is `audited` marks its document
        in the same write, until the trail has it (`chassis.audit.debts`).
        """
        self.collection = collection
        self.subject = subject
        self.published = frozenset(published)
        self.audited = audited
        self._written = written

    def create(self, document: Mapping[str, Any], entries: Sequence[Entry]) -> None:
        """Insert `document` (with its `_id`) and its first entries; raises pymongo's DuplicateKeyError."""
        written_together([(self, Creation(document, entries))])

    def sealed(self, document: Mapping[str, Any], entries: Sequence[Entry]) -> Document:
        """The document as `create` would insert it, for bulk loads that insert many at once."""
        heard = self._heard(entries)
        return {
            **document,
            "version": len(entries),
            "relayed": 0 if heard else len(entries),
            "unrelayed": heard,
            "written_at": datetime.now(UTC),
            "history": _numbered(entries, 1),
            **({"unaudited": True} if self._owed(entries) else {}),
        }

    def past(self, document: Mapping[str, Any], entries: Sequence[Entry]) -> Document:
        """The document as it would stand by now, written and relayed when its last entry was made.

        For bulk loads of what is over: nobody hears of it, nor does who asks what was written lately.
        """
        told = {"relayed": len(entries), "unrelayed": False, "written_at": entries[-1].at}
        return self.sealed(document, entries) | told

    def append(
        self,
        id: str,
        version: int,
        entries: Sequence[Entry],
        change: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Add entries to the document and apply `change` (update operators), if its version is still `version`.

        Raises `StaleVersion` when it is not, and then nothing was changed.
        """
        self.append_to_all([Addition(id, version, entries, change)])

    def append_to_all(self, additions: Sequence[Addition]) -> None:
        """Append to each of the documents: to all of them or, with `StaleVersion`, to none."""
        written_together([(self, each) for each in additions])

    def write(self, change: Addition | Creation, session: ClientSession | None) -> None:
        """Write one change; `written_together` tells the relay of it afterwards."""
        crash_point("before-write")
        if isinstance(change, Creation):
            self.collection.insert_one(self.sealed(change.document, change.entries), session=session)
        else:
            self._append(change, session)
        crash_point("after-write")

    def write_new(self, creations: Sequence[Creation], session: ClientSession | None) -> None:
        """Write new documents as `write` would, in one round trip: a transaction does not live long."""
        crash_point("before-write")
        try:
            self.collection.insert_many(
                [self.sealed(each.document, each.entries) for each in creations], session=session
            )
        except BulkWriteError as error:
            errors: list[Document] = error.details.get("writeErrors", [])
            if errors and errors[0]["code"] == DUPLICATE_KEY:
                raise DuplicateKeyError(errors[0]["errmsg"], DUPLICATE_KEY, errors[0]) from error
            raise
        crash_point("after-write")

    def _append(self, addition: Addition, session: ClientSession | None) -> None:
        expected = {"_id": addition.id, "version": addition.version}
        result = self.collection.update_one(expected, self._operators(addition), session=session)
        if result.matched_count == 0:
            raise StaleVersion(addition.id)

    def _operators(self, addition: Addition) -> dict[str, dict[str, Any]]:
        operators = {name: dict(fields) for name, fields in (addition.change or {}).items()}
        version = addition.version + len(addition.entries)
        operators.setdefault("$set", {}).update(version=version, written_at=datetime.now(UTC))
        if self._heard(addition.entries):
            operators["$set"]["unrelayed"] = True
        if self._owed(addition.entries):
            operators["$set"]["unaudited"] = True
        added = _numbered(addition.entries, addition.version + 1)
        if addition.earlier is None:
            operators.setdefault("$push", {})["history"] = {"$each": added}
        else:
            operators["$set"]["history"] = [*addition.earlier, *added]
        return operators

    def _heard(self, entries: Sequence[Entry]) -> bool:
        return any(entry.type in self.published for entry in entries)

    def _owed(self, entries: Sequence[Entry]) -> bool:
        return self.audited is not None and any(self.audited.owed(entry.type, entry.data) for entry in entries)

    def tell(self, id: str, entries: Sequence[Entry]) -> None:
        """Wake the relay if somebody hears one of the entries."""
        if self._heard(entries):
            self._written(id)


def written_together(
    changes: Sequence[tuple[Outbox, Addition | Creation]], looking: Callable[[ClientSession], None] | None = None
) -> None:
    """Write every change or, with `StaleVersion` or pymongo's DuplicateKeyError, none.

    `looking` reads in the same transaction once all is written, and what it raises undoes everything: what it does not
    see by then can come only from who writes one of these documents too, and one of the two is turned back.

    Several take a transaction: it is for documents that truly change together, off the hot path
    (docs/adr/0020-a-merge-is-one-transaction.md).
    """
    # In one order everywhere, so that of two who meet in the same documents one gets through.
    ordered = sorted(changes, key=lambda each: (each[0].collection.name, each[1].id))
    with transaction(ordered[0][0].collection) if looking or len(ordered) > 1 else nullcontext() as session:
        for _, group in groupby(ordered, key=lambda each: (each[0].collection.name, isinstance(each[1], Creation))):
            alike = list(group)
            created = [change for _, change in alike if isinstance(change, Creation)]
            if len(created) > 1:
                alike[0][0].write_new(created, session)
            else:
                for outbox, change in alike:
                    outbox.write(change, session)
        if looking and session:
            looking(session)
    for outbox, change in ordered:
        outbox.tell(change.id, change.entries)


@contextmanager
def transaction(collection: Collection[Document], reads: ReadConcern | None = None) -> Iterator[ClientSession]:
    """What is written inside is kept together, as safely as the collection keeps anything.

    Raises `StaleVersion`, and then nothing was changed, when somebody else is writing one of the documents; pymongo's
    errors else.
    """
    concern = collection.write_concern
    try:
        with (
            collection.database.client.start_session() as session,
            session.start_transaction(read_concern=reads, write_concern=concern),
        ):
            yield session
    except OperationFailure as error:
        if error.has_error_label("TransientTransactionError"):
            raise StaleVersion from error
        raise


def _numbered(entries: Sequence[Entry], first: int) -> list[Document]:
    correlation = bound("correlation_id")
    numbered = [{"n": n, **vars(entry)} for n, entry in enumerate(entries, first)]
    return [{**entry, "correlation": entry["correlation"] or correlation} for entry in numbered]


def event_of(service: str, subject: str, id: str, entry: Mapping[str, Any]) -> Event:
    """The event that is an entry in the history of the document `id`."""
    return Event(
        id=entry["id"],
        type=entry["type"],
        source=f"/services/{service}",
        subject=f"{subject}/{id}",
        sequence=entry["n"],
        time=entry["at"],
        correlation_id=entry["correlation"],
        data=entry["data"],
        body=encoded(entry["data"]),
        key=entry["key"],
    )
