"""Photos held against their bytes: bytes of no photo, photos without bytes, and bytes that are moved meanwhile."""

from collections.abc import Sequence

from cases.store.photo_bytes import is_key, photo_of
from cases.store.photo_place import InBucket
from cases.store.photos import PhotoStore

KEYS_AT_ONCE = 1_000


def unrecorded(photos: PhotoStore, after: str, limit: int, before: str) -> tuple[Sequence[str], str | None]:
    """Keys behind `after` under which bytes of no photo are, and where the next page begins, None after the last.

    Those from `before` on, an id, are passed over: such a photo may be on its way. So is what has no name of ours.
    """
    keys = photos.bytes.after(after, limit)
    known = photos.recorded({photo_of(key) for key in keys})
    found = [key for key in keys if key < before and is_key(key) and photo_of(key) not in known]
    return found, keys[-1] if len(keys) == limit else None


def lacking(photos: PhotoStore, after: str, limit: int, before: str) -> tuple[Sequence[str], str | None]:
    """Photos behind `after` that have no bytes, and where the next page begins, None after the last."""
    ids = photos.ids_after(after, limit)
    have = _keys_within(photos, after, ids[-1]) if ids else set()
    found = [id for id in ids if id < before and id not in have]
    still = photos.recorded(found)  # one may have been removed since, with its bytes
    return [id for id in found if id in still], ids[-1] if len(ids) == limit else None


def moved(photos: PhotoStore, place: InBucket, key: str, before: str) -> bool:
    """Move the bytes under the key into the bucket; whether there were any, and nobody else moved or removed them.

    Those of a photo that was removed meanwhile are removed there too, unless the key is from `before` on, as above.
    """
    done = place.move(key)
    if key < before and not photos.recorded([photo_of(key)]):
        place.remove([key])
    return done


def _keys_within(photos: PhotoStore, after: str, last: str) -> set[str]:
    keys: set[str] = set()
    while found := photos.bytes.after(after, KEYS_AT_ONCE):
        keys |= set(found)
        after = found[-1]
        if after >= last or len(found) < KEYS_AT_ONCE:
            break
    return keys
