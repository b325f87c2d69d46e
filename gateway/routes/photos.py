"""Photos: uploaded first, then named by id in a report or an act; the bytes only pass through."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, cast

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import LengthRequired

from chassis.errors import Refusal
from gateway.answers import address_of, answer, conditional
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import leave_unnamed
from gateway.operations import BINARY, IDEMPOTENCY_KEY, Operations
from gateway.photo_bytes import PhotoBytes, pieces
from gateway.schemas.photos import CHECKS, THUMBNAIL, PhotoKept, PhotoRelease, PhotoReleased, SizeQuery
from gateway.transfers import Transfers, Way, holder, laid_down

PHOTO_LIMIT = 10 * 1024 * 1024
"""Bytes of a photo, at most."""

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")

PICTURE = {"200": {"description": "The photo.", "content": dict.fromkeys(MEDIA_TYPES, BINARY)}}

routes = Operations("photos", "Photos before and after.")


@routes.operation(
    "POST",
    "/photos",
    PhotoKept,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    requestBody={"required": True, "content": dict.fromkeys(MEDIA_TYPES, BINARY)},
    errors=(411, 413, 415, 422),
)
def upload() -> Response:
    """Keep a photo: JPEG, PNG or WebP, up to 10 MiB, as the raw body.

    The body is the file itself, no form: `curl --data-binary @lamp.jpg -H 'Content-Type: image/jpeg' …`.
    It may have 60 megapixels, a WebP 15. While too many are sent at once, 503 says after how many seconds to send it
    again. Its metadata is removed. It belongs to the uploader until it is named in a report or an act.
    """
    leave_unnamed()
    with received() as (file, length):
        ticket = ask().cases.photo_ticket(**command(), intent="upload")["ticket"]
        kept = photo_bytes().keep(ticket, file, length, request.mimetype)
    return answer(kept, 201, {"Location": url_for("photos.photo", photo_id=kept["photo_id"])})


@routes.reads("/photos/<photo_id>", None, query=SizeQuery, responses=PICTURE)
def photo(query: dict[str, Any], photo_id: str) -> Response:
    """A photo, also in a medium size or as a thumbnail.

    It needs the `Authorization` header like everything else: the address alone, as in `<img src>`, answers 401. For
    that there are links.
    """
    asked = ask().cases.photo_ticket(**command(), intent="download", photo_id=photo_id, size=query["size"])
    return given_out(asked["ticket"], photo_id, query["size"])


@routes.does("/photos/<photo_id>/release", PhotoRelease, takes=PhotoReleased(), examples={"free_of": list(CHECKS)})
def release_photo(body: dict[str, Any], photo_id: str) -> Response:
    """Show a photo of a case to everybody, after looking at it for faces, plates and house numbers.

    Of a registered case that is neither sensitive nor a complaint about a unit; no photo of an internal note, and no
    agreement. Everybody gets it within 1,280 pixels a side, also in Open311. It ends by being taken back, by the
    retention of the case, and by the deletion of who uploaded it; a case that turns out to be sensitive shows it no
    more.
    """
    return answer(_told(ask().cases.release_photo(**command(), photo_id=photo_id, **body)))


@routes.does("/photos/<photo_id>/take-back", PhotoRelease)
def take_back_photo(photo_id: str) -> Response:
    """Show a photo to everybody no longer; what others have copied by then stays with them."""
    return answer(_told(ask().cases.take_back_photo(**command(), photo_id=photo_id)))


def _told(release: dict[str, Any]) -> dict[str, Any]:
    return {**release, "url": public_address(release["photo_id"]) if release["released_at"] else None}


def public_address(photo_id: str) -> str:
    """Where everybody sees a photo that was released."""
    return address_of("public-photos.public_photo", photo_id=photo_id)


def given_out(ticket: str, photo_id: str, size: str) -> Response:
    """The photo that the ticket is for, or 304 where the caller has it already."""
    tag = f"{photo_id}.{size}"
    if request.if_none_match.contains_weak(tag):
        return conditional(Response(), tag)
    with ExitStack() as under_way:
        under_way.enter_context(transfers().of(holder(), Way.THUMBNAIL if size == THUMBNAIL else Way.GIVEN_OUT))
        fetched = photo_bytes().fetch(ticket)
        under_way.enter_context(fetched.file)
        response = Response(fetched.chunks, content_type=fetched.media_type)
        response.headers["Content-Length"] = str(fetched.length)
        response.call_on_close(under_way.pop_all().close)
    return conditional(response, tag)


@contextmanager
def received() -> Iterator[tuple[IO[bytes], int]]:
    """The body when all of it has come, and its length; refuses `busy_try_again`, and as `_expected_length` does."""
    length = _expected_length()
    with transfers().of(holder(), Way.SENT), laid_down(pieces(request.stream)) as file:
        yield file, length


def _expected_length() -> int:
    """The length of the body that is to come.

    Raises LengthRequired, or RequestEntityTooLarge once the body is touched, and refuses `unsupported_media_type` and
    `photo_empty`: a program that sends a file which is not there often sends nothing instead.
    """
    request.max_content_length = PHOTO_LIMIT
    if request.mimetype not in MEDIA_TYPES:
        raise Refusal("unsupported_media_type", accepted=[*MEDIA_TYPES])
    if request.content_length is None or "Transfer-Encoding" in request.headers:
        raise LengthRequired
    if request.content_length == 0:
        raise Refusal("photo_empty")
    _ = request.stream  # refuses what is too long before a ticket is spent on it
    return request.content_length


def photo_bytes() -> PhotoBytes:
    """The way to the bytes of photos."""
    return cast(PhotoBytes, current_app.extensions["photo_bytes"])


def transfers() -> Transfers:
    """The photos that are under way."""
    return cast(Transfers, current_app.extensions["transfers"])
