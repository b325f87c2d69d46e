"""Long texts go out packed (gzip) to who can unpack them; it knows nothing of what they say.

Only what is read (GET, HEAD) is packed. The length of a packed text tells a little of its content to who can have
others ask for it with texts of his own (BREACH); here a caller is known by a token that no page sends unasked, and
secrets (tokens, first passwords, keys) are in answers to commands alone.
"""

import gzip
from collections.abc import Callable

from flask import Flask, Response, request

from gateway.facade import services

LEAST_BYTES = 1024
"""Below it a packed text takes as many packets as it is."""

APART_BYTES = 64 * 1024
"""From here on packing takes longer than others should have to wait."""

LEVEL = 4

MARK = "-gzip"
"""Ends the entity tag of a packed text, which is another representation (RFC 9110 §8.8.3)."""

CODING = "gzip"
TEXTS = frozenset({"application/json", "application/xml"})
STREAM = "text/event-stream"


def register(app: Flask) -> None:
    """Pack what the application answers, where it is worth it and wanted."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer, packed if its caller wants that; caches are told that it may depend on this."""
    return pack(response, lambda: _packed(response.get_data()))


def pack(response: Response, packed_body: Callable[[], bytes]) -> Response:
    """As `compress`, by who knows what the packed body is."""
    vary(response)
    if may_be_packed(response) and wanted():
        _put(response, packed_body())
    return response


def vary(response: Response) -> None:
    """Tell caches that somebody else may get this packed, or unpacked."""
    if may_be_packed(response):
        response.vary.add("Accept-Encoding")


def may_be_packed(response: Response) -> bool:
    """Whether this is a long text that somebody reads, whole and not packed yet."""
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == 200
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and is_text(response.mimetype or "")
        and (response.calculate_content_length() or 0) >= LEAST_BYTES
    )


def is_text(media_type: str) -> bool:
    """Whether such content becomes smaller: pictures, photos, PDF and XLSX are packed as they are."""
    structured = media_type in TEXTS or media_type.endswith(("+json", "+xml"))
    return structured or (media_type.startswith("text/") and media_type != STREAM)


def wanted() -> bool:
    """Whether the caller would rather have it packed (RFC 9110 §12.5.3)."""
    return request.accept_encodings.best_match([CODING, "identity"]) == CODING


def packed(body: bytes) -> bytes:
    """The text as gzip (RFC 1952), of the same text always the same."""
    return gzip.compress(body, LEVEL, mtime=0)


def known_as(tag: str) -> str | None:
    """The tag, as it is or of the packed text, by which the caller has this already; None when he has not."""
    return next((each for each in (tag, f"{tag}{MARK}") if request.if_none_match.contains_weak(each)), None)


def _packed(body: bytes) -> bytes:
    return bytes(services().apart(packed, body)) if len(body) >= APART_BYTES else packed(body)


def _put(response: Response, body: bytes) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = CODING
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(f"{tag}{MARK}")
