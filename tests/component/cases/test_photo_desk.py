"""Photos as they are given out: in three sizes, to who sees them, each as long as the photo is there."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from pymongo.database import Database
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from cases import photo_desk
from cases.service import CasesService
from cases.store import PhotoStore
from chassis.caller import Caller
from chassis.doorway import Doorway
from tests.component.cases.test_service import Desk, code_of, desk, given_out, picture, request
from tests.unit.cases.hostile_pictures import HARMLESS, NO_PHOTOS, SCRIPT, TOO_LARGE, TWO_THINGS, Build, noisy
from tests.unit.cases.play import DISPATCHER, NEIGHBOUR, RESIDENT, WORKER

__all__ = ["desk"]

Stored = Database[dict[str, Any]]


def large() -> bytes:
    """A photo of 2,600 by 1,950 pixels, so that a medium size has to be made of it."""
    out = io.BytesIO()
    Image.new("RGB", (2600, 1950), (10, 90, 40)).save(out, "JPEG")
    return out.getvalue()


def failing(*_: object) -> None:
    raise ConnectionError("the database is away")


def fetched(service: CasesService, photo_id: str, size: str, who: Caller = RESIDENT) -> Response:
    asked = {"intent": "download", "photo_id": photo_id, "size": size}
    return given_out(service, service.photo_ticket(who.dump(), "k", **asked)["ticket"])


def test_a_photo_is_given_out_in_three_sizes(desk: Desk) -> None:
    photo = desk.upload(RESIDENT, large())["photo_id"]
    found = {size: fetched(desk.service, photo, size) for size in ("full", "medium", "thumbnail")}
    assert {each.content_type for each in found.values()} == {"image/jpeg"}
    sizes = {size: Image.open(io.BytesIO(each.data)).size for size, each in found.items()}
    assert sizes == {"full": (2600, 1950), "medium": (1280, 960), "thumbnail": (434, 325)}


def test_the_medium_size_is_made_once(desk: Desk, database: Stored) -> None:
    photo = desk.upload(RESIDENT, large())["photo_id"]
    assert database.photo_bytes.count_documents({}) == 1
    as_kept = fetched(desk.service, photo, "medium").data[::-1]
    changed = database.photo_bytes.update_one({"_id": f"{photo}.medium"}, {"$set": {"content": as_kept}})
    assert changed.modified_count == 1
    assert fetched(desk.service, photo, "medium").data == as_kept


def test_a_small_photo_is_its_own_medium_size(desk: Desk, database: Stored) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    assert fetched(desk.service, photo, "medium").data == fetched(desk.service, photo, "full").data
    assert database.photo_bytes.count_documents({}) == 1


def test_the_medium_size_is_removed_with_a_photo_that_nobody_names(desk: Desk, database: Stored) -> None:
    fetched(desk.service, desk.upload(RESIDENT, large())["photo_id"], "medium")
    assert database.photo_bytes.count_documents({}) == 2
    database.photos.update_many({}, {"$set": {"uploaded_at": datetime.now(UTC) - timedelta(days=2)}})
    desk.service.clean_up()
    assert database.photo_bytes.count_documents({}) == 0


@pytest.mark.parametrize("size", ["full", "medium", "thumbnail"])
def test_each_size_is_for_who_sees_the_photo_and_for_nobody_else(desk: Desk, size: str) -> None:
    photo = desk.upload(RESIDENT, picture())["photo_id"]
    desk.report(photos=[photo])
    for who in (RESIDENT, DISPATCHER):
        assert fetched(desk.service, photo, size, who).status_code == 200
    assert code_of(fetched, desk.service, photo, size, NEIGHBOUR) == "photo_not_found"


def test_who_may_fetch_a_photo_is_told_without_a_ticket_being_made(desk: Desk, database: Stored) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    desk.report(photos=[photo])
    tickets = database.photo_tickets.count_documents({})
    desk.service.check_photo(DISPATCHER.dump(), photo)
    assert code_of(desk.service.check_photo, NEIGHBOUR.dump(), photo) == "photo_not_found"
    assert code_of(desk.service.check_photo, DISPATCHER.dump(), "no-such-photo") == "photo_not_found"
    assert database.photo_tickets.count_documents({}) == tickets


def test_a_case_that_turns_out_to_be_sensitive_shows_its_photos_to_fewer(desk: Desk) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    desk.report(photos=[photo], category="0101")
    assert fetched(desk.service, photo, "full", WORKER).status_code == 200
    desk.do(DISPATCHER, "register", category="0806")
    assert code_of(fetched, desk.service, photo, "full", WORKER) == "photo_not_found"


def test_while_as_many_as_there_may_be_are_on_their_way_out_another_has_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_desk, "GIVEN_OUT", Doorway(1, patience=0.05, again=10))
    photo = desk.upload(RESIDENT, large())["photo_id"]
    asked = {"intent": "download", "photo_id": photo, "size": "full"}
    unread = desk.service.give_out(request(b""), desk.service.photo_ticket(RESIDENT.dump(), "k", **asked)["ticket"])
    assert fetched(desk.service, photo, "full").get_json()["code"] == "busy_try_again"
    assert fetched(desk.service, photo, "thumbnail").status_code == 200
    unread.close()
    unread.close()
    for _ in range(2):
        assert fetched(desk.service, photo, "full").status_code == 200
    ticket = desk.service.photo_ticket(RESIDENT.dump(), "k", **asked)["ticket"]
    monkeypatch.setattr(PhotoStore, "describe", failing)
    with pytest.raises(ConnectionError):
        desk.service.give_out(request(b""), ticket)
    monkeypatch.undo()
    assert fetched(desk.service, photo, "full").status_code == 200


@pytest.mark.parametrize("door", ["TAKEN_IN", "LOOKED_AT"])
def test_while_too_many_come_in_another_is_told_to_come_again_and_nothing_of_it_is_kept(
    desk: Desk, database: Stored, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    busy = Doorway(1, patience=0.05, again=10)
    monkeypatch.setattr(photo_desk, door, busy)
    with busy.passing():
        told = desk.upload(RESIDENT)
    assert told["code"] == "busy_try_again"
    assert database.photos.count_documents({}) == database.photo_bytes.count_documents({}) == 0
    assert desk.upload(RESIDENT)["status"] == 201
    assert desk.upload(RESIDENT, b"no photo")["code"] == "photo_not_readable"
    assert desk.upload(RESIDENT)["status"] == 201


def test_of_a_photo_that_has_gone_since_the_ticket_nothing_is_given_out(desk: Desk, database: Stored) -> None:
    photo = desk.upload(RESIDENT, large())["photo_id"]
    asked = {"intent": "download", "photo_id": photo, "size": "medium"}
    ticket = desk.service.photo_ticket(RESIDENT.dump(), "k", **asked)["ticket"]
    database.photo_bytes.delete_many({})
    answer = given_out(desk.service, ticket)
    assert answer.get_json()["code"] == "photo_not_found"
    assert database.photo_bytes.count_documents({}) == 0


@pytest.mark.parametrize("build", [*NO_PHOTOS.values(), *TOO_LARGE.values()], ids=[*NO_PHOTOS, *TOO_LARGE])
def test_of_what_is_refused_nothing_is_kept(desk: Desk, database: Stored, build: Build) -> None:
    answer = desk.upload(RESIDENT, build())
    assert answer["status"] == 422
    assert answer["code"] in {"photo_not_readable", "photo_too_large"}
    assert database.photos.count_documents({}) == database.photo_bytes.count_documents({}) == 0


@pytest.mark.filterwarnings("ignore::UserWarning")  # as in the service: Pillow tells what it passes over
@pytest.mark.parametrize("build", [*TWO_THINGS.values(), *HARMLESS.values()], ids=[*TWO_THINGS, *HARMLESS])
def test_of_what_was_made_harmless_the_clean_picture_alone_is_kept(desk: Desk, database: Stored, build: Build) -> None:
    photo = desk.upload(RESIDENT, build())["photo_id"]
    kept = (database.photo_bytes.find_one({"_id": photo}) or {})["content"]
    assert SCRIPT not in kept
    assert len(kept) < 200_000
    assert fetched(desk.service, photo, "full").data == kept


def test_the_type_of_a_photo_is_what_it_is_and_not_what_was_said(desk: Desk) -> None:
    ticket = desk.service.photo_ticket(RESIDENT.dump(), "k", intent="upload")["ticket"]
    said = EnvironBuilder(method="PUT", data=noisy("PNG"), content_type="image/jpeg")
    answer = desk.service.take_in(Request(said.get_environ()), ticket).get_json()
    assert answer["media_type"] == "image/png"
    assert fetched(desk.service, answer["photo_id"], "full").content_type == "image/png"
