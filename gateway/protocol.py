"""HTTP below the application: faults of the request line and the framing, answered as problems and without a banner."""

import re
from email.message import Message
from http import HTTPStatus
from typing import Any

import structlog
from nameko.web.server import HttpOnlyProtocol

log = structlog.get_logger()

LENGTH = re.compile(r"[0-9]+")
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110 §5.6.2, token)."""

LINGER_BYTES = 64 * 1024 * 1024
"""A refused body up to this is read to its end, so that the client sees the refusal; beyond it the line is cut."""

PROBLEM = (
    '{"type":"/docs#problem-malformed_request","title":"请求无法解析 / The request cannot be read",'
    '"status":%(code)d,"detail":"%(message)s","code":"malformed_request","request_id":""}'
)


class FaceProtocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko is untyped
    """Eventlet's HTTP/1.1 with strict framing."""

    error_content_type = "application/problem+json"
    error_message_format = PROBLEM

    def version_string(self) -> str:
        """What stands in the Server header of such an answer."""
        return "sandan"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with a problem; never with what came, which may be anything."""
        self.request_version = "HTTP/1.1"  # a request line that cannot be read counts as HTTP/0.9, without a head
        super().send_error(code, HTTPStatus(code).phrase)
        log.info("refused unread", status=int(code))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the base class would write what came to the standard error."""

    def parse_request(self) -> bool:
        """Read the head of a request; False when it was refused and answered."""
        if not super().parse_request():
            return False
        if not well_framed(self.headers):
            self.close_connection = True
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
        """The environment of the application; a chunked body ends by itself."""
        environ: dict[str, Any] = super().get_environ()
        environ["wsgi.input_terminated"] = environ["eventlet.input"].chunked_input
        return environ


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
