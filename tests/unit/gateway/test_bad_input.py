"""Bad input: each kind gets its own problem and status, and no service hears of it."""

import io
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.app import BODY_LIMIT
from gateway.tokens import Tokens
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import RECEIPT, FakeServices, said

CASES = "/v1/cases"


@pytest.fixture(autouse=True)
def _answers(services: FakeServices) -> None:
    services.outcomes |= {"cases.report": RECEIPT, "cases.move": RECEIPT}


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document, which has everything that each of them has."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document = said(response)
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == response.headers["X-Request-ID"]
    assert document["type"].endswith(code)
    assert document["title"]
    assert document["detail"]
    return document


def faults(document: dict[str, Any]) -> dict[str, str]:
    return {each["pointer"]: each["detail"] for each in document["errors"]}


def test_an_unknown_field_is_pointed_at(client: FlaskClient, services: FakeServices) -> None:
    response = client.post(CASES, json={"text": "灯不亮", "priority": 1, "location": {"lon": 1, "lat": 2, "alt": 3}})
    assert set(faults(problem(response, 422, "invalid"))) == {"/priority", "/location/alt"}
    assert services.calls == []


def test_a_wrong_type_is_pointed_at(client: FlaskClient, services: FakeServices) -> None:
    response = client.post(CASES, json={"text": 5, "photos": "x", "location": {"lon": "east", "lat": 200}, "tags": [1]})
    pointed = faults(problem(response, 422, "invalid"))
    assert set(pointed) == {"/text", "/photos", "/location/lon", "/location/lat", "/tags/0"}
    assert services.calls == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(client: FlaskClient, number: str) -> None:
    body = f'{{"text": "x", "location": {{"lon": {number}, "lat": 1}}}}'
    response = client.post(CASES, data=body, content_type="application/json")
    assert "/location/lon" in faults(problem(response, 422, "invalid"))


def test_a_text_may_have_4000_characters_and_no_more(client: FlaskClient, services: FakeServices) -> None:
    assert client.post(CASES, json={"text": "灯" * 4000}).status_code == 201
    response = client.post(CASES, json={"text": "灯" * 4001})
    assert set(faults(problem(response, 422, "invalid"))) == {"/text"}
    assert len(services.calls) == 1


def test_lists_are_bounded_and_name_nothing_twice(client: FlaskClient) -> None:
    many = client.post(CASES, json={"text": "x", "photos": [str(n) for n in range(1000)]})
    assert set(faults(problem(many, 422, "invalid"))) == {"/photos"}
    twice = client.post(CASES, json={"text": "x", "photos": ["a", "a"]})
    assert set(faults(problem(twice, 422, "invalid"))) == {"/photos"}


@pytest.mark.parametrize(
    "body",
    [b'{"text": "\\ud83d"}', b"[" * 100_000, b'{"text": ' + b"9" * 5000 + b"}"],
    ids=["half a character", "too deep", "an endless number"],
)
def test_unreadable_json_is_told_apart_from_a_wrong_field(
    client: FlaskClient, services: FakeServices, body: bytes
) -> None:
    problem(client.post(CASES, data=body, content_type="application/json"), 400, "malformed_request")
    assert services.calls == []


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b"{", 1, 2),
        (b"text=x", 1, 1),
        (b'{\n "text": "\xe7\x81\xaf",\n "tags": [elderly]}', 3, 11),
        ('{"text": "灯\n"}'.encode(), 1, 12),
        ('{\n"text": "灯'.encode() + b'\xff"}', 2, 11),
        (b"\xff\xfe", 1, 1),
    ],
    ids=["cut off", "a form", "a bare word", "a bare line break", "no UTF-8", "nothing but a mark"],
)
def test_a_body_that_is_not_json_is_told_where(
    client: FlaskClient, services: FakeServices, body: bytes, line: int, column: int
) -> None:
    response = client.post(CASES, data=body, content_type="application/json", headers={"Accept-Language": "en"})
    document = problem(response, 400, "body_not_json")
    assert (document["title"], document["details"]) == ("The body is not JSON", {"line": line, "column": column})
    assert services.calls == []


def test_a_whole_emoji_is_welcome(client: FlaskClient, services: FakeServices) -> None:
    response = client.post(CASES, data=b'{"text": "\\ud83d\\udca1"}', content_type="application/json")
    assert response.status_code == 201
    assert services.last["text"] == "💡"


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null"])
def test_json_that_is_no_object_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post(CASES, data=body, content_type="application/json")
    assert set(faults(problem(response, 422, "invalid"))) == {""}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_another_content_type_is_415(client: FlaskClient, services: FakeServices, content_type: str | None) -> None:
    response = client.post(CASES, data=b'{"text": "x"}', content_type=content_type)
    told = problem(response, 415, "unsupported_media_type")
    assert "application/json" in told["detail"]
    assert services.calls == []


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: FlaskClient, services: FakeServices) -> None:
    class Unreadable(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

        readinto = read  # type: ignore[assignment]

    response = client.post(
        CASES,
        input_stream=Unreadable(),
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": str(BODY_LIMIT + 1)},
    )
    problem(response, 413, "body_too_large")
    assert services.calls == []


def test_a_chunked_body_is_cut_at_the_limit(client: FlaskClient, services: FakeServices) -> None:
    response = client.post(
        CASES,
        data=b'{"text": "' + b"x" * BODY_LIMIT + b'"}',
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    problem(response, 413, "body_too_large")
    assert services.calls == []


def test_an_unknown_route_is_404_also_without_a_token(anyone: FlaskClient, services: FakeServices) -> None:
    problem(anyone.get("/v1/nothing"), 404, "route_not_found")
    problem(anyone.get("/v1/cases/"), 404, "route_not_found")
    problem(anyone.get("/v1//cases"), 404, "route_not_found")
    assert services.calls == []


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.delete("/v1/cases")
    problem(response, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_an_endless_address_is_refused(client: FlaskClient, services: FakeServices) -> None:
    problem(client.get("/v1/cases?tag=" + "x" * 8000), 414, "uri_too_long")
    assert services.calls == []


def test_an_unknown_parameter_is_named(client: FlaskClient, services: FakeServices) -> None:
    document = problem(client.get("/v1/cases?stauts=CLOSED&limit=0"), 422, "invalid")
    assert {each["parameter"] for each in document["errors"]} == {"stauts", "limit"}
    assert services.calls == []


@pytest.mark.parametrize("again", ["CLOSED", "ACCEPTED"])
def test_a_parameter_that_is_given_twice_is_named(client: FlaskClient, services: FakeServices, again: str) -> None:
    document = problem(client.get(f"/v1/cases?status=ACCEPTED&limit=1&status={again}"), 422, "invalid")
    assert document["errors"] == [{"parameter": "status", "detail": "重复填写，只能填一次。"}]
    assert services.calls == []


@pytest.mark.parametrize("phone", ["1200000000", "120 0000 0001", "+8612000000001", "１２００００００００１"])
def test_a_phone_has_11_digits(anyone: FlaskClient, services: FakeServices, phone: str) -> None:
    document = problem(anyone.post("/v1/sign-in/code", json={"phone": phone}), 422, "invalid")
    assert faults(document) == {"/phone": "应为 11 位手机号码。"}
    assert services.calls == []


def test_a_cursor_that_was_made_up_is_refused(client: FlaskClient, services: FakeServices) -> None:
    problem(client.get("/v1/cases?after=WyJ4Il0.abc"), 400, "invalid_cursor")
    assert services.calls == []


@pytest.mark.parametrize("key", ["", "with space", "ä", "x" * 201, "tab\there"])
def test_a_bad_idempotency_key_is_refused(client: FlaskClient, services: FakeServices, key: str) -> None:
    response = client.post(CASES, json={"text": "x"}, headers={"Idempotency-Key": key})
    problem(response, 400, "bad_idempotency_key")
    assert services.calls == []


def test_without_a_token_nothing_is_asked(anyone: FlaskClient, services: FakeServices) -> None:
    for response in (anyone.get("/v1/me"), anyone.post(CASES, json={"text": "x"}), anyone.get("/v1/cases/c-1")):
        problem(response, 401, "token_missing")
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="sandan"'
    assert services.calls == []


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer ", "token"])
def test_another_scheme_is_no_sign_in(anyone: FlaskClient, services: FakeServices, header: str) -> None:
    problem(anyone.get("/v1/me", headers={"Authorization": header}), 401, "token_missing")
    assert services.calls == []


def test_an_expired_token_is_told_apart_from_a_forged_one(
    anyone: FlaskClient, services: FakeServices, tokens: Tokens
) -> None:
    old = tokens.issue("s-1", CALLER, time.time() - 901)
    forged = Tokens("AQ" * 21 + "E", 900).issue("s-1", CALLER, time.time())
    for token, code in (
        (old, "token_expired"),
        (forged, "token_invalid"),
        ("eyJhbGciOiJub25lIn0.e30.", "token_algorithm"),
    ):
        response = anyone.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        problem(response, 401, code)
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert services.calls == []


def test_a_tag_of_no_version_matches_nothing(client: FlaskClient, services: FakeServices) -> None:
    for tag in ('"abc"', 'W/"v4.00"', '"v4.00", "v5.00"'):
        problem(client.post("/v1/cases/c-1/accept", headers={"If-Match": tag}), 412, "stale_version")
    assert services.calls == []


@pytest.mark.parametrize(
    "tag", ["v4.00", "'v4.00'", '"v4.00', 'v4.00"', "", '*, "v4.00"', '"v4.00" "v5.00"', 'w/"v4.00"']
)
def test_what_is_no_list_of_tags_is_refused(client: FlaskClient, services: FakeServices, tag: str) -> None:
    response = client.post("/v1/cases/c-1/accept", headers={"If-Match": tag})
    problem(response, 400, "bad_if_match")
    assert services.calls == []


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('{"text": "x", "text": "y"}', "text"),
        ('{"text": "x", "location": {"lon": 115.0, "lat": 25.8, "lon": 115.0}}', "lon"),
        ('{"text": "x", "\\u0074ext": "x"}', "text"),
        ('{"\\ud800": 1, "\\ud800": 2}', "?"),
        (f'{{"{"k" * 5000}": 1, "{"k" * 5000}": 2}}', "k" * 100),
    ],
    ids=["at the top", "within", "in two spellings", "of half a character", "endless"],
)
def test_a_key_that_occurs_twice_is_named(client: FlaskClient, services: FakeServices, body: str, key: str) -> None:
    document = problem(client.post(CASES, data=body, content_type="application/json"), 400, "duplicate_key")
    assert document["details"] == {"key": key}
    assert services.calls == []


@pytest.mark.parametrize(
    "header",
    [
        "Cookie",
        "Accept-Language",
        "Accept",
        "Content-Type",
        "If-None-Match",
        "If-Match",
        "Idempotency-Key",
        "X-Request-ID",
        "Origin",
        "Authorization",
        "Range",
        "X-Forwarded-For",
        "Forwarded",
    ],
)
@pytest.mark.parametrize("value", ["\xff", "a=\xfe; \xff", "Bearer \xff.\xfe.\xff", "bytes=\xff-", 'W/"\xff"'])
def test_a_header_of_odd_bytes_is_no_fault_of_ours(client: FlaskClient, header: str, value: str) -> None:
    name = {"Content-Type": "CONTENT_TYPE"}.get(header, "HTTP_" + header.upper().replace("-", "_"))
    for method, path in (("GET", "/health/live"), ("POST", CASES)):
        response = client.open(path, method=method, data=b"{}", environ_overrides={name: value})
        assert response.status_code < 500, response.text
