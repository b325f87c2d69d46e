"""Documents that were entered in the trail, and so are witnesses of rows that have to be there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pymongo.database import Database

from chassis.audit.row import BEGINNING, local_day
from chassis.audit.store import AuditStore
from chassis.audit.walk import Flaw, Kind
from chassis.outbox import AUDITED_INDEX, Document

ENTERED = {"audited": {"$exists": True}}

TOLD = {f"history.{name}": True for name in ("id", "n", "at")} | {"audited": True}

LOT = 500
"""How many documents are read before their rows are looked for."""

INDEX: str = AUDITED_INDEX.document["name"]


def unheard(database: Database[Document], trail: AuditStore, since: str, today: str) -> Iterator[Flaw]:
    """A flaw for each collection with documents that were entered and have no row left, with the first of them.

    Rows of the days from `since` to `today` cannot have been dropped, nor any where the trail has no anchor.

    Each document is found by an index, and its rows by their ids; collections that are never entered are not read.
    """
    for name in sorted(database.list_collection_names()):
        collection = database[name]
        if INDEX in collection.index_information():
            lots = _lots(collection.find(ENTERED, TOLD, hint=INDEX))
            found = (each["_id"] for lot in lots for each in _without_rows(lot, trail, since, today))
            if first := next(found, None):
                n = 1 + sum(1 for _ in found)
                yield Flaw(Kind.LOST, "", None, f"{n} of {name} were entered and have no row, as {first} has none")


def _lots(documents: Iterable[Document]) -> Iterator[list[Document]]:
    left = iter(documents)
    while lot := list(islice(left, LOT)):
        yield lot


def _without_rows(documents: Sequence[Document], trail: AuditStore, since: str, today: str) -> list[Document]:
    ids = {entry["id"] for document in documents for entry in document["history"]}
    kept = trail.kept(ids)
    days = (since, today) if trail.anchor() != BEGINNING else None  # read last: rows may be dropped meanwhile
    return [each for each in documents if lost(each, kept, days)]


def lost(document: Mapping[str, Any], kept: Collection[str], days: tuple[str, str] | None) -> bool:
    """Whether a document that was entered has no row, though none can have been dropped.

    None can where all are of these days, or where no days are given.
    A row stands on the day of its entry; which entries had to be entered is not asked, for the rules
    of that may have been others at the time.
    """
    entered = [entry for entry in document["history"] if entry["n"] <= document["audited"]]
    if any(entry["id"] in kept for entry in entered):
        return False
    return days is None or all(days[0] <= local_day(entry["at"]) <= days[1] for entry in entered)
