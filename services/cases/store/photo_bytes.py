"""Where the bytes of photos lie: in a collection of their own, one document for each size that is kept apart."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pymongo import ASCENDING

from cases.photo import FULL, KEPT_BYTES, MEDIUM
from chassis.errors import Refusal
from chassis.mongo import Home

KEPT_APART = (FULL, MEDIUM)
"""The sizes that have bytes of their own; the thumbnail is in the document of its photo."""

OURS = re.compile(rf"[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}(\.{MEDIUM})?")

AGAIN_SECONDS = 30
"""After how long those who ask are told to come again, and what is to be removed is tried again."""


WHOLE_SECONDS = 20.0
"""For all of a photo, either way: a store that takes or gives it a byte now and then is as good as away."""


class BytesAway(Refusal):
    """What keeps the bytes of photos cannot be reached, or refuses; nothing was changed, and all else goes on."""

    def __init__(self, reason: str) -> None:
        """`reason` is for the log of operators alone."""
        super().__init__("photos_unavailable", retry_after=AGAIN_SECONDS)
        self.reason = reason


class BytesStay(BytesAway):
    """The store refuses to remove the bytes under some keys, for a lock or a missing right; all others are gone."""

    def __init__(self, reason: str, keys: Collection[str]) -> None:
        """`keys` are those of what stays."""
        super().__init__(reason)
        self.keys = frozenset(keys)


@dataclass(frozen=True)
class Flow:
    """Bytes on their way, `length` in all: to be read to the end, or closed. A piece may raise `BytesAway`."""

    length: int
    pieces: Iterator[bytes]


class PhotoBytes(Protocol):
    """What keeps bytes under keys (see `key`), each written once and never changed; all of it may raise `BytesAway`."""

    def put(self, key: str, content: bytes) -> None:
        """Keep them; under a key that has some already they take their place."""

    def open(self, key: str, length: int | None = None) -> Flow | None:
        """Those under the key, if there are any, a piece after the other.

        `length` is how many they are, where that is known: what gives others in their place is away.
        """

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys; it does no harm if nothing was. May raise `BytesStay`."""

    def after(self, key: str, limit: int) -> Sequence[str]:
        """The first keys behind this one, in the order of their characters, at most so many."""


class KeptBytes:
    """Bytes in the database, of up to 15 MiB each (record 0024)."""

    def __init__(self, home: Home) -> None:
        self._bytes = home.collection("photo_bytes")

    def put(self, key: str, content: bytes) -> None:
        """Keep them."""
        self._bytes.replace_one({"_id": key}, {"content": content}, upsert=True)

    def get(self, key: str) -> bytes | None:
        """Those under the key, if there are any."""
        found = self._bytes.find_one({"_id": key}, {"content": True})
        return bytes(found["content"]) if found else None

    def open(self, key: str, length: int | None = None) -> Flow | None:
        """The same in one piece: they are one document."""
        content = self.get(key)
        if content is None:
            return None
        check_length(len(content), length)
        return flowing(content)

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys."""
        self._bytes.delete_many({"_id": {"$in": list(keys)}})

    def take_out(self, key: str) -> bool:
        """Keep nothing under the key; whether there was something that nobody else has removed meanwhile."""
        return bool(self._bytes.delete_one({"_id": key}).deleted_count)

    def after(self, key: str, limit: int) -> Sequence[str]:
        """The first keys behind this one."""
        found = self._bytes.find({"_id": {"$gt": key}}, {"_id": True}).sort("_id", ASCENDING).limit(limit)
        return [each["_id"] for each in found]

    def number(self) -> int:
        """How many keys there are, nearly."""
        return self._bytes.estimated_document_count()


def check_length(found: int, expected: int | None) -> None:
    """Raises `BytesAway` for what cannot be the bytes that were kept, since so many were not."""
    if found != expected and (expected is not None or found > KEPT_BYTES):
        raise BytesAway("OtherLength")


def flowing(content: bytes) -> Flow:
    """Bytes that are at hand, in one piece."""
    return Flow(len(content), iter([content]))


def key(photo_id: str, size: str) -> str:
    """Under what the bytes of a photo are kept: its id, with the size behind it where that is not the full one."""
    return photo_id if size == FULL else f"{photo_id}.{size}"


def keys(photo_ids: Collection[str]) -> list[str]:
    """All keys under which bytes of these photos may be."""
    return [key(id, size) for id in photo_ids for size in KEPT_APART]


def is_key(key: str) -> bool:
    """Whether bytes of a photo could be under the key: in a bucket others may have put something too."""
    return OURS.fullmatch(key) is not None


def photo_of(key: str) -> str:
    """The id of the photo whose bytes are under the key."""
    return key.partition(".")[0]
