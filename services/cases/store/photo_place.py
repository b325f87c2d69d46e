"""Where bytes of photos are kept: in the database, or in a bucket beside what the database has from before."""

from collections.abc import Collection, Sequence
from time import monotonic

from pymongo import ASCENDING, ReplaceOne

from cases.store.photo_bytes import AGAIN_SECONDS, BytesAway, BytesStay, Flow, KeptBytes, PhotoBytes
from chassis.mongo import Home

REMOVED_AT_ONCE = 100


class InBucket:
    """New bytes in the bucket; those that the database has from before are given out until they were moved.

    A bucket that is away holds up no retention and no deletion: what is to be removed from it is noted first.
    """

    def __init__(self, home: Home, bucket: PhotoBytes) -> None:
        self._earlier, self._bucket = KeptBytes(home), bucket
        self._owed = home.collection("photo_removals")
        self._again_at = 0.0

    def put(self, key: str, content: bytes) -> None:
        """Keep them in the bucket."""
        self._bucket.put(key, content)

    def open(self, key: str, length: int | None = None) -> Flow | None:
        """Those under the key, if there are any; the database comes first, for moving fills the bucket first."""
        return self._earlier.open(key, length) or self._bucket.open(key, length)

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys; of a bucket that is away it is removed later, by `settle`."""
        if not keys:
            return
        self._earlier.remove(keys)
        self._owed.bulk_write([ReplaceOne({"_id": key}, {}, upsert=True) for key in keys], ordered=False)
        if monotonic() < self._again_at:
            return
        try:
            self._settled(list(keys))
        except BytesAway:
            # Each of the thousands that a retention removes would wait for it anew.
            self._again_at = monotonic() + AGAIN_SECONDS

    def after(self, key: str, limit: int) -> Sequence[str]:
        """The first keys behind this one, of both places together."""
        return sorted({*self._earlier.after(key, limit), *self._bucket.after(key, limit)})[:limit]

    def settle(self, after: str = "") -> str | None:
        """Remove from the bucket the next of what is noted: the `after` of those behind, None once there are no more.

        What the store refuses to remove stays noted, and keeps nothing behind it.
        """
        found = self._owed.find({"_id": {"$gt": after}}, {"_id": True}).sort("_id", ASCENDING).limit(REMOVED_AT_ONCE)
        keys = [each["_id"] for each in found]
        self._settled(keys)
        return keys[-1] if len(keys) == REMOVED_AT_ONCE else None

    def move(self, key: str) -> bool:
        """Move what the database has under the key into the bucket; whether it was this that moved anything.

        It may be done by several at once, and one of them has moved it. Whether the photo is still there is for who
        moves it to look at afterwards.
        """
        content = self._earlier.get(key)
        if content is None:
            return False
        self._bucket.put(key, content)
        return self._earlier.take_out(key)

    def to_move(self, after: str, limit: int) -> Sequence[str]:
        """The first keys behind this one under which the database still has something."""
        return self._earlier.after(after, limit)

    def number_to_move(self) -> int:
        """How many keys these are in all, nearly."""
        return self._earlier.number()

    def _settled(self, keys: Sequence[str]) -> None:
        for begin in range(0, len(keys), REMOVED_AT_ONCE):
            some = keys[begin : begin + REMOVED_AT_ONCE]
            gone = set(some).difference(self._staying(some))
            self._owed.delete_many({"_id": {"$in": sorted(gone)}})

    def _staying(self, keys: Sequence[str]) -> Collection[str]:
        """Remove them from the bucket: those that it refuses to remove."""
        try:
            self._bucket.remove(keys)
        except BytesStay as refused:
            return refused.keys
        return ()
