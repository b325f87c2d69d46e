"""Photo bytes pass through, both ways, with a ticket each; what is refused is refused before they move."""

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.exceptions import LengthRequired
from werkzeug.test import TestResponse

from gateway.app import create_app
from gateway.routes.photos import PHOTO_LIMIT, received
from gateway.schemas.photos import SIZES
from gateway.settings import Settings
from gateway.transfers import IN_MEMORY, Holder, Transfers, Way
from tests.unit.gateway.fakes import FakePort, FakeServices, said

KEPT = {"photo_id": "ph-1", "media_type": "image/jpeg", "width": 4, "height": 3, "size": 9}
NOWHERE = "http://127.0.0.1:9"
PICTURE = b"\xff\xd8" + bytes(200_000)


@pytest.fixture(autouse=True)
def _answers(services: FakeServices, port: FakePort) -> None:
    services.outcomes["cases.photo_ticket"] = {"ticket": "t-1", "expires_at": "2026-03-12T11:41:00Z"}
    port.answers["PUT", "/photos/t-1"] = (201, "application/json", json.dumps(KEPT).encode())
    port.answers["GET", "/photos/t-1"] = (200, "image/jpeg", PICTURE)


def test_a_photo_goes_to_cases_as_it_came(client: FlaskClient, services: FakeServices, port: FakePort) -> None:
    response = client.post("/v1/photos", data=PICTURE, content_type="image/jpeg", headers={"Idempotency-Key": "k"})
    assert (response.status_code, said(response)) == (201, KEPT)
    assert response.headers["Location"] == "/v1/photos/ph-1"
    [(_, path, body, headers)] = port.got
    assert (path, body, headers["Content-Type"]) == ("/photos/t-1", PICTURE, "image/jpeg")
    assert services.last["intent"] == "upload"
    assert services.last["command_id"]


def test_a_photo_comes_back_with_a_tag(client: FlaskClient, services: FakeServices, port: FakePort) -> None:
    response = client.get("/v1/photos/ph-1?size=thumbnail", buffered=True)
    assert (response.status_code, response.content_type, response.data) == (200, "image/jpeg", PICTURE)
    assert response.headers["Content-Length"] == str(len(PICTURE))
    assert response.headers["Cache-Control"] == "private, no-cache"
    asked = {name: services.last[name] for name in ("intent", "photo_id", "size")}
    assert asked == {"intent": "download", "photo_id": "ph-1", "size": "thumbnail"}
    again = client.get("/v1/photos/ph-1?size=thumbnail", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(port.got) == 1
    assert len(services.calls) == 2, "permission is asked for also when nothing is sent"


def test_each_size_has_a_tag_of_its_own(client: FlaskClient, services: FakeServices) -> None:
    tags = [client.get(f"/v1/photos/ph-1?size={size}", buffered=True).headers["ETag"] for size in SIZES]
    assert len(set(tags)) == len(SIZES)
    assert [each["size"] for _, each in services.calls] == list(SIZES)


def test_a_size_that_there_is_not_is_refused_before_cases_is_asked(client: FlaskClient, services: FakeServices) -> None:
    assert client.get("/v1/photos/ph-1?size=huge").status_code == 422
    assert services.calls == []


@pytest.mark.parametrize("content_type", ["image/gif", "application/json", "application/octet-stream", None])
def test_another_type_is_415_before_a_ticket_is_asked_for(
    client: FlaskClient, services: FakeServices, content_type: str | None
) -> None:
    response = client.post("/v1/photos", data=PICTURE, content_type=content_type)
    assert (response.status_code, said(response)["code"]) == (415, "unsupported_media_type")
    assert services.calls == []


def test_an_empty_body_is_said_to_be_empty_before_a_ticket_is_asked_for(
    client: FlaskClient, services: FakeServices
) -> None:
    response = client.post("/v1/photos", data=b"", content_type="image/jpeg", environ_overrides={"CONTENT_LENGTH": "0"})
    assert (response.status_code, said(response)["code"]) == (422, "photo_empty")
    assert services.calls == []


def test_a_photo_over_the_limit_is_413_before_a_ticket_is_asked_for(
    client: FlaskClient, services: FakeServices
) -> None:
    response = client.post(
        "/v1/photos",
        data=b"x",
        content_type="image/jpeg",
        environ_overrides={"CONTENT_LENGTH": str(PHOTO_LIMIT + 1)},
    )
    assert (response.status_code, said(response)["code"]) == (413, "body_too_large")
    assert services.calls == []


def test_a_photo_may_be_larger_than_a_json_body(client: FlaskClient) -> None:
    response = client.post("/v1/photos", data=bytes(2 * 1024 * 1024), content_type="image/jpeg")
    assert response.status_code == 201


def test_a_photo_of_unknown_length_is_411(client: FlaskClient, services: FakeServices) -> None:
    response = client.post(
        "/v1/photos",
        input_stream=io.BytesIO(PICTURE),
        content_type="image/jpeg",
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert (response.status_code, said(response)["code"]) == (411, "length_required")
    assert services.calls == []


def test_a_photo_without_any_length_is_411_too(app: Flask) -> None:
    with app.test_request_context("/v1/photos", method="POST", content_type="image/png"):
        request.environ.pop("CONTENT_LENGTH", None)
        with pytest.raises(LengthRequired), received():
            pass


@pytest.mark.parametrize(
    ("code", "status"), [("photo_not_readable", 415), ("photo_too_large", 413), ("ticket_invalid", 409)]
)
def test_what_cases_refuses_of_the_bytes_is_passed_on(
    client: FlaskClient, port: FakePort, code: str, status: int
) -> None:
    refusal = json.dumps({"code": code, "details": {"accepted": ["image/png"]}}).encode()
    port.answers["PUT", "/photos/t-1"] = (422, "application/json", refusal)
    response = client.post("/v1/photos", data=b"GIF89a", content_type="image/png")
    assert (response.status_code, said(response)["code"]) == (status, code)
    assert said(response)["details"] == {"accepted": ["image/png"]}


def test_while_their_store_is_away_photos_are_503_with_a_time_to_come_again(
    client: FlaskClient, port: FakePort
) -> None:
    refusal = json.dumps({"code": "photos_unavailable", "details": {"retry_after": 30}}).encode()
    for method in ("PUT", "GET"):
        port.answers[method, "/photos/t-1"] = (422, "application/json", refusal)
    for response in (
        client.post("/v1/photos", data=PICTURE, content_type="image/jpeg"),
        client.get("/v1/photos/ph-1"),
    ):
        assert (response.status_code, said(response)["code"]) == (503, "photos_unavailable")
        assert response.headers["Retry-After"] == "30"


@pytest.mark.parametrize(
    "answer", [(500, "text/html", b"<h1>"), (302, "text/plain", b""), (404, "application/json", b"[]")]
)
def test_an_odd_answer_of_cases_is_503(client: FlaskClient, port: FakePort, answer: tuple[int, str, bytes]) -> None:
    port.answers["GET", "/photos/t-1"] = answer
    response = client.get("/v1/photos/ph-1")
    assert (response.status_code, said(response)["code"]) == (503, "unavailable")


def test_an_instance_that_is_down_is_passed_over(
    services: FakeServices, settings: Settings, client: FlaskClient, port: FakePort
) -> None:
    app = create_app(services, Settings(**{**vars(settings), "cases_urls": (NOWHERE, *settings.cases_urls, NOWHERE)}))
    token: Any = client.environ_base["HTTP_AUTHORIZATION"]
    for _ in range(3):  # each begins with another one
        response = app.test_client().post(
            "/v1/photos", data=PICTURE, content_type="image/jpeg", headers={"Authorization": token}
        )
        assert response.status_code == 201
    assert [body for _, _, body, _ in port.got] == [PICTURE] * 3


def test_without_cases_it_is_503(services: FakeServices, settings: Settings, client: FlaskClient) -> None:
    app: Flask = create_app(services, Settings(**{**vars(settings), "cases_urls": (NOWHERE,)}))
    token: Any = client.environ_base["HTTP_AUTHORIZATION"]
    response = app.test_client().post(
        "/v1/photos", data=PICTURE, content_type="image/jpeg", headers={"Authorization": token}
    )
    assert (response.status_code, said(response)["code"]) == (503, "unavailable")


@pytest.fixture
def hurried(app: Flask) -> Transfers:
    """One photo at once each way for each client, and nobody waits long."""
    transfers = Transfers(dict.fromkeys(Way, 1), patience=0.05)
    app.extensions["transfers"] = transfers
    return transfers


def test_who_has_as_many_under_way_as_one_may_is_told_to_come_again(client: FlaskClient, hurried: Transfers) -> None:
    """Before anything is asked or read; others are as free as ever."""
    ways: dict[Way, Callable[[], TestResponse]] = {
        Way.SENT: lambda: client.post("/v1/photos", data=PICTURE, content_type="image/jpeg"),
        Way.GIVEN_OUT: lambda: client.get("/v1/photos/ph-1", buffered=True),
        Way.THUMBNAIL: lambda: client.get("/v1/photos/ph-1?size=thumbnail", buffered=True),
    }
    for full in Way:
        with hurried.of(Holder("p-1"), full), hurried.of(Holder("p-2"), Way.SENT):
            answers = {way: go() for way, go in ways.items()}
        refused = answers.pop(full)
        assert (refused.status_code, said(refused)["code"]) == (503, "busy_try_again")
        assert refused.headers["Retry-After"] == "5"
        assert all(answer.status_code < 300 for answer in answers.values())


def test_a_photo_that_is_being_read_holds_its_place_until_it_is_closed(client: FlaskClient, hurried: Transfers) -> None:
    unread = client.get("/v1/photos/ph-1", buffered=False)
    assert client.get("/v1/photos/ph-1").status_code == 503
    unread.close()
    assert client.get("/v1/photos/ph-1", buffered=True).status_code == 200


def test_a_place_is_given_back_whatever_goes_wrong(client: FlaskClient, port: FakePort, hurried: Transfers) -> None:
    port.answers["PUT", "/photos/t-1"] = port.answers["GET", "/photos/t-1"] = (500, "text/plain", b"")
    assert client.post("/v1/photos", data=PICTURE, content_type="image/jpeg").status_code == 503
    assert client.get("/v1/photos/ph-1").status_code == 503
    assert client.get("/v1/photos/ph-1", headers={"If-None-Match": '"ph-1.full"'}).status_code == 304
    for way in Way:
        with hurried.of(Holder("p-1"), way):
            pass


def test_a_photo_that_does_not_come_to_its_end_is_no_photo(
    client: FlaskClient, port: FakePort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "cut_short", 1_000)
    answer = client.get("/v1/photos/ph-1")
    assert (answer.status_code, said(answer)["code"]) == (503, "unavailable")


def test_without_room_on_disk_a_photo_is_refused_whichever_way_it_goes(
    client: FlaskClient, port: FakePort, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    large = bytes(IN_MEMORY + 1)
    port.answers["GET", "/photos/t-1"] = (200, "image/jpeg", large)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    sent = client.post("/v1/photos", data=large, content_type="image/jpeg")
    asked = client.get("/v1/photos/ph-1")
    for answer in (sent, asked):
        assert (answer.status_code, said(answer)["code"]) == (503, "photos_unavailable")
        assert answer.headers["Retry-After"] == "30"
    assert len(port.got) == 1, "cases is sent nothing"
