"""Bytes that readers on the way could take for different requests are refused, and nothing after them is read."""

import json
import re
import socket

import pytest

from tests.component.gateway.running import Running

JSON = b"Content-Type: application/json\r\n"
SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


def signed(running: Running) -> bytes:
    return f"Authorization: {running.session().headers['Authorization']!s}\r\n".encode()


def statuses(received: bytes) -> list[int]:
    """The statuses of all answers in what came back."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def code(received: bytes) -> str:
    """The code of the last problem in what came back."""
    return str(json.loads(received.rpartition(b"\r\n\r\n")[2])["code"])


def closed(running: Running, sent: bytes) -> bytes:
    return running.raw(sent, until_closed=True)


HEADS = {
    "a bare CR in a value": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\rX-B: 2\r\n\r\n",
    "a bare CR that hides a header": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\rContent-Length: 38\r\n\r\n",
    "a bare LF": b"GET /health/live HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n",
    "NUL in a value": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\x002\r\n\r\n",
    "a control character in a value": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\x0b2\r\n\r\n",
    "DEL in a value": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\x7f2\r\n\r\n",
    "a folded line": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n",
    "no colon": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n",
    "a Unicode blank after a length": b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 0\x85\r\n\r\n",
    "a length without end": b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
    "a Unicode blank in the first line": b"GET\xa0/health/live\x85HTTP/1.1\r\nHost: x\r\n\r\n",
    "a bare CR in the first line": b"GET /health/live\rHTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the address": b"GET /health/live?\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /health/live\r\nHost: x\r\n\r\n",
    "chunks in HTTP/1.0": b"GET /health/live HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_that_can_be_read_in_two_ways_is_refused(running: Running, head: bytes) -> None:
    received = closed(running, head + SMUGGLED)
    assert statuses(received) == [400]
    assert code(received) == "malformed_request"


def test_an_address_that_is_written_whole_as_to_a_proxy_is_answered(running: Running) -> None:
    whole = b"GET http://x/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert statuses(closed(running, whole)) == [200]


@pytest.mark.parametrize(
    ("encoding", "status"),
    [
        (b"gzip, chunked", 501),
        (b"chunked, chunked", 501),
        (b"gzip", 400),
        (b"chunked, gzip", 400),
        (b"chunked\xa0", 400),
    ],
)
def test_another_encoding_is_refused(running: Running, encoding: bytes, status: int) -> None:
    head = b"GET /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + encoding + b"\r\n\r\n"
    assert statuses(closed(running, head + b"0\r\n\r\n" + SMUGGLED)) == [status]


def test_one_empty_line_before_a_request_is_passed_over(running: Running) -> None:
    assert running.raw(b"\r\n" + SMUGGLED).startswith(b"HTTP/1.1 200")


BODY = b'{"text": "a lamp"}'
SIZE = b"%x" % len(BODY)
BROKEN = {
    "0x12": b"0x" + SIZE + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "+12": b"+" + SIZE + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "1_2": b"1_2\r\n" + BODY + b"\r\n0\r\n\r\n",
    "-0": SIZE + b"\r\n" + BODY + b"\r\n-0\r\n\r\n",
    "-1": b"-1\r\n" + BODY + b"\r\n0\r\n\r\n",
    "blanks": b" " + SIZE + b" \r\n" + BODY + b"\r\n0\r\n\r\n",
    "a Unicode blank": SIZE + b"\xa0\r\n" + BODY + b"\r\n0\r\n\r\n",
    "no size": b";x\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a bare LF": SIZE + b"\n" + BODY + b"\r\n0\r\n\r\n",
    "a bare CR in an extension": SIZE + b";a\rb\r\n" + BODY + b"\r\n0\r\n\r\n",
    "more than its size": b"1\r\n" + BODY + b"\r\n0\r\n\r\n",
    "seventeen digits": b"0" * 16 + SIZE + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "extensions without end": (b"1;" + b"x" * 4_000 + b"\r\n \r\n") * 4 + b"0\r\n\r\n",
    "trailers without end": SIZE + b"\r\n" + BODY + b"\r\n0\r\n" + b"X-A: 1\r\n" * 2_000 + b"\r\n",
    "more chunks than a body has": b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n",
    "a trailer that is no header": SIZE + b"\r\n" + BODY + b"\r\n0\r\nnothing\r\n\r\n",
}


def chunked(running: Running, path: bytes, chunks: bytes) -> bytes:
    first = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n"
    return first + signed(running) + JSON + b"Transfer-Encoding: chunked\r\n\r\n" + chunks


@pytest.mark.parametrize("chunks", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(("path", "status"), [(b"/v1/cases", 400), (b"/nothing", 404)], ids=["read", "left unread"])
def test_after_a_broken_chunk_nothing_is_read(running: Running, path: bytes, status: int, chunks: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(chunked(running, path, chunks))
        connection.sendall(SMUGGLED)
        received = b""
        while more := connection.recv(65536):
            received += more
    assert statuses(received) == [status]


def pour(connection: socket.socket, megabytes: int) -> None:
    piece = b"x" * 1024 * 1024
    for _ in range(megabytes):
        connection.sendall(piece)


@pytest.mark.parametrize(
    ("path", "type", "body"),
    [
        (b"/v1/cases", b"application/json", BODY),
        (b"/v1/photos", b"image/jpeg", b"\xff\xd8\xff" + bytes(997)),
        (b"/v1/anonymous-photos", b"image/jpeg", b"\xff\xd8\xff" + bytes(997)),
        (b"/open311/v2/requests.json", b"application/x-www-form-urlencoded", b"jurisdiction_id=360704"),
        (b"/open311/v2/requests.json", b"multipart/form-data; boundary=x", b"--x--\r\n"),
    ],
)
def test_a_body_that_ends_before_its_length_goes_no_further(
    running: Running, path: bytes, type: bytes, body: bytes
) -> None:
    """Cases would wait in vain for the rest of a photo, and others for cases."""
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nIdempotency-Key: short\r\n" + signed(running)
    with socket.create_connection(("127.0.0.1", running.port), timeout=8) as connection:
        connection.sendall(head + b"Content-Type: " + type + b"\r\nContent-Length: 500000\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert statuses(received) == [400]


def test_a_chunk_without_end_is_not_read_for_ever(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(chunked(running, b"/nothing", b"ffffffffffff\r\n"))
        with pytest.raises(ConnectionError):
            pour(connection, 400)


def test_chunks_with_extensions_and_trailers_are_read_and_another_request_follows(running: Running) -> None:
    chunks = SIZE.upper() + b";a=1\r\n" + BODY + b"\r\n000\r\nX-A: 1\r\n\r\n"
    last = SMUGGLED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert statuses(closed(running, chunked(running, b"/v1/cases", chunks) + last)) == [201, 200]


@pytest.mark.parametrize("said", [b"Connection: TE, Close", b"Connection: keep-alive\r\nConnection: close"])
def test_close_is_heard_wherever_it_stands(running: Running, said: bytes) -> None:
    """Among several words, or in another line (RFC 9110 §7.6.1)."""
    assert statuses(closed(running, b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + said + b"\r\n\r\n")) == [200]


RAW = {
    "a query": (b"GET /v1/categories?\xff HTTP/1.1\r\n", b"", 422),
    "a parameter": (b"GET /nothing?version=\xe7\x85\xa0 HTTP/1.1\r\n", b"", 404),
    "a path": (b"GET /v1/\xe7\x85\xa0\xff HTTP/1.1\r\n", b"", 404),
    "an id": (b"GET /v1/cases/\xff HTTP/1.1\r\n", b"", 200),
    "a cookie": (b"GET /health/live HTTP/1.1\r\n", b"Cookie: \xff=\xfe; a=\xff\r\n", 200),
    "a token": (b"GET /v1/me HTTP/1.1\r\n", b"Authorization: Bearer \xff.\xff.\xff\r\n", 401),
    "a media type": (
        b"POST /v1/cases HTTP/1.1\r\n",
        b"Content-Type: \xff/\xff; charset=\xff\r\nContent-Length: 0\r\n",
        201,
    ),
}


@pytest.mark.parametrize(("first", "header", "status"), RAW.values(), ids=RAW)
def test_bytes_that_are_no_utf_8_are_no_fault_of_ours(
    running: Running, first: bytes, header: bytes, status: int
) -> None:
    token = b"" if b"Authorization" in header else signed(running)
    received = closed(running, first + b"Host: x\r\nConnection: close\r\n" + token + header + b"\r\n")
    assert statuses(received) == [status], received


OTHER_TOKENS = {
    "the same again": b"",
    "another scheme": b"Authorization: Basic eDp5\r\n",
    "no token": b"authorization: Bearer x\r\n",
    "nothing": b"Authorization:\r\n",
}


@pytest.mark.parametrize("other", OTHER_TOKENS.values(), ids=OTHER_TOKENS)
def test_two_tokens_are_none(running: Running, other: bytes) -> None:
    """Readers on the way could take either of them for the one that counts."""
    good = signed(running)
    second = other or good
    for both in (good + second, second + good):
        head = b"GET /v1/cases/c-1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + both + b"\r\n"
        assert statuses(closed(running, head)) == [401]


@pytest.mark.parametrize(("length", "status"), [(5_000, 401), (9_000, 431)])
def test_a_token_is_no_longer_than_a_line_may_be(running: Running, length: int, status: int) -> None:
    token = b"Authorization: Bearer " + b"x" * length + b"\r\n"
    head = b"GET /v1/cases/c-1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + token + b"\r\n"
    assert statuses(closed(running, head)) == [status]
