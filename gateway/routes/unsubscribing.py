"""Where the link at the end of a message leads: a page that asks, and what mail programs send in its place."""

from typing import Any

from flask import Response

from gateway.browser_pages import PAGE, browser_page, problems_as_pages
from gateway.facade import ask
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.problems import phrase
from gateway.sheets.kind_words import KIND_WORDS

LINK = "/unsubscribe/<token>"
TEMPLATE = "unsubscribe.html"
SHOWN = {"200": {"description": "The page.", "content": PAGE}}

routes = Operations("unsubscribing", "Stopping messages of a kind by the link in one of them, without signing in.")
problems_as_pages(routes, TEMPLATE)


@routes.operation("GET", LINK, None, responses=SHOWN, public=True, errors=(404, 422, 503, 504))
def unsubscribe_page(token: str) -> Response:
    """The page to which the link in a message leads: of which kinds it is, and a button, in the reader's language.

    Nothing changes by looking at it, as programs that check links do. Who asks for `text/html` gets a page of whatever
    is wrong, too.
    """
    return _page(ask().notify.linked(token=token), done=False)


@routes.operation("POST", LINK, None, responses=SHOWN, public=True, errors=(422, 503, 504))
def unsubscribe_by_link(token: str) -> Response:
    """Send no more messages of the link's kinds; in the inbox they stand all the same.

    Mail programs do it in one click (RFC 8058), whose body `List-Unsubscribe=One-Click` is not needed here. It may be
    repeated.
    """
    return _page(ask().notify.unsubscribe(token=token), done=True)


def _page(link: dict[str, Any], *, done: bool) -> Response:
    kinds = [phrase(KIND_WORDS[kind], spoken()) for kind in link["kinds"]]
    return browser_page(TEMPLATE, kinds=kinds, done=done)
