"""Photos belong to their owner until a case takes them, and a ticket is good for once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.photo import Photo
from cases.photo_desk import KEPT_UNATTACHED
from cases.store import PhotoStore
from chassis.errors import Refusal
from chassis.mongo import Home

PHOTO = Photo("image/jpeg", b"full", b"small", 4, 3)


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> PhotoStore:
    for name, indexes in PhotoStore.INDEXES.items():
        database[name].create_indexes(indexes)
    return PhotoStore(Home(database))


def code_of(action: Any) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value.code


def test_a_photo_is_read_in_both_sizes(store: PhotoStore) -> None:
    store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    assert (store.read("f-1", "full"), store.read("f-1", "thumbnail")) == (b"full", b"small")
    assert store.read("f-2", "full") is store.read("f-2", "thumbnail") is None


def test_the_medium_size_goes_with_its_photo(store: PhotoStore, database: Database[dict[str, Any]]) -> None:
    for id in ("f-1", "f-2"):
        store.add(id, "p-1", id, b"original", PHOTO)
        store.keep_medium(id, b"medium")
    assert store.read("f-1", "medium") == b"medium"
    assert len(list(database["photo_bytes"].find())) == 4
    store.forget("f-1")
    assert {each["_id"] for each in database["photo_bytes"].find()} == {"f-2", "f-2.medium"}
    store.attach(["f-2"], "c-1")
    assert store.forget_of_case("c-1") == 1
    assert list(database["photo_bytes"].find()) == []


def test_the_medium_size_of_a_photo_that_is_gone_is_not_kept(
    store: PhotoStore, database: Database[dict[str, Any]]
) -> None:
    store.keep_medium("f-1", b"medium")
    assert list(database["photo_bytes"].find()) == []


def test_the_same_upload_again_is_the_same_photo(store: PhotoStore, database: Database[dict[str, Any]]) -> None:
    first = store.add("f-1", "p-1", "k-1", b"original", PHOTO)
    again = store.add("f-2", "p-1", "k-1", b"original", PHOTO)
    assert first["_id"] == again["_id"] == "f-1"
    assert code_of(lambda: store.add("f-3", "p-1", "k-1", b"another", PHOTO)) == "command_id_reused"
    assert [each["_id"] for each in database["photo_bytes"].find()] == ["f-1"]


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
