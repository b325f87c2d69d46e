"""Where photos are kept: one document for the bytes of each, one for all else of it, and single-use tickets."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.photo import FULL, MEDIUM, THUMBNAIL, Photo
from cases.store.photo_bytes import Flow, KeptBytes, PhotoBytes, flowing, key, keys
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document

TICKET_LIFE = timedelta(seconds=60)
"""Real time: a ticket guards one transfer, not a step of a case."""

NAMED_WITHIN = timedelta(days=1)
"""How long after its upload a photo may be named in a report or an act, in real time."""

TAKEN_SECONDS = 1
"""After how long whoever sends the same again is told to come: uploaded once more, its photos can be compared."""

_UNOWNED: list[Document] = [
    # The id in place of the command keeps the unique index content.
    {"$set": {"owner": None, "command": "$_id"}},
    {"$unset": ["digest", "uploaded_at"]},
]

LENGTH = {FULL: "size", MEDIUM: "medium_size"}
"""Where the document of a photo has how many bytes are kept apart from it, by size."""

_WITHOUT_BYTES = {"thumbnail": False}


class PhotoStore:
    """The photos of one district's cases; a photo belongs to who uploaded it until a case takes it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "photos": [
            IndexModel([("owner", ASCENDING), ("command", ASCENDING)], unique=True),
            IndexModel([("case_id", ASCENDING), ("uploaded_at", ASCENDING)]),
        ],
        "photo_tickets": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
    }

    def __init__(self, home: Home, kept: PhotoBytes | None = None) -> None:
        """`kept` is what keeps the bytes; the database unless something else is given."""
        self._photos = home.collection("photos")
        self._tickets = home.notes("photo_tickets")
        self.bytes: PhotoBytes = kept or KeptBytes(home)

    def issue(self, ticket: str, purpose: str, **grant: Any) -> datetime:
        """Let whoever brings `ticket` do one thing once within a minute; the time when it ends."""
        expires_at = datetime.now(UTC) + TICKET_LIFE
        self._tickets.insert_one({"_id": ticket, "purpose": purpose, "expires_at": expires_at, **grant})
        return expires_at

    def redeem(self, ticket: str, purpose: str) -> Document:
        """What the ticket grants; from now on it grants nothing. Raises `Refusal("ticket_invalid")`."""
        now = datetime.now(UTC)
        found = self._tickets.find_one_and_delete({"_id": ticket, "purpose": purpose, "expires_at": {"$gt": now}})
        if found is None:
            raise Refusal("ticket_invalid")
        return found

    def add(self, photo_id: str, owner: str, command: str, original: bytes, photo: Photo) -> Document:
        """Keep an uploaded photo; the same command again gives the photo that it made.

        Raises `Refusal("command_id_reused")` when the command came with another picture.
        """
        digest = hashlib.sha256(original).hexdigest()
        # Bytes first: a document without its bytes must never be seen, bytes without a document do no harm.
        self.bytes.put(photo_id, photo.content)
        document = as_document(photo_id, owner, command, digest, photo, datetime.now(UTC))
        try:
            self._photos.insert_one(document)
        except DuplicateKeyError:
            self.bytes.remove([photo_id])
            document = self._photos.find_one({"owner": owner, "command": command}, _WITHOUT_BYTES) or document
        if document["digest"] != digest:
            raise Refusal("command_id_reused")
        return document

    def digests(self, photo_ids: Sequence[str]) -> list[str]:
        """What tells pictures apart as they were uploaded, in this order; the id itself of one that there is not.

        Refuses `busy_try_again` where an anonymous report has just taken one, of which nothing is kept to compare.
        """
        kept = self._photos.find({"_id": {"$in": list(photo_ids)}}, {"digest": True})
        found: dict[str, Any] = {each["_id"]: each.get("digest") for each in kept}
        if None in found.values():
            raise Refusal("busy_try_again", retry_after=TAKEN_SECONDS)
        return [found.get(id, id) for id in photo_ids]

    def check_free(self, photo_ids: Sequence[str], owners: Sequence[str], case_id: str) -> None:
        """Refuses `unknown_photo` for a photo of somebody else, of another case, or of long ago that no case has."""
        waiting = {"case_id": None, "uploaded_at": {"$gt": datetime.now(UTC) - NAMED_WITHIN}}
        mine = {"owner": {"$in": list(owners)}, "$or": [waiting, {"case_id": case_id}]}
        found = self._photos.distinct("_id", {"_id": {"$in": list(photo_ids)}, **mine}) if photo_ids else []
        for photo_id in photo_ids:
            if photo_id not in found:
                raise Refusal("unknown_photo", photo_id=photo_id)

    def attach(self, photo_ids: Sequence[str], case_id: str, *, anonymous: bool = False) -> None:
        """Note that the case has taken the photos; an anonymous report leaves no trace of who uploaded them."""
        changes: list[Document] = [{"$set": {"case_id": case_id}}]
        if anonymous:
            changes += _UNOWNED
        if photo_ids:
            self._photos.update_many({"_id": {"$in": list(photo_ids)}}, changes)

    def unattached(self, before: datetime, limit: int) -> list[str]:
        """Photos that were uploaded before then and that no case has taken, the oldest first."""
        waiting = {"case_id": None, "uploaded_at": {"$lt": before}}
        return [row["_id"] for row in self._photos.find(waiting, {"_id": True}).sort("uploaded_at").limit(limit)]

    def forget(self, photo_id: str) -> None:
        """Remove a photo that no case has taken."""
        if self._photos.delete_one({"_id": photo_id, "case_id": None}).deleted_count:
            self.bytes.remove(keys([photo_id]))

    def disown(self, owners: Collection[str]) -> int:
        """Leave no trace of who uploaded what cases have taken; how many photos they were."""
        theirs = {"owner": {"$in": sorted(owners)}, "case_id": {"$ne": None}}
        # What they showed to everybody, if it was released, is not shown any more (docs/domain.md §5).
        changes = [*_UNOWNED, {"$unset": "released_at"}]
        return self._photos.update_many(theirs, changes).modified_count

    def forget_of_case(self, case_id: str) -> int:
        """Remove every photo that the case has taken; how many they were."""
        found = [row["_id"] for row in self._photos.find({"case_id": case_id}, {"_id": True})]
        # Bytes first: while the document is there, they are found once more.
        self.bytes.remove(keys(found))
        self._photos.delete_many({"_id": {"$in": found}})
        # In between somebody may have asked for a medium size, or bytes may have been moved.
        self.bytes.remove(keys(found))
        return len(found)

    def describe(self, photo_id: str) -> Document | None:
        """What is known of a photo, without its bytes."""
        return self._photos.find_one({"_id": photo_id}, _WITHOUT_BYTES)

    def read(self, photo_id: str, size: str) -> bytes | None:
        """The bytes of a photo in one of its sizes, if they are kept."""
        flow = self.open(photo_id, size)
        return b"".join(flow.pieces) if flow else None

    def open(self, photo_id: str, size: str) -> Flow | None:
        """The same on their way; raises `BytesAway` also where there are others in their place."""
        if size != THUMBNAIL:
            return self.bytes.open(key(photo_id, size), self._length(photo_id, size))
        found = self._photos.find_one({"_id": photo_id}, {"thumbnail": True})
        return flowing(bytes(found["thumbnail"])) if found else None

    def recorded(self, photo_ids: Collection[str]) -> set[str]:
        """Those of these ids that are photos."""
        return {row["_id"] for row in self._photos.find({"_id": {"$in": list(photo_ids)}}, {"_id": True})}

    def ids_after(self, photo_id: str, limit: int) -> list[str]:
        """The ids of the first photos behind this one."""
        found = self._photos.find({"_id": {"$gt": photo_id}}, {"_id": True}).sort("_id", ASCENDING).limit(limit)
        return [row["_id"] for row in found]

    def keep_medium(self, photo_id: str, content: bytes) -> None:
        """Keep the medium size beside the photo; of one that was removed meanwhile nothing is left."""
        self.bytes.put(key(photo_id, MEDIUM), content)
        if not self._photos.update_one({"_id": photo_id}, {"$set": {LENGTH[MEDIUM]: len(content)}}).matched_count:
            self.bytes.remove(keys([photo_id]))

    def _length(self, photo_id: str, size: str) -> int | None:
        found = self._photos.find_one({"_id": photo_id}, {LENGTH[size]: True}) or {}
        return found.get(LENGTH[size])


def as_document(
    photo_id: str,
    owner: str,
    command: str,
    digest: str,
    photo: Photo,
    uploaded_at: datetime,
    case_id: str | None = None,
) -> Document:
    """All of a photo but its bytes; `digest` is that of the picture as it came."""
    return {
        "_id": photo_id,
        "owner": owner,
        "command": command,
        "digest": digest,
        "media_type": photo.media_type,
        "width": photo.width,
        "height": photo.height,
        "size": len(photo.content),
        "thumbnail": photo.thumbnail,
        "case_id": case_id,
        "uploaded_at": uploaded_at,
    }
