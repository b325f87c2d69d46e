"""Where the link at the end of a message leads: a page that asks, and what mail programs send in its place."""

from typing import Any

from flask import Response, render_template

from gateway.facade import ask
from gateway.kind_words import KIND_WORDS
from gateway.operations import Operations

LINK = "/unsubscribe/<token>"
MEDIA_TYPE = "text/html; charset=utf-8"
PAGE = {
    "200": {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}},
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}

routes = Operations("unsubscribing", "Stopping messages of a kind by the link in one of them, without signing in.")


@routes.operation("GET", LINK, None, responses=PAGE, public=True, errors=(404, 422, 429, 503, 504))
def unsubscribe_page(token: str) -> Response:
    """The page to which the link in a message leads: of which kind it is, and a button.

    Nothing changes by looking at it, as programs that check links do.
    """
    return _page(ask().notify.linked(token=token), done=False)


@routes.operation("POST", LINK, None, responses=PAGE, public=True, errors=(422, 429, 503, 504))
def unsubscribe_by_link(token: str) -> Response:
    """Send no more messages of the link's kind; in the inbox they stand all the same.

    Mail programs do it in one click (RFC 8058), whose body `List-Unsubscribe=One-Click` is not needed here. It may be
    repeated.
    """
    return _page(ask().notify.unsubscribe(token=token), done=True)


def _page(link: dict[str, Any], *, done: bool) -> Response:
    html = render_template("unsubscribe.html", kind=KIND_WORDS[link["kind"]], done=done)
    return Response(html, 200, HEADERS, content_type=MEDIA_TYPE)
