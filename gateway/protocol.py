"""HTTP below the application: faults of the request line and the framing, answered as problems and without a banner."""

from typing import Any

from nameko.web.server import HttpOnlyProtocol

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

    def parse_request(self) -> bool:
        """Read the head of a request; False when it was refused and answered."""
        if not super().parse_request():
            return False
        encoding = self.headers.get("transfer-encoding")
        if encoding is not None and encoding.strip().lower() != "chunked":
            self.send_error(501, "Transfer-Encoding is not supported")
            return False
        if _too_long_to_skip(self.headers.get("content-length")):
            self.close_connection = True
        return True

    def get_environ(self) -> dict[str, Any]:
        """The environment of the application; a chunked body ends by itself."""
        environ: dict[str, Any] = super().get_environ()
        environ["wsgi.input_terminated"] = environ["eventlet.input"].chunked_input
        return environ


def _too_long_to_skip(length: str | None) -> bool:
    return length is not None and length.isascii() and length.isdigit() and int(length) > LINGER_BYTES
