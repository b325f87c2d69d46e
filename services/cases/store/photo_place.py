"""Where bytes of photos are kept: in the database, or in a bucket beside what the database has from before."""

from collections.abc import Collection, Sequence
from time import monotonic

from pymongo import ReplaceOne

from cases.store.photo_bytes import AGAIN_SECONDS, BytesAway, Flow, KeptBytes, PhotoBytes
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

    def settle(self) -> int:
        """Remove from the bucket what is noted; how many it was, 0 once nothing is left."""
        keys = [each["_id"] for each in self._owed.find({}, {"_id": True}).limit(REMOVED_AT_ONCE)]
        self._settled(keys)
        return len(keys)

    def move(self, key: str) -> bool:
        """Move what the database has under the key into the bucket; whether it had anything.

        It may be done by several at once. Whether the photo is still there is for who moves it to look at afterwards.
        """
        content = self._earlier.get(key)
        if content is None:
            return False
        self._bucket.put(key, content)
        self._earlier.remove([key])
        return True

    def to_move(self, after: str, limit: int) -> Sequence[str]:
        """The first keys behind this one under which the database still has something."""
        return self._earlier.after(after, limit)

    def number_to_move(self) -> int:
        """How many keys these are in all, nearly."""
        return self._earlier.number()

    def _settled(self, keys: Sequence[str]) -> None:
        if keys:
            self._bucket.remove(keys)
            self._owed.delete_many({"_id": {"$in": list(keys)}})
