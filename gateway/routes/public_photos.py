"""Photos that were released to everybody."""

from typing import Any

from flask import Response

from gateway.facade import ask
from gateway.operations import Operations
from gateway.routes.photos import PICTURE, given_out
from gateway.schemas.photos import PublicSizeQuery

CACHED = "public, max-age=60"
"""A photo that was taken back is in no cache of ours after a minute."""

routes = Operations("public-photos", "Photos that an office has released to everybody.")


@routes.reads(
    "/public-photos/<photo_id>",
    None,
    query=PublicSizeQuery,
    responses=PICTURE,
    public=True,
    errors=(404, 503, 504),
)
def public_photo(query: dict[str, Any], photo_id: str) -> Response:
    """A photo that was released to everybody, without signing in; 404 for any other.

    `media_url` of Open311 leads here.
    """
    asked = ask().cases.public_photo_ticket(photo_id=photo_id, size=query["size"])
    response = given_out(asked["ticket"], photo_id, query["size"])
    response.headers["Cache-Control"] = CACHED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    del response.headers["Vary"]
    return response
