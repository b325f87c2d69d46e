"""A bucket of its own for a test, and photos in it."""

import uuid
from typing import Any

from pymongo.database import Database

from cases.photo_settings import BucketSettings
from cases.store import PhotoStore
from cases.store.bucket import Bucket
from cases.store.photo_bytes import PhotoBytes
from cases.store.photo_place import InBucket
from chassis.setup import indexed
from dev.ports import HOST, free_port
from dev.servers.object_store import ACCESS_KEY, REGION, SECRET_KEY, ObjectStore

PATIENCE = (60.0, 60.0)


def own_bucket(store: ObjectStore) -> Bucket:
    """A new bucket, with nothing in it."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    store.make_bucket(name)
    return bucket_of(store, name)


def bucket_of(
    store: ObjectStore, name: str, secret_key: str = SECRET_KEY, waits: tuple[float, float] = PATIENCE
) -> Bucket:
    """The bucket of that name, as cases uses it but for its patience: a test may run on a busy machine."""
    return BucketSettings(store.endpoint, name, ACCESS_KEY, secret_key, REGION).opened(waits)


def nowhere() -> Bucket:
    """A bucket at an address where nobody listens."""
    return BucketSettings(f"http://{HOST}:{free_port()}", "none", ACCESS_KEY, SECRET_KEY, REGION).opened()


def photos_in(database: Database[dict[str, Any]], bucket: Bucket) -> PhotoStore:
    """The photos of a database whose bytes are in the bucket."""
    return indexed(database, lambda home: PhotoStore(home, InBucket(home, bucket)))


def content(kept: PhotoBytes, key: str) -> bytes | None:
    """All that is kept under the key, if there is anything."""
    flow = kept.open(key)
    return b"".join(flow.pieces) if flow else None
