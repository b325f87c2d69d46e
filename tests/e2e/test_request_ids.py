"""Every answer has an id of its own, which stands in the log too: whatever was asked, by whom, and however badly."""

import json
import re
import socket
from urllib.parse import urlsplit

import pytest

from dev.client import Client
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = rb"(?i)\r\nX-Request-ID: ([^\r\n]*)"
JSON = "Content-Type: application/json\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
LEDGER = "/v1/ledgers/360704100002/export?format=csv&list=problem"

TOKEN = "<token>"
"""Where the token of a dispatcher stands."""


def asked(first: str, headers: str = "", body: str = "") -> bytes:
    """A request with its length, unless its headers say something else about that."""
    length = "" if "Transfer-Encoding" in headers or "Content-Length" in headers else f"Content-Length: {len(body)}\r\n"
    return f"{first} HTTP/1.1\r\nHost: x\r\n{headers}{length}\r\n{body}".encode()


def signed(first: str, headers: str = "", body: str = "") -> bytes:
    return asked(first, f"Authorization: Bearer {TOKEN}\r\n{headers}", body)


ASKED: dict[str, tuple[int, bytes]] = {
    "the root": (200, asked("GET /")),
    "the document": (200, asked("GET /openapi.json")),
    "its page": (200, asked("GET /docs")),
    "the events": (200, asked("GET /asyncapi.json")),
    "the keys": (200, asked("GET /.well-known/jwks.json")),
    "whether it lives": (200, asked("GET /health/live")),
    "a list": (200, asked("GET /v1/categories")),
    "a list that is known": (304, asked("GET /v1/categories", "If-None-Match: *\r\n")),
    "a head alone": (200, asked("HEAD /v1/categories")),
    "what may be done": (200, asked("OPTIONS /v1/cases")),
    "a file": (200, signed(f"GET {LEDGER}")),
    "a stream": (200, signed("GET /v1/streams/desk")),
    "a stream of nothing": (404, signed("GET /v1/streams/cases/none")),
    "a stream from nowhere": (400, signed("GET /v1/streams/inbox?after=nowhere")),
    "an unknown path": (404, asked("GET /nothing")),
    "an unknown path of the interface": (404, asked("GET /v1/nothing")),
    "an unknown thing": (404, signed("GET /v1/cases/none")),
    "another method": (405, asked("PATCH /v1/cases")),
    "a method of nobody": (405, asked("BREW /v1/cases")),
    "no token": (401, asked("GET /v1/me")),
    "a token of nobody": (401, asked("GET /v1/me", "Authorization: Bearer x.y.z\r\n")),
    "a wrong password": (401, asked("POST /v1/sessions", JSON, '{"login": "nobody", "password": "x"}')),
    "what is for others": (403, signed("GET /v1/audit-trail?service=cases")),
    "an unknown parameter": (422, signed("GET /v1/cases?nonsense=1")),
    "a tag without quotes": (400, signed("POST /v1/cases/none/accept", "If-Match: 7\r\n")),
    "a tag that is old": (412, signed("POST /v1/cases/none/accept", 'If-Match: "7"\r\n')),
    "no JSON": (400, signed("POST /v1/cases", JSON, "{")),
    "no field": (422, signed("POST /v1/cases", JSON, '{"nonsense": 1}')),
    "another media type": (415, signed("POST /v1/cases", FORM, "text=x")),
    "too much": (413, signed("POST /v1/cases", JSON, f'"{"x" * 1_100_000}"')),
    "a photo without length": (411, signed("POST /v1/photos", f"Content-Type: image/png\r\n{CHUNKED}", "0\r\n\r\n")),
    "a photo that is none": (415, signed("POST /v1/photos", "Content-Type: image/png\r\n", "none")),
    "a calendar of nobody": (404, asked("GET /v1/calendars/none.ics")),
    "a link of nobody": (404, asked("GET /v1/unsubscribe/none")),
    "a page for a link of nobody": (404, asked("GET /v1/unsubscribe/none", "Accept: text/html\r\n")),
    "services of Open311": (200, asked("GET /open311/v2/services.xml")),
    "an unknown request of Open311": (404, asked("GET /open311/v2/requests/none.json")),
    "another form of Open311": (404, asked("GET /open311/v2/services.yaml")),
    "another method of Open311": (405, asked("DELETE /open311/v2/services.json")),
    "a report of Open311 without a key": (403, asked("POST /open311/v2/requests.json", FORM, "service_code=0101")),
    "a long address": (414, asked(f"GET /{'x' * 9_000}")),
    "an address without end": (414, asked(f"GET /{'x' * 20_000}")),
    "a long header": (431, asked("GET /", f"X-Long: {'x' * 9_000}\r\n")),
    "two lengths": (400, asked("POST /v1/cases", "Content-Length: 1\r\nContent-Length: 2\r\n", "x")),
    "another encoding": (501, asked("POST /v1/cases", "Transfer-Encoding: gzip, chunked\r\n")),
    "a broken chunk": (400, signed("POST /v1/cases", f"{JSON}{CHUNKED}", "nothing\r\n")),
    "no header": (400, b"GET / HTTP/1.1\r\nHost x\r\n\r\n"),
    "no request": (400, b"\x00\xff\r\n\r\n"),
}


@pytest.fixture
def token(suite: StagedSuite, people: dict[str, Client]) -> bytes:
    suite.clock.set("2026-03-23T10:00:00+08:00")
    return str(people["dispatcher"].headers["Authorization"]).removeprefix("Bearer ").encode()


def head(suite: StagedSuite, sent: bytes) -> bytes:
    """The head of the last answer to these bytes, and what has come of its body by then."""
    with socket.create_connection(("127.0.0.1", urlsplit(suite.url).port or 80), timeout=30) as line:
        line.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received and (more := line.recv(65_536)):
            received += more
    return received


@pytest.mark.parametrize(("status", "sent"), ASKED.values(), ids=ASKED)
def test_every_answer_has_an_id_that_stands_in_the_log(
    suite: StagedSuite, token: bytes, status: int, sent: bytes
) -> None:
    received = head(suite, sent.replace(TOKEN.encode(), token))
    assert received.startswith(b"HTTP/1.1 %d " % status), received[:2_000]
    [id] = re.findall(NAME, received)
    assert ID.fullmatch(id)
    assert eventually(lambda: logged(suite, id.decode()) == [status], 10)


def logged(suite: StagedSuite, id: str) -> list[int]:
    """The statuses of the answers that the log has for this id."""
    logs = [suite.log(name).read_text() for name in suite.processes if name.startswith("gateway")]
    lines = (json.loads(line) for log in logs for line in log.splitlines() if id in line and line.startswith("{"))
    return [line["status"] for line in lines if line.get("request_id") == id and "status" in line]


@pytest.mark.parametrize("wished", ["front-1.2_3", "x" * 64])
def test_an_id_that_comes_along_is_kept(suite: StagedSuite, token: bytes, wished: str) -> None:
    for _, sent in (ASKED["a list"], ASKED["an unknown path"], ASKED["no token"], ASKED["services of Open311"]):
        received = head(suite, sent.replace(b"Host: x\r\n", b"Host: x\r\nX-Request-ID: %s\r\n" % wished.encode()))
        assert re.findall(NAME, received) == [wished.encode()]


@pytest.mark.parametrize("wished", [b"a b", b"x" * 65, b"", b"<script>", b"\xe7\x81\xaf", b"a,b"])
def test_an_id_that_is_none_is_replaced(suite: StagedSuite, token: bytes, wished: bytes) -> None:
    for _, sent in (ASKED["a list"], ASKED["an unknown path"], ASKED["no token"], ASKED["services of Open311"]):
        received = head(suite, sent.replace(b"Host: x\r\n", b"Host: x\r\nX-Request-ID: %s\r\n" % wished))
        [id] = re.findall(NAME, received)
        assert ID.fullmatch(id)
