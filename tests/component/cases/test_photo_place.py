"""Photos in a bucket: what the database has from before, moving it, a bucket that is away, and what is left behind."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import pytest
from nameko.testing.services import worker_factory
from pymongo.database import Database

from cases.photo import Photo
from cases.service import CasesService
from cases.store import PhotoStore
from cases.store.bucket import Bucket
from cases.store.photo_bytes import BytesAway, BytesStay, KeptBytes
from cases.store.photo_place import InBucket
from chassis.mongo import Home
from dev.servers.object_store import READY, ObjectStore
from tests.component.cases.bucketed import bucket_of, content, nowhere, own_bucket, photos_in
from tests.component.cases.test_photo_desk import fetched, large
from tests.component.cases.test_photo_store import PHOTO, aged_id
from tests.component.cases.test_service import Desk, desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, RESIDENT

__all__ = ["desk"]

Stored = Database[dict[str, Any]]


@pytest.fixture
def bucket(object_store: ObjectStore) -> Bucket:
    return own_bucket(object_store)


@pytest.fixture
def photos(database: Stored, bucket: Bucket) -> PhotoStore:
    """The photos of the service, in the bucket."""
    return photos_in(database, bucket)


@pytest.fixture
def place(photos: PhotoStore) -> InBucket:
    assert isinstance(photos.bytes, InBucket)
    return photos.bytes


@pytest.fixture
def earlier(database: Stored) -> KeptBytes:
    """What the database has from before."""
    return KeptBytes(Home(database))


@pytest.fixture
def paused(object_store: ObjectStore) -> Iterator[None]:
    """The store answers nothing while this is held."""
    object_store.pause()
    yield
    object_store.resume()


def removals(database: Stored) -> set[str]:
    return {each["_id"] for each in database["photo_removals"].find()}


def test_an_uploaded_photo_is_in_the_bucket_and_nowhere_else(desk: Desk, database: Stored, bucket: Bucket) -> None:
    photo = desk.upload(RESIDENT, large())["photo_id"]
    assert fetched(desk.service, photo, "medium").status_code == 200
    assert list(bucket.after("", 10)) == [photo, f"{photo}.medium"]
    assert fetched(desk.service, photo, "full").data == content(bucket, photo)
    assert database["photo_bytes"].count_documents({}) == 0


def test_what_the_database_has_from_before_is_given_out_and_removed(
    place: InBucket, earlier: KeptBytes, bucket: Bucket
) -> None:
    earlier.put("f-1", b"from before")
    bucket.put("f-2", b"new")
    assert (content(place, "f-1"), content(place, "f-2"), content(place, "f-3")) == (b"from before", b"new", None)
    assert list(place.after("", 10)) == ["f-1", "f-2"]
    place.remove(["f-1", "f-2"])
    assert list(place.after("", 10)) == []


def test_what_is_moved_is_in_the_bucket_alone_and_was_never_in_neither(
    service: CasesService, earlier: KeptBytes, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [aged_id(hours) for hours in (7, 6, 5)]
    for key in keys:
        service.photos.add(key, "p-1", key, b"original", PHOTO)
        earlier.put(key, key.encode())
        bucket.remove([key])
    assert service.photos_to_move() == len(keys)
    monkeypatch.setattr("cases.photo_place_desk.MOVING_SECONDS", 0)
    assert service.move_photos() == {"found": 1, "next": keys[0]}
    assert (list(bucket.after("", 100)), list(earlier.after("", 100))) == (keys[:1], keys[1:])
    monkeypatch.undo()
    assert service.move_photos(keys[0]) == {"found": len(keys) - 1, "next": None}
    assert {key: content(bucket, key) for key in keys} == {key: key.encode() for key in keys}
    assert (list(earlier.after("", 100)), service.photos_to_move()) == ([], 0)


class Overtaken(Bucket):
    """Something happens once the bytes have left for the bucket, and before they are there."""

    def __init__(self, bucket: Bucket, meanwhile: Callable[[], object]) -> None:
        super().__init__(bucket._client, bucket._name)
        self._meanwhile = meanwhile

    def put(self, key: str, content: bytes) -> None:
        self._meanwhile()
        super().put(key, content)


@pytest.mark.parametrize("how", ["by its case", "by nobody who named it"])
def test_what_was_removed_while_it_was_being_moved_is_nowhere(
    how: str, service: CasesService, database: Stored, earlier: KeptBytes, bucket: Bucket
) -> None:
    id, photos = aged_id(30), service.photos
    PhotoStore(Home(database)).add(id, "p-1", "k-1", b"original", PHOTO)
    if how == "by its case":
        photos.attach([id], "c-1")
    meanwhile = (lambda: photos.forget_of_case("c-1")) if how == "by its case" else (lambda: photos.forget(id))
    service.photos = photos_in(database, Overtaken(bucket, meanwhile))
    assert service.move_photos() == {"found": 0, "next": None}
    assert (service.photos.read(id, "full"), list(bucket.after("", 10)), removals(database)) == (None, [], set())


def test_what_two_move_at_once_is_moved_and_counted_once(
    service: CasesService, database: Stored, photos: PhotoStore, earlier: KeptBytes, bucket: Bucket
) -> None:
    id = aged_id(30)
    PhotoStore(Home(database)).add(id, "p-1", "k-1", b"original", PHOTO)
    other: CasesService = worker_factory(CasesService, photos=photos)
    counted = list[int]()
    service.photos = photos_in(database, Overtaken(bucket, lambda: counted.append(other.move_photos()["found"])))
    assert service.move_photos() == {"found": 0, "next": None}
    assert counted == [1]
    assert (content(bucket, id), list(earlier.after("", 10))) == (PHOTO.content, [])


def test_bytes_that_are_moved_before_their_photo_is_there_are_kept(
    service: CasesService, earlier: KeptBytes, bucket: Bucket
) -> None:
    id = aged_id(0.1)
    earlier.put(id, b"an upload on its way")
    assert service.move_photos() == {"found": 1, "next": None}
    assert content(bucket, id) == b"an upload on its way"


def test_moving_what_is_not_there_moves_nothing(place: InBucket, bucket: Bucket) -> None:
    assert place.move("f-1") is False
    assert list(bucket.after("", 10)) == []


def test_without_a_bucket_nothing_waits_for_being_moved(service: CasesService, database: Stored) -> None:
    service.photos = PhotoStore(Home(database))
    assert service.photos_to_move() is None
    assert service.move_photos() == {"found": 0, "next": None}
    service.settle_photo_removals()


@pytest.mark.parametrize("how", ["nobody listens", "nothing answers", "wrong credentials", "no such bucket"])
def test_a_bucket_that_is_away_refuses_uploads_and_keeps_nothing(
    how: str, desk: Desk, database: Stored, object_store: ObjectStore, request: pytest.FixtureRequest
) -> None:
    if how == "nothing answers":
        request.getfixturevalue("paused")
    ways: dict[str, Callable[[], Bucket]] = {
        "nobody listens": nowhere,
        "nothing answers": lambda: bucket_of(object_store, READY, waits=(0.5, 0.5)),
        "wrong credentials": lambda: bucket_of(object_store, READY, "another secret"),
        "no such bucket": lambda: bucket_of(object_store, "nowhere"),
    }
    desk.service.photos = photos_in(database, ways[how]())
    answer = desk.upload(RESIDENT)
    assert (answer["code"], answer["details"]) == ("photos_unavailable", {"retry_after": 30})
    assert database["photos"].count_documents({}) == 0


def test_while_the_bucket_is_away_everything_else_goes_on(desk: Desk, database: Stored) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    desk.service.photos = photos_in(database, nowhere())
    assert fetched(desk.service, photo, "full").get_json()["code"] == "photos_unavailable"
    assert fetched(desk.service, photo, "thumbnail").status_code == 200
    desk.report(photos=[photo])
    desk.do(DISPATCHER, "register", category="0101")
    assert [each["photo_id"] for each in desk.seen(DISPATCHER)["photos"]] == [photo]


def test_retention_goes_on_while_the_bucket_is_away_and_the_bytes_go_once_it_is_there(
    desk: Desk, database: Stored, bucket: Bucket, photos: PhotoStore, clock: SetClock
) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    desk.report(photos=[photo])
    desk.do(DISPATCHER, "reject", reason_code="not_found", text="现场未发现")
    desk.service.photos = photos_in(database, nowhere())
    clock.moment += timedelta(days=400)
    desk.service.end_retention()
    assert database["photos"].count_documents({}) == 0
    assert (content(bucket, photo) is not None, photo in removals(database)) == (True, True)
    desk.service.settle_photo_removals()
    assert content(bucket, photo) is not None
    desk.service.photos = photos
    desk.service.settle_photo_removals()
    assert (content(bucket, photo), removals(database)) == (None, set())


class Silent(Bucket):
    """One that keeps everybody waiting, and counts them."""

    asked = 0

    def remove(self, keys: Collection[str]) -> None:
        self.asked += 1
        raise BytesAway("ReadTimeoutError")


def test_a_store_that_is_silent_is_not_waited_for_at_each_removal(database: Stored, bucket: Bucket) -> None:
    silent = Silent(bucket._client, bucket._name)
    place = InBucket(Home(database), silent)
    for key in ("f-1", "f-2", "f-3"):
        place.put(key, b"content")
        place.remove([key])
    assert (silent.asked, removals(database)) == (1, {"f-1", "f-2", "f-3"})
    assert InBucket(Home(database), bucket).settle() is None
    assert (list(bucket.after("", 10)), removals(database)) == ([], set())


class Locked(Bucket):
    """One that keeps what is locked for good, and counts how often it is asked."""

    asked = 0

    def remove(self, keys: Collection[str]) -> None:
        self.asked += 1
        locked = {key for key in keys if key.startswith("locked")}
        super().remove(set(keys) - locked)
        if locked:
            raise BytesStay("AccessDenied", locked)


def test_what_a_store_refuses_to_remove_stays_noted_and_keeps_nothing_else(
    service: CasesService, database: Stored, bucket: Bucket
) -> None:
    kept = Locked(bucket._client, bucket._name)
    place = InBucket(Home(database), kept)
    service.photos = PhotoStore(Home(database), place)
    locked, others = [f"locked-{n:03}" for n in range(150)], [f"open-{n:03}" for n in range(100)]
    database["photo_removals"].insert_many({"_id": key} for key in [*locked, *others])
    for key in ("locked-000", "open-000", "open-099"):
        bucket.put(key, b"content")
    service.settle_photo_removals()
    assert (list(bucket.after("", 10)), removals(database), kept.asked) == (["locked-000"], set(locked), 3)
    place.put("open-1", b"content")
    place.remove(["locked-000", "open-1"])
    assert (list(bucket.after("", 10)), removals(database), kept.asked) == (["locked-000"], set(locked), 4)
    place.put("open-2", b"content")
    place.remove(["open-2"])
    assert list(bucket.after("", 10)) == ["locked-000"]


@pytest.mark.parametrize("in_bucket", [False, True], ids=["in the database", "in a bucket"])
def test_what_a_process_that_died_has_left_behind_is_removed_within_the_hour(
    service: CasesService, database: Stored, *, in_bucket: bool
) -> None:
    if not in_bucket:
        service.photos = PhotoStore(Home(database))
    store = service.photos
    taken, orphan, fresh, old = (aged_id(hours) for hours in (3, 2, 0.5, 24 * 30))
    store.add(taken, "p-1", "k-1", b"original", PHOTO)
    for id in (orphan, fresh, old):
        store.bytes.put(id, b"left behind")
    service.sweep_photo_bytes()
    assert list(store.bytes.after("", 10)) == [old, taken, fresh]
    looked = service.remove_unrecorded(dry=True)
    assert looked == {"found": 1, "next": None}
    assert list(store.bytes.after("", 10)) == [old, taken, fresh]
    assert service.remove_unrecorded() == looked
    assert list(store.bytes.after("", 10)) == [taken, fresh]


def test_photos_whose_bytes_are_lost_are_named(service: CasesService) -> None:
    whole, lost = aged_id(3), aged_id(2)
    for id in (whole, lost):
        service.photos.add(id, "p-1", id, b"original", Photo("image/jpeg", b"full", b"small", 4, 3))
    service.photos.bytes.remove([lost])
    assert service.photos_lacking() == {"found": [lost], "next": None}


def test_a_sweep_without_its_bucket_says_so_and_ends(service: CasesService, database: Stored) -> None:
    service.photos = photos_in(database, nowhere())
    service.sweep_photo_bytes()
    with pytest.raises(BytesAway):
        service.remove_unrecorded()
