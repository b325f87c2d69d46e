"""A client that is slow loses its place after its time and harms nobody; one that is merely idle or steady stays."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from dev.servers import Broker, Mongod
from tests.component.gateway.running import Running

JSON = "application/json"
CROWD = 40


@pytest.fixture(scope="module")
def impatient(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway that waits a second for a head, and for a body a second and what 4,000 bytes a second earn."""
    waits = {"HEAD_SECONDS": "1", "BODY_SECONDS": "1", "BODY_RATE": "4000"}
    with Running(broker, mongod, tmp_path_factory.mktemp("impatient"), **waits) as started:
        started.start("cases", "gateway")
        yield started


def answered(received: bytes) -> tuple[int, str]:
    """Status and code of a problem."""
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    problem = json.loads(body)
    assert problem["status"] == int(head.split()[1])
    assert problem["request_id"]
    return problem["status"], problem["code"]


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    while more := connection.recv(65536):
        received += more
    return received


def trickle(running: Running, begun: bytes, sent: bytes) -> tuple[bytes, float]:
    """What comes back when bytes follow the beginning one by one, ten a second, and after how many seconds."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=0.1) as connection:
        connection.sendall(begun)
        began = time.monotonic()
        for byte in sent:
            connection.sendall(bytes([byte]))
            with suppress(TimeoutError):
                received = connection.recv(65536)
                connection.settimeout(10)
                return received + until_closed(connection), time.monotonic() - began
    raise AssertionError("nothing came back")


@pytest.mark.parametrize(
    "begun", [b"", b"GET /v1/me HTTP/1.1\r\nHost: x\r\n"], ids=["in the request line", "in the headers"]
)
def test_a_head_that_trickles_in_is_cut_off_with_a_problem(impatient: Running, begun: bytes) -> None:
    received, seconds = trickle(impatient, begun, b"X-Padding:" + b"x" * 50)
    assert answered(received) == (408, "request_timeout")
    assert 0.9 < seconds < 3


def test_a_crowd_of_slow_heads_keeps_nobody_out_and_no_place(impatient: Running) -> None:
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection(("127.0.0.1", impatient.port), timeout=10))
            for _ in range(CROWD)
        ]
        for connection in crowd:
            connection.sendall(b"GET /v1/me HTTP/1.1\r\n")
        assert impatient.ask().status_code == 200
        assert {answered(until_closed(connection)) for connection in crowd} == {(408, "request_timeout")}


def test_an_idle_connection_is_kept(impatient: Running) -> None:
    with impatient.session() as client:
        for _ in range(2):
            assert client.get(f"{impatient.url}/v1/cases/c-1", timeout=10).status_code == 200
            [pool] = client.get_adapter(impatient.url).poolmanager.pools._container.values()  # type: ignore[attr-defined]
            time.sleep(1.5)
        assert pool.num_connections == 1


def test_a_connection_that_asks_for_nothing_is_closed_without_a_word(impatient: Running) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=10) as connection:
        assert until_closed(connection) == b""


def test_a_slow_answer_of_ours_is_not_the_clients_fault(impatient: Running) -> None:
    assert impatient.ask("/v1/cases/1700").status_code == 200


def head(running: Running, path: str, media_type: str, length: int) -> bytes:
    """The head of a signed-in request with a body."""
    token = running.session().headers["Authorization"]
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: {token!s}",
        f"Content-Type: {media_type}",
        f"Content-Length: {length}",
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


@pytest.mark.parametrize(("path", "media_type"), [("/v1/cases", JSON), ("/v1/photos", "image/png")])
def test_a_body_below_the_rate_is_cut_off_with_a_problem(impatient: Running, path: str, media_type: str) -> None:
    received, seconds = trickle(impatient, head(impatient, path, media_type, 100_000), b"x" * 50)
    assert answered(received) == (408, "request_timeout")
    assert 0.9 < seconds < 3
    assert impatient.ask().status_code == 200


def test_a_body_at_the_rate_may_take_its_time(impatient: Running) -> None:
    body = json.dumps({"text": "x" * 3_900}).encode()
    body += b" " * (16_000 - len(body))
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=10) as connection:
        connection.sendall(head(impatient, "/v1/cases", JSON, len(body)))
        for start in range(0, len(body), 1_600):
            connection.sendall(body[start : start + 1_600])
            time.sleep(0.3)
        assert connection.recv(65536).startswith(b"HTTP/1.1 201")


def test_a_line_that_is_too_long_gets_a_problem(impatient: Running) -> None:
    address = impatient.raw(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", until_closed=True)
    assert answered(address) == (414, "uri_too_long")
    for header in (b"X-A: " + b"x" * 70_000, b"X-A: " + b"x" * 9_000, b"\r\n".join([b"X-A: " + b"x" * 7_000] * 10)):
        received = impatient.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n", until_closed=True)
        assert answered(received) == (431, "header_too_large")


def test_so_many_headers_get_a_problem(impatient: Running) -> None:
    lines = b"".join(b"X-%d: x\r\n" % number for number in range(120))
    received = impatient.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n", until_closed=True)
    assert answered(received) == (431, "header_too_large")


def test_two_ways_of_framing_get_a_problem(impatient: Running) -> None:
    both = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert answered(impatient.raw(both, until_closed=True)) == (400, "malformed_request")


def test_a_line_between_chunks_has_an_end(impatient: Running) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=10) as connection:
        framed = head(impatient, "/v1/cases", JSON, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        connection.sendall(framed + b"1;" + b"x" * 100_000)
        assert answered(connection.recv(65536)) == (400, "malformed_request")
