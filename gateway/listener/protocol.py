"""HTTP below the application: faults of head and framing, and slow clients, answered as problems without a banner."""

import io
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

import structlog
from eventlet.wsgi import ChunkReadError, HeaderLineTooLong, HeadersTooLarge
from nameko.web.server import HttpOnlyProtocol

from chassis.ids import new_id
from gateway.access import protection
from gateway.listener.framing import REQUEST_LINE, BadLine, ChunkLines, HeadLines, origin_form, quoted, well_framed
from gateway.listener.pace import Paced, TooSlow
from gateway.problem_answers import LANGUAGES, PROBLEM_JSON
from gateway.problems import BY_STATUS, PROBLEMS, advised

log = structlog.get_logger()

LINGER_BYTES = 64 * 1024 * 1024
"""A refused body up to this is read to its end, so that the client sees the refusal; beyond it the line is cut."""

PIECE = 64 * 1024
CHUNKED = "chunked"
EMPTY_LINE = b"\r\n"


class FaceProtocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko is untyped
    """Eventlet's HTTP/1.1 with strict framing, for clients that keep a pace."""

    command: str | None = None
    requestline = ""
    raw_requestline: bytes
    rfile: Any
    wfile: Any

    def version_string(self) -> str:
        """What stands in the Server header of such an answer."""
        return "sandan"

    def setup(self) -> None:
        """Read and write at a pace: eventlet itself limits only the wait for each next byte."""
        super().setup()
        self._cut_short = self._served = False
        self._incoming = Paced(self.connection, self.server.waits.idle, self._give_up)
        self._outgoing = Paced(self.connection, self.server.waits.body, self._give_up)
        self.rfile.close()
        self.wfile.close()
        self.rfile = io.BufferedReader(self._incoming)
        self.wfile = io.BufferedWriter(self._outgoing, self.wbufsize)

    def finish(self) -> None:
        """Close the connection, but let a client whose request was cut short read why."""
        if self._cut_short:
            self._part()
        super().finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with a problem and close; never with what came, which may be anything."""
        self.request_version = "HTTP/1.1"  # a request line that cannot be read counts as HTTP/0.9, without a head
        request_id = new_id()
        body = unread(code, request_id)
        self.send_response(code)
        protected = protection(under_tls=bool(self.server.environ))
        for name, value in (headers_of(body, request_id) | protected).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)
        self._give_up()
        log.info("refused unread", status=int(code), request_id=request_id)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the base class would write what came to the standard error."""

    def parse_request(self) -> bool:
        """Read the head of a request after its first line; False when it was refused and answered."""
        understood, fault = False, None
        self.rfile = HeadLines(self.rfile)  # eventlet puts its own file back afterwards
        try:
            self._check_first_line()
            understood = super().parse_request()
            fault = self._fault_of_head() if understood else None
        except BadLine:
            fault = HTTPStatus.BAD_REQUEST
        except TooSlow:
            fault = HTTPStatus.REQUEST_TIMEOUT
        except (HeaderLineTooLong, HeadersTooLarge):
            fault = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if fault:
            self.send_error(fault)
        elif understood and (self._wants_to_part() or int(self.headers.get("content-length", 0)) > LINGER_BYTES):
            self.close_connection = True
        self._incoming.allow(self.server.waits.body)
        return understood and not fault

    def get_environ(self) -> dict[str, Any]:
        """The environment of the application; a chunked body ends by itself."""
        self._served = True
        environ: dict[str, Any] = super().get_environ()
        body = environ["eventlet.input"]
        if body.chunked_input:
            # Where this stands, whatever its value, Werkzeug takes a body for whole that ends before its length.
            environ["wsgi.input_terminated"] = True
            body.rfile = ChunkLines(self.rfile, self._give_up)
        body.discard = partial(self._skip, body.read)  # eventlet calls it for what the application left unread
        self._outgoing.allow(self.server.waits.body)
        return environ

    def _read_request_line(self) -> bytes:
        """The first line of the next request; empty when there is none, or it was refused and answered."""
        self.command = None
        self._incoming.allow(self.server.waits.idle if self._served else self.server.waits.head)
        try:
            self.rfile.peek(1)
        except (TooSlow, OSError):
            return b""  # nobody is owed an answer who has not asked
        self._incoming.allow(self.server.waits.head)
        try:
            line: bytes = super()._read_request_line() or b""
            if line == EMPTY_LINE:  # some clients end a body with one (RFC 9112 §2.2)
                line = super()._read_request_line() or b""
        except TooSlow:
            self.send_error(HTTPStatus.REQUEST_TIMEOUT)
            return b""
        if len(line) >= self.server.url_length_limit:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return b""
        return line

    def _check_first_line(self) -> None:
        if not REQUEST_LINE.fullmatch(self.raw_requestline):
            raise BadLine
        self.raw_requestline = origin_form(quoted(self.raw_requestline))

    def _wants_to_part(self) -> bool:
        """Whether `close` is among what the client says of the connection; the base class looks for it alone."""
        said = ",".join(self.headers.get_all("connection", ()))
        return "close" in (each.strip(" \t").lower() for each in said.split(","))

    def _fault_of_head(self) -> HTTPStatus | None:
        if not well_framed(self.headers, self.request_version):
            return HTTPStatus.BAD_REQUEST
        *others, last = (
            each.strip(" \t").lower() for each in self.headers.get("transfer-encoding", CHUNKED).split(",")
        )
        if last != CHUNKED:  # nobody can tell where such a body ends (RFC 9112 §6.3)
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.NOT_IMPLEMENTED if others else None

    def _skip(self, read: Callable[[int], bytes]) -> None:
        """Read to the end of a body what the application left of it, but not for ever."""
        self._incoming.allow(self.server.waits.skipping)
        # Were an error to pass, eventlet would log the address of the request, which may hold anything.
        with suppress(TooSlow, ChunkReadError, OSError):
            for _ in range(LINGER_BYTES // PIECE):
                if not read(PIECE):
                    return
        self._give_up()

    def _give_up(self) -> None:
        self._cut_short = self.close_connection = True

    def _part(self) -> None:
        """Send the answer and read on for a moment: a close upon unread bytes may void it (RFC 9112 §9.6)."""
        self._incoming.allow(self.server.waits.parting)
        with suppress(OSError, TooSlow):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            for _ in range(LINGER_BYTES // PIECE):
                if not self.rfile.read1(PIECE):
                    return


def unread(status: int, request_id: str) -> bytes:
    """The problem of a request whose head was not understood; in both languages, since the caller's is not known."""
    code = BY_STATUS.get(status, "malformed_request")
    row = PROBLEMS[code]
    document = {
        "type": f"/docs#problem-{code}",
        "title": " / ".join(row.title),
        "status": int(status),
        "detail": " / ".join(advised(row, language) for language in LANGUAGES),
        "code": code,
        "request_id": request_id,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(body: bytes, request_id: str) -> dict[str, str]:
    """The headers of such an answer."""
    return {
        "Connection": "close",
        "Content-Type": PROBLEM_JSON,
        "Content-Language": "zh-CN, en",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "X-Request-ID": request_id,
    }
