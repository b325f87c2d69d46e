"""What is sent smaller, to whom, and what caches and conditional requests make of it."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from gateway import compression
from gateway.compression import APART_BYTES, LEAST_BYTES, compress, packed
from tests.unit.gateway.fakes import RECEIPT, FakePort, FakeServices, said

CASE = {"case_id": "c-1", "version": 4, "status": "ACCEPTED", "reported_at": "2026-03-12T11:40:00Z"}
GZIP = {"Accept-Encoding": "gzip"}
SESSION = {
    "account_id": "a-1",
    "person_id": "p-1",
    "session_id": "s-9",
    "refresh_token": "s-9.0." + "x" * LEAST_BYTES,
    "caller": {"id": "p-1", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": "u-1"},
}


@pytest.fixture
def long(services: FakeServices) -> FakeServices:
    """A case of which there is much to tell, and a list of many."""
    services.outcomes["cases.case"] = {**CASE, "text": "楼道灯不亮。" * LEAST_BYTES}
    services.outcomes["cases.cases"] = {"items": [CASE] * 50, "next": None}
    return services


@pytest.mark.parametrize("path", ["/v1/cases", "/v1/cases/c-1", "/openapi.json", "/docs", "/asyncapi.json"])
def test_a_long_text_comes_packed_to_who_asks_for_it(client: FlaskClient, long: FakeServices, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 2 < len(plain.data)
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert packed.content_type == plain.content_type
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("*", True),
        ("br, gzip;q=0.8", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("*, gzip;q=0", False),
        ("identity, gzip;q=0.5", False),
        ("br", False),
        ("", False),
    ],
)
def test_it_is_the_caller_who_says(client: FlaskClient, long: FakeServices, accepted: str, packed: bool) -> None:
    answer = client.get("/v1/cases", headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer.headers) is packed


def test_what_is_short_is_sent_as_it_is_and_is_the_same_for_everybody(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.case"] = CASE
    answer = client.get("/v1/cases/c-1", headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" not in answer.vary


def test_a_packed_text_has_a_tag_of_its_own_and_either_says_that_it_is_known(
    client: FlaskClient, long: FakeServices
) -> None:
    plain, packed = client.get("/v1/cases/c-1"), client.get("/v1/cases/c-1", headers=GZIP)
    tags = [answer.headers["ETag"] for answer in (plain, packed)]
    assert tags[1] == tags[0].removesuffix('"') + '-gzip"'
    for tag in tags:
        weak = client.get("/v1/cases/c-1", headers={"If-None-Match": f"W/{tag}"})  # as a proxy that packs makes it
        assert (weak.status_code, weak.headers["ETag"]) == (304, tag)
        for headers in ({}, GZIP):
            again = client.get("/v1/cases/c-1", headers={**headers, "If-None-Match": f'"other", {tag}'})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
            assert "Content-Encoding" not in again.headers
            assert {"Accept-Encoding", "Accept-Language", "Authorization"} <= set(again.vary)
    long.outcomes["cases.case"] = {**CASE, "version": 5, "text": "灯" * LEAST_BYTES}
    changed = client.get("/v1/cases/c-1", headers={**GZIP, "If-None-Match": tags[1]})
    assert changed.status_code == 200


def test_the_tag_of_a_packed_case_guards_a_move(client: FlaskClient, long: FakeServices) -> None:
    tag = client.get("/v1/cases/c-1", headers=GZIP).headers["ETag"]
    long.outcomes["cases.move"] = RECEIPT
    assert client.post("/v1/cases/c-1/accept", headers={"If-Match": tag}).status_code == 200
    assert long.last["if_version"] == 4


def test_head_tells_of_the_answer_that_get_would_have(client: FlaskClient, long: FakeServices) -> None:
    for headers in ({}, GZIP):
        got, asked = (method("/v1/cases", headers=headers) for method in (client.get, client.head))
        assert asked.data == b""
        for name in ("Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"):
            assert asked.headers.get(name) == got.headers.get(name), name


def test_no_answer_to_a_command_is_packed_so_that_its_length_tells_nothing_of_a_secret(
    anyone: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["members.sign_in_with_password"] = SESSION
    answer = anyone.post("/v1/sessions", json={"login": "x", "password": "correct horse"}, headers=GZIP)
    assert answer.status_code == 201
    assert len(answer.data) > LEAST_BYTES
    assert "Content-Encoding" not in answer.headers


def test_a_photo_is_sent_as_it_is(client: FlaskClient, services: FakeServices, port: FakePort) -> None:
    services.outcomes["cases.photo_ticket"] = {"ticket": "t-1", "expires_at": "2026-03-12T11:41:00Z"}
    port.answers["GET", "/photos/t-1"] = (200, "image/jpeg", bytes(20_000))
    answer = client.get("/v1/photos/ph-1", headers=GZIP, buffered=True)
    assert (answer.headers["Content-Length"], "Content-Encoding" in answer.headers) == ("20000", False)
    assert "Accept-Encoding" not in answer.vary


def test_a_stream_goes_out_as_it_happens(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes |= {
        "notify.watch_inbox": {"clauses": [{"key": "person:p-1"}]},
        "notify.missed": {"updates": [], "position": 10, "cursor": "c-10", "more": False},
    }
    answer = client.get("/v1/streams/inbox", headers=GZIP)
    assert (answer.is_streamed, "Content-Encoding" in answer.headers) == (True, False)
    answer.close()


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("application/cloudevents-batch+json", True),
        ("application/xml", True),
        ("image/svg+xml", True),
        ("text/csv", True),
        ("text/html", True),
        ("text/calendar", True),
        ("text/event-stream", False),
        ("image/png", False),
        ("image/jpeg", False),
        ("application/pdf", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("application/octet-stream", False),
    ],
)
def test_what_is_packed_already_is_not_packed_again(media_type: str, expected: bool) -> None:
    assert compression.is_text(media_type) is expected


def test_what_is_always_the_same_is_packed_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, long: FakeServices
) -> None:
    assert client.get("/openapi.json", headers=GZIP).status_code == 200

    def again(body: bytes) -> Any:
        raise AssertionError("packed again")

    monkeypatch.setattr(compression, "packed", again)
    assert said(client.get("/openapi.json"))["openapi"]
    assert client.get("/openapi.json", headers=GZIP).headers["Content-Encoding"] == "gzip"


def test_a_refusal_is_sent_as_it_is(client: FlaskClient) -> None:
    """What is wrong is repeated in it, which somebody else may have chosen."""
    answer = client.get("/v1/cases", query_string={f"unknown{n}": "x" for n in range(50)}, headers=GZIP)
    assert (answer.status_code, "Content-Encoding" in answer.headers) == (422, False)
    assert len(answer.data) > LEAST_BYTES


@pytest.mark.parametrize(("size", "apart"), [(APART_BYTES - 1, 0), (APART_BYTES, 1)])
def test_what_takes_long_to_pack_is_packed_beside_other_requests(
    app: Flask, services: FakeServices, monkeypatch: pytest.MonkeyPatch, size: int, apart: int
) -> None:
    bodies: list[bytes] = []

    def aside(work: Callable[[bytes], bytes], body: bytes) -> bytes:
        bodies.append(body)
        return work(body)

    monkeypatch.setattr(services, "apart", aside)
    with app.test_request_context(headers=GZIP):
        answer = compress(Response(b" " * size, content_type="application/json"))
        assert gzip.decompress(answer.get_data()) == b" " * size
    assert len(bodies) == apart


def test_what_comes_piece_by_piece_is_not_gathered(app: Flask) -> None:
    with app.test_request_context(headers=GZIP):
        pieces = iter([b" " * LEAST_BYTES] * 2)
        assert compress(Response(pieces, content_type="text/csv")).is_streamed
        assert len(list(pieces)) == 2


def test_a_text_is_packed_the_same_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the same tag would stand for several texts."""
    once = packed(b" " * LEAST_BYTES)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert packed(b" " * LEAST_BYTES) == once
