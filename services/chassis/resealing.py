"""Sealing everything with the newest key, lot by lot, while the service goes on: `sandan reseal`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.audit.row import OPERATOR, Act
from chassis.audit.store import AuditStore
from chassis.clock import clock
from chassis.ids import new_id
from chassis.keyring import CANARY, COLLECTION, WORD, check, tried
from chassis.marked import Marked, renewed, values
from chassis.mongo import KEPT, Home, connect, database_name
from chassis.outbox import Document
from chassis.sealing import Sealer, WrongKeys
from chassis.settings import settings

LOT = 1_000
"""How many documents are read, and written, at once."""

PASSES = 5
"""How often it is gone over everything at most: what somebody wrote back meanwhile as it was is found once more."""


@dataclass
class Tally:
    """What a pass has seen, renewed, and could open with none of the keys."""

    seen: int = 0
    renewed: int = 0
    unopened: int = 0

    def __str__(self) -> str:
        return self.told("sealed anew")

    def told(self, renewed: str) -> str:
        """The same with another word for what became, or would become, of the texts."""
        return f"{self.seen} documents seen, {self.renewed} texts {renewed}, {self.unopened} that no key opens"


Say = Callable[[str], object]


def nobody_looks(text: str) -> None:
    """Takes what is told of how far it has come where nobody looks on."""


def main(service: str, marked: Sequence[Marked], sealer: Sealer, say: Say, progress: Say = nobody_looks) -> int:
    """Reseal what the service keeps, in the database that the settings name; 1 where something cannot be opened."""
    with connect(settings, service) as client:
        database = client[database_name(settings, service)]
        try:
            check(database, marked, sealer)
        except WrongKeys as error:
            say(f"{error}; nothing was changed\n")
            return 1
        resealed = Act(new_id(), "keys.resealed", clock().now(), OPERATOR, OPERATOR, "keys", sealer.newest)
        AuditStore(Home(database)).append(resealed)
        return 0 if reseal(database, marked, sealer, say, progress) else 1


def look(service: str, marked: Sequence[Marked], sealer: Sealer, say: Say, progress: Say = nobody_looks) -> int:
    """Say how much `main` would seal anew, and change nothing; 1 where something cannot be opened."""
    with connect(settings, service) as client:
        database = client[database_name(settings, service)]
        try:
            tried(database, marked, sealer)
        except WrongKeys as error:
            say(f"{error}\n")
            return 1
        return 0 if due(database, marked, sealer, say, progress) else 1


def due(
    database: Database[Document], marked: Sequence[Marked], sealer: Sealer, say: Say, progress: Say = nobody_looks
) -> bool:
    """Go over everything once, and say how much is to be sealed anew; whether everything was opened."""
    tally = Tally()
    for name, fields in _by_collection(marked):
        for found in _lots(database[name], fields, None):
            _updates(name, found, fields, sealer, tally, say)
            progress(f"{name}: {tally.told('to be sealed anew')}")
    say(f"{tally.told('to be sealed anew')}; nothing was changed\n")
    return not tally.unopened


def reseal(
    database: Database[Document], marked: Sequence[Marked], sealer: Sealer, say: Say, progress: Say = nobody_looks
) -> bool:
    """Go over everything until nothing is left to seal anew, and then say that the older keys are needed no more.

    Broken off, it goes on where it was, as long as the newest key is the same. Whether everything was opened.
    """
    for number in range(PASSES):
        tally = Tally()
        for name, fields in _by_collection(marked):
            _go_over(database, name, fields, sealer, tally, (say, progress))
        say(f"pass {number + 1}: {tally}\n")
        if tally.unopened:
            say("The keys that these were sealed with have to be added before they are lost.\n")
            return False
        if not tally.renewed:
            break
    else:
        say("Something still seals with an older key: give every instance the new keys, and begin again.\n")
        return False
    _notes(database).update_one({"_id": CANARY}, {"$set": {"sealed": sealer.close(WORD)}}, upsert=True)
    say("Everything is sealed with the newest key; the others can go.\n")
    return True


def _by_collection(marked: Sequence[Marked]) -> Iterator[tuple[str, list[Marked]]]:
    for name in sorted({each.collection for each in marked}):
        yield name, [each for each in marked if each.collection == name]


def _go_over(
    database: Database[Document],
    name: str,
    marked: Sequence[Marked],
    sealer: Sealer,
    tally: Tally,
    told: tuple[Say, Say],
) -> None:
    say, progress = told
    collection, notes = database.get_collection(name, write_concern=KEPT), _notes(database)
    place = {"_id": f"reseal:{name}"}
    begun = notes.find_one({**place, "key": sealer.newest})
    for found in _lots(collection, marked, begun["after"] if begun else None):
        _renew(collection, found, marked, sealer, tally, say)
        notes.update_one(place, {"$set": {"key": sealer.newest, "after": found[-1]["_id"]}}, upsert=True)
        progress(f"{name}: {tally}")
    notes.delete_one(place)


def _lots(
    collection: Collection[Document], marked: Iterable[Marked], after: str | None
) -> Iterator[Sequence[Mapping[str, Any]]]:
    shown = {each.top: True for each in marked}
    found = list(collection.find({"_id": {"$gt": after}} if after else {}, shown).sort("_id", ASCENDING).limit(LOT))
    while found:
        yield found
        found = list(collection.find({"_id": {"$gt": found[-1]["_id"]}}, shown).sort("_id", ASCENDING).limit(LOT))


def _renew(
    collection: Collection[Document],
    found: Sequence[Mapping[str, Any]],
    marked: Sequence[Marked],
    sealer: Sealer,
    tally: Tally,
    say: Say,
) -> None:
    if updates := _updates(collection.name, found, marked, sealer, tally, say):
        collection.bulk_write(updates, ordered=False)


def _updates(
    name: str,
    found: Sequence[Mapping[str, Any]],
    marked: Sequence[Marked],
    sealer: Sealer,
    tally: Tally,
    say: Say,
) -> list[UpdateOne]:
    """What seals these documents anew, counted in the tally; what cannot be opened is said."""
    updates = []
    for document in found:
        old, new = {}, {}
        for each in marked:
            for where, value in values(document, each.path):
                try:
                    after = renewed(value, each, sealer)
                except WrongKeys:
                    tally.unopened += 1
                    say(f"{name} {document['_id']}: no key opens {where}\n")
                    continue
                if after != value:
                    old[where], new[where] = value, after
        if new:
            # Only while it is as it was read: who has changed it meanwhile has sealed it, or it is found once more.
            updates.append(UpdateOne({"_id": document["_id"], **old}, {"$set": new}))
            tally.renewed += len(new)
    tally.seen += len(found)
    return updates


def _notes(database: Database[Document]) -> Collection[Document]:
    return database.get_collection(COLLECTION, write_concern=KEPT)
