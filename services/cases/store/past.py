"""What happened before this database was there: cases with all of their history, their photos, and the sessions."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo.collection import Collection

from cases.case import Case
from cases.photo import Photo
from cases.store import case_document
from cases.store.cases import UNCOUNTED, CaseStore
from cases.store.photos import as_document
from chassis.mongo import Home
from chassis.outbox import Creation, Document, Entry
from chassis.records import Writing

LOT = 200


@dataclass(frozen=True)
class Taken:
    """A photo that a case has taken: who uploaded it when, by which command."""

    id: str
    owner: str
    command: str
    at: datetime
    case_id: str
    photo: Photo


class PastStore:
    """Adds what is not there yet; what is there stays as it is."""

    def __init__(self, home: Home) -> None:
        self._outbox = CaseStore(home).outbox
        self._sessions = home.collection("intake_sessions")
        self._photos, self._bytes = home.collection("photos"), home.collection("photo_bytes")

    def add_cases(self, histories: Iterable[tuple[Case, Sequence[Entry]]]) -> int:
        """Keep each case as it stands after its entries, each of which made a version of it; how many were new.

        They read as if they had been written step by step, and their events are nobody's news.
        """
        return _add(self._outbox.collection, [self._document(*each) for each in histories])

    def add_sessions(self, writings: Sequence[Writing]) -> int:
        """Keep new intake sessions, of which others hear as of any; how many were new."""
        made = [(each.outbox, each.change) for each in writings if isinstance(each.change, Creation)]
        return _add(self._sessions, [outbox.sealed(change.document, change.entries) for outbox, change in made])

    def add_photos(self, photos: Sequence[Taken]) -> None:
        """Keep photos with their bytes."""
        _add(self._bytes, [{"_id": each.id, "content": each.photo.content} for each in photos])
        _add(self._photos, [_photo(each) for each in photos])

    def _document(self, case: Case, entries: Sequence[Entry]) -> Document:
        commands = [entry.command for entry in entries if entry.command is not None]
        given = {"commands": commands} if commands else {}
        written = {"_id": case.id, **given, **case_document.written(case), UNCOUNTED: entries[0].at}
        return self._outbox.past(written, entries)


def _photo(taken: Taken) -> Document:
    digest = hashlib.sha256(taken.photo.content).hexdigest()
    return as_document(taken.id, taken.owner, taken.command, digest, taken.photo, taken.at, taken.case_id)


def _add(collection: Collection[Document], documents: Sequence[Document]) -> int:
    """Insert those that are new, lot by lot in their order."""
    ids = [each["_id"] for each in documents]
    known = {each["_id"] for each in collection.find({"_id": {"$in": ids}}, {"_id": True})}
    fresh = [each for each in documents if each["_id"] not in known]
    for begin in range(0, len(fresh), LOT):
        collection.insert_many(fresh[begin : begin + LOT])
    return len(fresh)
