"""The entrypoints of where bytes of photos lie: moving them into a bucket, and removing what belongs to no photo."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from nameko.timer import timer

from cases.store import PhotoStore
from cases.store.inventory import KEYS_AT_ONCE, lacking, moved, unrecorded
from cases.store.photo_bytes import BytesAway
from cases.store.photo_place import InBucket
from chassis.desk import Desk
from chassis.ids import earliest_id
from chassis.rpc import rpc

Answer = dict[str, Any]

log = structlog.get_logger()

SWEEP_SECONDS = 3600
SETTLE_SECONDS = 60
ON_ITS_WAY = timedelta(hours=1)
"""How old bytes are before they are held against photos: those of an upload are there before its photo is."""

LOOKED_BACK = timedelta(days=3)
"""How old what a process has left behind may be that died between two writes: photos are removed after a day."""

MOVING_SECONDS = 2.0
"""After which a step of moving ends with the photo at hand, well before operators think that nobody answers."""


class PhotoPlaceDesk(Desk):
    """Keeps bytes of photos where they belong, and none that belong to nobody."""

    photos: PhotoStore

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def sweep_photo_bytes(self) -> None:
        """Remove bytes of no photo, of the last days: what a process has left behind that died between two writes."""
        after: str | None = earliest_id(datetime.now(UTC) - LOOKED_BACK)
        with suppress(BytesAway):
            while after is not None:
                _, after = self._swept(after, dry=False)

    @timer(interval=SETTLE_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def settle_photo_removals(self) -> None:
        """Remove from the bucket what was to be removed while it was away, going over each note once."""
        place = self.photos.bytes
        after: str | None = ""
        with suppress(BytesAway):
            while isinstance(place, InBucket) and after is not None:
                after = place.settle(after)

    @rpc
    def photos_to_move(self) -> int | None:
        """How many sizes of photos wait in the database to be moved, nearly; None without a bucket. For operators."""
        place = self.photos.bytes
        return place.number_to_move() if isinstance(place, InBucket) else None

    @rpc
    def move_photos(self, after: str = "") -> Answer:
        """Move the next few into the bucket: `{found, next}`, how many sizes it were. For operators.

        Refuses `photos_unavailable`; what was moved before that stays moved.
        """
        place, ends, done = self.photos.bytes, monotonic() + MOVING_SECONDS, 0
        if not isinstance(place, InBucket):
            return {"found": 0, "next": None}
        keys = place.to_move(after, KEYS_AT_ONCE)
        for key in keys:
            done += moved(self.photos, place, key, self._on_its_way())
            if monotonic() >= ends:
                return {"found": done, "next": key}
        return {"found": done, "next": keys[-1] if len(keys) == KEYS_AT_ONCE else None}

    @rpc
    def remove_unrecorded(self, after: str = "", *, dry: bool = False) -> Answer:
        """One page of all bytes: `{found, next}`, how many belong to no photo; removed unless `dry`. For operators."""
        number, following = self._swept(after, dry=dry)
        return {"found": number, "next": following}

    @rpc
    def photos_lacking(self, after: str = "") -> Answer:
        """One page of all photos: `{found, next}`, the ids of those that have no bytes. For operators."""
        found, following = lacking(self.photos, after, KEYS_AT_ONCE, self._on_its_way())
        return {"found": list(found), "next": following}

    def _swept(self, after: str, *, dry: bool) -> tuple[int, str | None]:
        found, following = unrecorded(self.photos, after, KEYS_AT_ONCE, self._on_its_way())
        if found and not dry:
            self.photos.bytes.remove(found)
            log.info("bytes of no photo removed", number=len(found))
        return len(found), following

    @staticmethod
    def _on_its_way() -> str:
        return earliest_id(datetime.now(UTC) - ON_ITS_WAY)
