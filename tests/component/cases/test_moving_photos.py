"""The running service with photos in a real S3 store: what operators do by `sandan`, and the store killed midway."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet
from pymongo.database import Database

from cases.store import PhotoStore
from cases.store.bucket import Bucket
from cases.store.photo_bytes import KeptBytes
from chassis.mongo import Home
from dev.ports import HOST
from dev.servers import Broker, Mongod
from dev.servers.object_store import SECRET_KEY, ObjectStore
from tests.component.cases.bucketed import bucket_of, content
from tests.component.cases.test_photo_store import PHOTO, aged_id
from tests.component.cases.test_service import picture
from tests.component.instances import Instances

BUCKET = "operating"
LONG = 48 * 1024 * 1024
"""More than the buffers of all connections on its way hold."""

PIECE = 64 * 1024
DRY = "--dry-run"


@pytest.fixture(scope="module")
def running(
    broker: Broker, mongod: Mongod, object_store: ObjectStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instances]:
    """cases with a bucket for its photos."""
    object_store.make_bucket(BUCKET)
    keys = {"CASES_PSEUDONYM_KEY": "the key of tests", "CASES_PERSON_KEYS": Fernet.generate_key().decode()}
    directory = tmp_path_factory.mktemp("moving")
    with Instances(broker, mongod, directory, **keys, **object_store.settings(BUCKET)) as running:
        assert running.sandan("setup", "cases").returncode == 0
        running.start("cases")
        yield running


@pytest.fixture
def database(running: Instances) -> Iterator[Database[dict[str, Any]]]:
    """What cases keeps; no photo is left to the next test."""
    found = running.database("cases")
    yield found
    for name in ("photos", "photo_bytes", "photo_removals"):
        found[name].delete_many({})


@pytest.fixture
def bucket(object_store: ObjectStore) -> Iterator[Bucket]:
    """Where cases keeps bytes, empty for each test."""
    found = bucket_of(object_store, BUCKET)
    yield found
    found.remove(found.after("", 100))


def test_photos_are_moved_into_the_bucket_and_checked_there(
    running: Instances, database: Database[dict[str, Any]], bucket: Bucket
) -> None:
    earlier, photos = KeptBytes(Home(database)), PhotoStore(Home(database))
    ids = [aged_id(2 + n) for n in reversed(range(7))]
    for id in ids:
        photos.add(id, "p-1", id, b"original", PHOTO)
    looked = running.sandan("move-photos", DRY)
    said = "sizes of photos to be moved: 7; nothing was changed\n"
    assert (looked.returncode, looked.stdout, looked.stderr) == (0, said, "")
    assert (list(earlier.after("", 100)), list(bucket.after("", 100))) == (ids, [])
    moved = running.sandan("move-photos")
    assert (moved.returncode, moved.stdout, moved.stderr) == (0, "sizes of photos moved: 7; left: 0\n", "")
    assert (list(earlier.after("", 100)), list(bucket.after("", 100))) == ([], ids)
    assert content(bucket, ids[0]) == PHOTO.content

    checked = running.sandan("check-photos")
    said = "sizes that belong to no photo, removed: 0; photos without bytes: 0\n"
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, said, "")
    orphan = aged_id(30)
    bucket.put(orphan, b"left behind")
    bucket.remove([ids[3]])
    looked = running.sandan("check-photos", DRY)
    said = f"sizes that belong to no photo, to be removed: 1; photos without bytes: 1\n{ids[3]}\n"
    assert (looked.returncode, looked.stdout) == (1, said)
    assert content(bucket, orphan) == b"left behind"
    assert running.sandan("check-photos").returncode == 1
    assert content(bucket, orphan) is None


def test_a_store_that_is_killed_in_the_middle_shortens_no_photo_unseen_and_keeps_none_by_halves(
    running: Instances, database: Database[dict[str, Any]], bucket: Bucket, object_store: ObjectStore
) -> None:
    id, photos = aged_id(2), PhotoStore(Home(database))
    photos.add(id, "p-1", id, b"original", PHOTO)
    photos.bytes.remove([id])
    object_store.keep(BUCKET, id, bytes(LONG))
    database["photos"].update_one({"_id": id}, {"$set": {"size": LONG}})
    photos.issue("t-fetched", "download", photo_id=id, size="full")
    photos.issue("t-sent", "upload", owner="p-2", command="k-sent")
    try:
        with requests.get(at(running, "t-fetched"), stream=True, timeout=20) as answer:
            assert int(answer.headers["Content-Length"]) == LONG
            pieces = answer.iter_content(PIECE)
            next(pieces)
            object_store.kill()
            with pytest.raises(requests.RequestException, match="Connection broken"):
                list(pieces)
        refused = requests.put(at(running, "t-sent"), data=picture(), timeout=20)
        assert refused.json() == {"code": "photos_unavailable", "details": {"retry_after": 30}}
        assert database["photos"].count_documents({"owner": "p-2"}) == 0
        assert running.is_ready("cases")
        checked = running.sandan("check-photos")
        assert (checked.returncode, checked.stdout) == (1, "")
        assert checked.stderr.startswith("Error: The bucket that PHOTO_S3_ENDPOINT and PHOTO_S3_BUCKET name")
    finally:
        object_store.start()
    photos.issue("t-sent-again", "upload", owner="p-2", command="k-sent")
    kept = requests.put(at(running, "t-sent-again"), data=picture(), timeout=20)
    assert kept.status_code == 201
    assert content(bucket, kept.json()["photo_id"])
    assert database["photos"].count_documents({"owner": "p-2"}) == 1
    assert '"event": "bytes of photos are away"' in running.log("cases")
    assert SECRET_KEY not in running.logs()


def test_a_store_that_is_silent_is_told_and_not_the_broker(
    running: Instances, bucket: Bucket, database: Database[dict[str, Any]], object_store: ObjectStore
) -> None:
    id = aged_id(2)
    PhotoStore(Home(database)).add(id, "p-1", id, b"original", PHOTO)
    object_store.pause()
    try:
        said = [running.sandan(*words, RPC_SECONDS="1") for words in (("check-photos", DRY), ("move-photos",))]
    finally:
        object_store.resume()
    for each in said:
        assert (each.returncode, each.stdout) == (1, "")
        assert each.stderr.startswith("Error: The bucket that PHOTO_S3_ENDPOINT and PHOTO_S3_BUCKET name")


def at(running: Instances, ticket: str) -> str:
    return f"http://{HOST}:{running.ports['cases']}/photos/{ticket}"


def test_settings_that_are_half_said_end_the_start_and_are_named(running: Instances, object_store: ObjectStore) -> None:
    for command in ("setup", "run"):
        ended = running.sandan(command, "cases", PHOTO_S3_BUCKET="")
        assert ended.returncode == 1
        assert "need PHOTO_S3_BUCKET too" in ended.stdout + ended.stderr
        assert SECRET_KEY not in ended.stdout + ended.stderr
