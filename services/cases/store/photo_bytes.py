"""Where the bytes of photos lie: in a collection of their own, one document for each size that is kept apart."""

from collections.abc import Collection
from typing import Protocol

from cases.photo import FULL, MEDIUM
from chassis.mongo import Home

KEPT_APART = (FULL, MEDIUM)
"""The sizes that have bytes of their own; the thumbnail is in the document of its photo."""


class PhotoBytes(Protocol):
    """What keeps bytes under keys (see `key`), each written once and never changed."""

    def put(self, key: str, content: bytes) -> None:
        """Keep them; under a key that has some already they take their place."""

    def get(self, key: str) -> bytes | None:
        """Those under the key, if there are any."""

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys; it does no harm if nothing was."""


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

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys."""
        self._bytes.delete_many({"_id": {"$in": list(keys)}})


def key(photo_id: str, size: str) -> str:
    """Under what the bytes of a photo are kept: its id, with the size behind it where that is not the full one."""
    return photo_id if size == FULL else f"{photo_id}.{size}"


def keys(photo_ids: Collection[str]) -> list[str]:
    """All keys under which bytes of these photos may be."""
    return [key(id, size) for id in photo_ids for size in KEPT_APART]
