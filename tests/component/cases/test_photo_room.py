"""Photos that find no room to be cleaned are refused and leave nothing; many of the public keep nobody else out."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from eventlet.patcher import original
from PIL import Image
from pymongo.database import Database
from werkzeug.wrappers import Response

from cases import photo, photo_desk
from cases.service import CasesService
from cases.workbench import ANYBODYS_PLACES, PLACE_PIXELS, Workbench
from tests.component.cases.test_service import Desk, desk, request
from tests.unit.cases.play import RESIDENT

__all__ = ["desk"]

Stored = Database[dict[str, Any]]

native: Any = original("threading")


def large() -> bytes:
    """A photo that needs more than one place, as somebody without an account may send it."""
    out = io.BytesIO()
    Image.new("L", (3001, 3000)).save(out, "PNG")
    assert PLACE_PIXELS < 3001 * 3000 <= photo.ANYBODYS_MAX_PIXELS["PNG"]
    return out.getvalue()


class Slow:
    """Cleaning that does not come to an end with a large photo until it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on: threading.Event = native.Event()
        self.begun = 0
        self._cleaned = photo.cleaned
        monkeypatch.setattr("cases.photo.cleaned", self._slowly)

    def _slowly(self, content: bytes, *limits: Any) -> photo.Photo:
        if photo.weight(content) > PLACE_PIXELS:
            self.begun += 1
            self.go_on.wait(30)
        return self._cleaned(content, *limits)


class Public:
    """Sends photos without an account, each beside the others."""

    def __init__(self, service: CasesService) -> None:
        self._service = service
        self._sent = 0

    def send(self, content: bytes) -> Any:
        self._sent += 1
        ticket = self._service.anybodys_photo_ticket(f"k-{self._sent}")["ticket"]
        return eventlet.spawn(self._service.take_in, request(content), ticket)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow(monkeypatch)
    yield made
    made.go_on.set()


@pytest.fixture
def public(desk: Desk) -> Public:
    return Public(desk.service)


def held(slow: Slow) -> None:
    """Wait until one is being cleaned."""
    with eventlet.Timeout(20):
        while not slow.begun:
            eventlet.sleep(0.01)


def test_while_large_photos_of_the_public_are_cleaned_small_ones_go_through(
    desk: Desk, slow: Slow, public: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_desk, "ANYBODYS_WORKBENCH", Workbench(ANYBODYS_PLACES, patience=60))
    sent = [public.send(large()) for _ in range(3)]
    held(slow)
    assert desk.upload(RESIDENT)["status"] == 201
    out = io.BytesIO()
    Image.new("RGB", (800, 600)).save(out, "JPEG")
    assert public.send(out.getvalue()).wait().status_code == 201
    assert slow.begun == 1
    slow.go_on.set()
    assert [each.wait().status_code for each in sent] == [201, 201, 201]


def test_a_photo_that_found_no_room_in_time_is_not_cleaned_and_leaves_nothing(
    desk: Desk, slow: Slow, public: Public, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_desk, "ANYBODYS_WORKBENCH", Workbench(ANYBODYS_PLACES, patience=0.05))
    first = public.send(large())
    held(slow)
    refused: Response = public.send(large()).wait()
    assert refused.get_json() == {"code": "busy_try_again", "details": {"retry_after": 10}}
    slow.go_on.set()
    assert first.wait().status_code == 201
    assert slow.begun == database.photos.count_documents({}) == database.photo_bytes.count_documents({}) == 1


def test_a_photo_of_more_pixels_than_the_public_may_send_is_refused_and_a_resident_may_send_it(
    desk: Desk, public: Public, database: Stored
) -> None:
    out = io.BytesIO()
    Image.new("L", (5000, 3001)).save(out, "PNG")
    refused = public.send(out.getvalue()).wait().get_json()
    assert refused == {"code": "photo_too_large", "details": {"limit_pixels": 15_000_000}}
    assert database.photos.count_documents({}) == 0
    assert desk.upload(RESIDENT, out.getvalue())["status"] == 201
