"""Places and organisations in the database, each with its history; what others need of them leaves as events."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.outbox import Addition, Creation, Document, Entry, Outbox
from chassis.records import Writing, carried_out
from members.commands import answer_of

Item = TypeVar("Item")

WITHOUT_HISTORY = {"history": False}


@dataclass(frozen=True)
class Noun(Generic[Item]):
    """One kind of place or organisation: where it is kept, how it is written, and as what it is announced."""

    outbox: Outbox
    registered: str
    changed: str
    written: Callable[[Item], Document]
    read: Callable[[Mapping[str, Any]], Item]
    announcement: Callable[[Item], Mapping[str, Any]]

    def add(self, items: Iterable[Item], at: datetime) -> int:
        """Insert those whose id is new, each with the event that announces it; how many there were."""
        documents = [self._document(item, at) for item in items]
        known = self.outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}})
        fresh = [document for document in documents if document["_id"] not in set(known)]
        if fresh:
            self.outbox.collection.insert_many(fresh, ordered=False)
        return len(fresh)

    def find(self, query: Mapping[str, Any], order: Sequence[tuple[str, int]] = (), limit: int = 0) -> list[Item]:
        """What the query finds, in that order, at most so many (0: all), without histories."""
        found = self.outbox.collection.find(query, WITHOUT_HISTORY).limit(limit)
        return [self.read(document) for document in (found.sort(list(order)) if order else found)]

    def versions(self, query: Mapping[str, Any]) -> list[tuple[Item, int]]:
        """What the query finds by id, each with its version, for changes that expect it."""
        found = self.outbox.collection.find(query, WITHOUT_HISTORY).sort("_id", ASCENDING)
        return [(self.read(document), int(document["version"])) for document in found]

    def versioned(self, id: str, tenants: Iterable[str]) -> tuple[Item, int] | None:
        """The item with its version, for a change that expects it, if it belongs to one of the districts."""
        query = {"_id": id, "tenant": {"$in": sorted(tenants)}}
        found = self.outbox.collection.find_one(query, WITHOUT_HISTORY)
        return (self.read(found), int(found["version"])) if found else None

    def after(self, id: str, limit: int) -> list[Document]:
        """The next ones by id, each as the event that announces it: `{type, subject, sequence, data, cursor}`."""
        query = {"_id": {"$gt": id}}
        found = self.outbox.collection.find(query, WITHOUT_HISTORY).sort("_id", ASCENDING).limit(limit)
        return [self._announced(document) for document in found]

    def answer_of(self, id: str, command: str, digest: str) -> Mapping[str, Any] | None:
        """What the command answered the first time (see `answer_of`)."""
        return answer_of(self.outbox, id, command, digest)

    def change(self, item: Item, version: int, entry: Entry, along: Sequence[Writing] = ()) -> None:
        """Write the item over its version `version` with the entry, and what goes along: all or, stale, none."""
        carried_out([self.rewriting(item, version, entry), *along])

    def register(self, item: Item, entry: Entry, along: Sequence[Writing] = ()) -> bool:
        """Write a new item with the entry, and what goes along, if its id is free; whether it was."""
        try:
            carried_out([self.opening(item, entry), *along])
        except DuplicateKeyError:
            return False
        return True

    def opening(self, item: Item, entry: Entry) -> Writing:
        """The writing of a new item, to be carried out with others."""
        return Writing(self.outbox, Creation(self.written(item), [entry]))

    def rewriting(self, item: Item, version: int, entry: Entry) -> Writing:
        """The writing of the item over its version `version`, to be carried out with others."""
        fields = self.written(item)
        return Writing(self.outbox, Addition(fields.pop("_id"), version, [entry], {"$set": fields}))

    def noting(self, id: str, version: int, entry: Entry) -> Writing:
        """The writing of an entry alone over the version `version`, to be carried out with others."""
        return Writing(self.outbox, Addition(id, version, [entry]))

    def _document(self, item: Item, at: datetime) -> Document:
        announced = Entry(new_id(), self.registered, at, self.announcement(item))
        return self.outbox.sealed(self.written(item), [announced])

    def _announced(self, document: Document) -> Document:
        return told_again(self.outbox, self.registered, document, self.announcement(self.read(document)))


def told_again(outbox: Outbox, type: str, document: Mapping[str, Any], data: Mapping[str, Any]) -> Document:
    """What is kept as the event that announces it, and where a page of such goes on."""
    return {
        "type": type,
        "subject": f"{outbox.subject}/{document['_id']}",
        "sequence": document["version"],
        "data": dict(data),
        "cursor": f"{outbox.collection.name}/{document['_id']}",
    }
