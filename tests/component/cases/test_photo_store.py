"""Photos belong to their owner until a case takes them, and a ticket is good for once."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.photo import KEPT_BYTES, Photo
from cases.photo_desk import KEPT_UNATTACHED
from cases.store import PhotoStore
from cases.store.inventory import lacking, unrecorded
from cases.store.photo_bytes import key
from chassis.errors import Refusal
from chassis.ids import id_at
from chassis.setup import indexed
from tests.component.cases.bucketed import own_bucket, photos_in

PHOTO = Photo("image/jpeg", b"full", b"small", 4, 3)


@pytest.fixture(params=["in the database", "in a bucket"])
def store(request: pytest.FixtureRequest, database: Database[dict[str, Any]]) -> PhotoStore:
    """The photos of a database, with their bytes in each of the places where they may be."""
    if request.param == "in the database":
        return indexed(database, PhotoStore)
    return photos_in(database, own_bucket(request.getfixturevalue("object_store")))


def keys_of(store: PhotoStore) -> list[str]:
    return list(store.bytes.after("", 100))


def code_of(action: Any) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value.code


def test_a_photo_is_read_in_both_sizes(store: PhotoStore) -> None:
    store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    assert (store.read("f-1", "full"), store.read("f-1", "thumbnail")) == (b"full", b"small")
    assert store.read("f-2", "full") is store.read("f-2", "thumbnail") is None


def test_the_medium_size_goes_with_its_photo(store: PhotoStore) -> None:
    for id in ("f-1", "f-2"):
        store.add(id, "p-1", id, b"original", PHOTO)
        store.keep_medium(id, b"medium")
    assert store.read("f-1", "medium") == b"medium"
    assert keys_of(store) == ["f-1", "f-1.medium", "f-2", "f-2.medium"]
    store.forget("f-1")
    assert keys_of(store) == ["f-2", "f-2.medium"]
    store.attach(["f-2"], "c-1")
    assert store.forget_of_case("c-1") == 1
    assert keys_of(store) == []


@pytest.mark.parametrize("size", ["full", "medium"])
def test_other_bytes_in_the_place_of_a_photo_are_not_given_out_for_it(store: PhotoStore, size: str) -> None:
    store.add("f-1", "p-1", "f-1", b"original", PHOTO)
    store.keep_medium("f-1", b"medium")
    store.bytes.put(key("f-1", size), b"an error page")
    assert code_of(lambda: store.read("f-1", size)) == "photos_unavailable"


def test_what_is_moved_while_a_case_lets_go_of_its_photos_is_removed_too(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    store.attach(["f-1"], "c-1")
    remove = store.bytes.remove

    def overtaken(keys: Collection[str]) -> None:
        remove(keys)
        monkeypatch.undo()
        store.bytes.put("f-1", PHOTO.content)

    monkeypatch.setattr(store.bytes, "remove", overtaken)
    assert store.forget_of_case("c-1") == 1
    assert keys_of(store) == []


def test_the_medium_size_of_a_photo_that_is_gone_is_not_kept(store: PhotoStore) -> None:
    store.keep_medium("f-1", b"medium")
    assert keys_of(store) == []


def test_the_same_upload_again_is_the_same_photo(store: PhotoStore) -> None:
    first = store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    again = store.add("f-2", "p-1", "k-1", b"original", PHOTO)
    assert first["_id"] == again["_id"] == "f-1"
    assert code_of(lambda: store.add("f-3", "p-1", "k-1", b"another", PHOTO)) == "command_id_reused"
    assert keys_of(store) == ["f-1"]


def test_a_ticket_is_good_for_one_purpose_and_once(store: PhotoStore) -> None:
    store.issue("t-1", "download", photo_id="f-1", size="full")
    assert code_of(lambda: store.redeem("t-1", "upload")) == "ticket_invalid"
    assert store.redeem("t-1", "download")["photo_id"] == "f-1"
    assert code_of(lambda: store.redeem("t-1", "download")) == "ticket_invalid"


def test_a_photo_is_named_within_a_day_so_that_none_is_removed_while_a_command_names_it(
    store: PhotoStore, database: Database[dict[str, Any]]
) -> None:
    def aged(**age: float) -> list[str]:
        now = datetime.now(UTC)
        database["photos"].update_one({"_id": "f-1"}, {"$set": {"uploaded_at": now - timedelta(**age)}})
        return store.unattached(now - KEPT_UNATTACHED, 10)

    store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    assert aged(hours=23.9) == []
    store.check_free(["f-1"], ["p-1"], "c-1")
    assert aged(hours=24.1) == []
    assert code_of(lambda: store.check_free(["f-1"], ["p-1"], "c-1")) == "unknown_photo"
    assert aged(hours=25.1) == ["f-1"]
    store.attach(["f-1"], "c-1")
    store.check_free(["f-1"], ["p-1"], "c-1")


def test_only_its_owner_can_give_a_photo_to_a_case_and_only_to_one(store: PhotoStore) -> None:
    store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    assert code_of(lambda: store.check_free(["f-1"], ["p-2"], "c-1")) == "unknown_photo"
    store.check_free(["f-1"], ["p-1"], "c-1")
    store.attach(["f-1"], "c-1")
    store.check_free(["f-1"], ["p-1"], "c-1")
    assert code_of(lambda: store.check_free(["f-1"], ["p-1"], "c-2")) == "unknown_photo"


def test_the_largest_photo_that_is_kept_comes_back_as_it_was(store: PhotoStore) -> None:
    content = bytes(range(256)) * (KEPT_BYTES // 256)
    store.add("f-1", "p-1", "k-1", b"original", Photo("image/png", content, b"small", 6000, 5000))
    assert store.read("f-1", "full") == content


def test_keys_are_gone_through_page_by_page_in_their_order(store: PhotoStore) -> None:
    for n in range(7):
        store.bytes.put(f"f-{n}", b"x")
    pages, after = [], ""
    while page := store.bytes.after(after, 3):
        pages.append(list(page))
        after = page[-1]
    assert pages == [["f-0", "f-1", "f-2"], ["f-3", "f-4", "f-5"], ["f-6"]]


def test_what_is_kept_anew_takes_the_place_of_what_was_there(store: PhotoStore) -> None:
    store.bytes.put("f-1.medium", b"once")
    store.bytes.put("f-1.medium", b"again")
    assert (store.read("f-1", "medium"), keys_of(store)) == (b"again", ["f-1.medium"])


def test_to_remove_what_is_not_there_does_no_harm(store: PhotoStore) -> None:
    store.bytes.remove(["f-1", "f-2"])
    store.bytes.remove([])
    assert keys_of(store) == []


def aged_id(hours: float) -> str:
    """The id of a photo that was uploaded so long ago."""
    return id_at(datetime.now(UTC) - timedelta(hours=hours), 1)


def test_bytes_of_no_photo_and_photos_without_bytes_are_found(store: PhotoStore) -> None:
    whole, without, orphan, fresh = (aged_id(hours) for hours in (50, 40, 30, 0.1))
    for id in (whole, without):
        store.add(id, "p-1", id, b"original", PHOTO)
    store.keep_medium(whole, b"medium")
    store.bytes.remove([without])
    for id in (orphan, fresh):
        store.bytes.put(id, b"left behind")
    store.bytes.put(f"{orphan}.medium", b"left behind")
    for name in ("0-notes.txt", f"{orphan}.txt"):
        store.bytes.put(name, b"of somebody else")
    before = aged_id(1)
    for limit in (1, 2, 100):
        assert whole_walk(unrecorded, store, limit, before) == [orphan, f"{orphan}.medium"]
        assert whole_walk(lacking, store, limit, before) == [without]


def test_a_photo_that_is_removed_while_it_is_looked_for_is_not_said_to_lack_its_bytes(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, look = aged_id(30), store.bytes.after
    store.add(id, "p-1", "k-1", b"original", PHOTO)

    def after(key: str, limit: int) -> Sequence[str]:
        store.forget(id)
        return look(key, limit)

    monkeypatch.setattr(store.bytes, "after", after)
    assert lacking(store, "", 10, aged_id(1)) == ([], None)


def whole_walk(found_in: Any, store: PhotoStore, limit: int, before: str) -> list[str]:
    """What a page after the other finds."""
    all_found: list[str] = []
    after: str | None = ""
    while after is not None:
        found, after = found_in(store, after, limit, before)
        all_found += found
    return all_found
