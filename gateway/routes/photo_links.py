"""Photos by links that need no token, as `<img src>` cannot send one; who may see a photo asks for them."""

import time
from datetime import UTC, datetime
from typing import Any, cast

import structlog
from flask import Response, current_app

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from gateway.answers import NOT_KEPT, address_of, answer
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.operations import Operations
from gateway.photo_links import LONGEST_SECONDS, Link, PhotoLinks
from gateway.routes.photos import PICTURE, given_out
from gateway.schemas.photos import PhotoLink, PhotoLinkWanted
from gateway.tokens import Identity

routes = Operations("photo-links", "Links to photos that work for a short time without a token.")


@routes.asks("/photos/<photo_id>/links", PhotoLink, takes=PhotoLinkWanted(), examples={"size": "medium"})
def photo_link(body: dict[str, Any], photo_id: str) -> Response:
    """An address of a photo that works without a token, as `<img src>` needs it.

    It works for 15 minutes, and no longer than the access token with which it was asked for. Whoever has it sees the
    photo as long as who asked for it may: that is looked up each time.
    """
    here = identity()
    ask().cases.check_photo(caller=here.caller, photo_id=photo_id)
    link = Link(photo_id, body["size"], here.caller, _until(here), here.session_id, here.narrowed)
    url = address_of("photo-links.linked_photo", link=_links().seal(link))
    expires_at = written(datetime.fromtimestamp(link.until, UTC))
    return answer({"url": url, "expires_at": expires_at}, headers=NOT_KEPT)


@routes.reads("/photo-links/<link>", None, responses=PICTURE, public=True, errors=(410, 503, 504))
def linked_photo(link: str) -> Response:
    """The photo of a link, in the size for which it was made.

    410 once its time or the session of who asked for it is over, and 404 as soon as they may see the photo no more.
    """
    found = _links().open(link, time.time())
    _check_in_force(found)
    structlog.contextvars.bind_contextvars(caller=found.caller["id"])
    asking = {"caller": found.caller, "command_id": new_id()}
    asked = ask().cases.photo_ticket(**asking, intent="download", photo_id=found.photo_id, size=found.size)
    response = given_out(asked["ticket"], found.photo_id, found.size)
    # Whoever has the address may look, so pages of every site may show it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _check_in_force(link: Link) -> None:
    """Refuse `photo_link_expired` where the token has ended with which it was asked for (docs/adr/0042)."""
    try:
        services().endings.check(Identity(link.session_id, dict(link.caller), link.until, link.narrowed))
    except Refusal:
        raise Refusal("photo_link_expired") from None


def _until(here: Identity) -> int:
    return min(int(time.time()) + LONGEST_SECONDS, here.until)


def _links() -> PhotoLinks:
    return cast(PhotoLinks, current_app.extensions["photo_links"])
