"""HTTP below the application: faults of the request line, the framing and the pace, answered without a banner.

What cannot be read is answered as a problem, in both languages, since nobody knows yet which one is wanted.
"""

import json
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import Message
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any

import structlog
from eventlet import Timeout
from eventlet.wsgi import HeaderLineTooLong, HeadersTooLarge
from nameko.web.server import HttpOnlyProtocol
from werkzeug.exceptions import RequestTimeout

from gateway.problems import BY_STATUS, PROBLEMS

log = structlog.get_logger()

BYTES_A_SECOND = 32 * 1024
"""A body has one second more for each so many bytes of it: a slow phone's pace."""

READING: Mapping[str, type[Exception]] = {
    "read": RequestTimeout,
    "readline": RequestTimeout,
    "discard": TimeoutError,
}
"""How a body is read, and what a late one is: an HTTP error to the application, a failed connection to the server."""

LENGTH = re.compile(r"[0-9]+")
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110 §5.6.2, token)."""

LINGER_SECONDS = 1.0
LINGER_AT_ONCE = 64 * 1024
LINGER_BYTES = 64 * 1024 * 1024
"""A refused body up to this is read to its end, so that the client sees the refusal; beyond it the line is cut."""


class FaceProtocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko is untyped
    """Eventlet's HTTP/1.1 with strict framing, and no time for those who send a byte now and then."""

    error_content_type = "application/problem+json"
    command = requestline = ""
    """What an answer before the request line would miss."""

    def handle_one_request(self) -> None:
        """Wait for a request, as long as a connection may be idle; read its head in time, and answer it."""
        self._head = Timeout(None)
        try:
            super().handle_one_request()
        except Timeout as late:
            if late is not self._head:
                raise
            self.send_error(HTTPStatus.REQUEST_TIMEOUT)
        finally:
            self._head.cancel()

    def _read_request_line(self) -> bytes:
        if not self._begun():
            self.close_connection = True
            return b""
        self._head = Timeout(self.server.head_seconds)
        line: bytes = super()._read_request_line()
        if len(line) >= self.server.url_length_limit:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return b""
        return line

    def _begun(self) -> bool:
        self.connection.settimeout(self.server.keepalive)
        try:
            return bool(self.rfile.peek(1))
        except OSError:  # idle for too long, or gone
            return False

    def version_string(self) -> str:
        """What stands in the Server header of such an answer."""
        return "sandan"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with a problem, never with what came, and end the connection: what follows cannot be told apart."""
        self._head.cancel()
        self.request_version = "HTTP/1.1"  # a request line that cannot be read counts as HTTP/0.9, without a head
        self.error_message_format = told(code).replace("%", "%%")
        super().send_error(code, HTTPStatus(code).phrase)
        self._linger()
        log.info("refused unread", status=int(code))

    def _linger(self) -> None:
        """Read on for a moment: a connection that is closed with bytes unread is reset, and takes the answer along."""
        with suppress(OSError), Timeout(LINGER_SECONDS, exception=False):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            while self.rfile.read1(LINGER_AT_ONCE):
                pass

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the base class would write what came to the standard error."""

    def parse_request(self) -> bool:
        """Read the head of a request; False when it was refused and answered."""
        try:
            if not super().parse_request():
                return False
        except (HeaderLineTooLong, HeadersTooLarge):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        self._head.cancel()
        if not well_framed(self.headers):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        encoding = self.headers.get("transfer-encoding")
        if encoding is not None and encoding.strip().lower() != "chunked":
            self.send_error(HTTPStatus.NOT_IMPLEMENTED)
            return False
        if _too_long_to_skip(self.headers.get("content-length")):
            self.close_connection = True
        return True

    def get_environ(self) -> dict[str, Any]:
        """The environment of the application; a chunked body ends by itself, and a body is read in time."""
        environ: dict[str, Any] = super().get_environ()
        body = environ["eventlet.input"]
        environ["wsgi.input_terminated"] = body.chunked_input
        ends = monotonic() + self.server.body_seconds + (body.content_length or 0) / BYTES_A_SECOND
        for name, late in READING.items():
            setattr(body, name, partial(self._in_time, ends, late, getattr(body, name)))
        return environ

    def _in_time(self, ends: float, late: type[Exception], read: Callable[..., bytes], *size: int) -> bytes:
        try:
            with Timeout(max(0.0, ends - monotonic())) as limit:
                return read(*size)
        except Timeout as over:
            if over is not limit:
                raise
            self.close_connection = True  # the rest is not waited for either
            raise late from None


def told(status: int) -> str:
    """The problem document for an answer that knows no language and no request."""
    code = BY_STATUS.get(status, "malformed_request")
    row = PROBLEMS[code]
    document = {
        "type": f"/docs#problem-{code}",
        "title": " / ".join(row.title),
        "status": int(status),
        "detail": " / ".join(row.advice),
        "code": code,
        "request_id": "",
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def well_framed(headers: Message) -> bool:
    """Whether everybody on the way reads the same request out of these headers (RFC 9112 §3.2, §5.1, §6.3).

    One host, one length that is digits, one transfer encoding, and no name that ends in a blank.
    """
    lengths, encodings = headers.get_all("content-length", []), headers.get_all("transfer-encoding", [])
    return (
        not headers.defects
        and len(headers.get_all("host", [])) == 1
        and len(encodings) <= 1
        and len(set(lengths)) <= 1
        and all(LENGTH.fullmatch(length.strip()) for length in lengths)
        and all(NAME.fullmatch(name) for name, _ in headers.items())
    )


def _too_long_to_skip(length: str | None) -> bool:
    return length is not None and length.isascii() and length.isdigit() and int(length) > LINGER_BYTES
