"""Stars for volunteer hours, and the public list of those who agreed."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.hours import StarAccepted, StarAgreed, StarList, StarQuery, StarReceipt

routes = Operations("stars", "Stars at 100, 300, 600, 1,000 and 1,500 hours.")


@routes.does("/stars/accept", StarReceipt, takes=StarAccepted(), examples={"star": 1}, errors=(404, 409))
def accept_star(body: dict[str, Any]) -> Response:
    """Accept the star that is offered."""
    return answer(ask().members.accept_star(**command(), **body))


@routes.does("/stars/show", StarReceipt, takes=StarAgreed(), examples={"text_version": "2026-01"}, errors=(404, 409))
def show_star(body: dict[str, Any]) -> Response:
    """Agree to be on the public list with the accepted star."""
    return answer(ask().members.show_star(**command(), **body))


@routes.does("/stars/hide", StarReceipt, errors=(404, 409))
def hide_star() -> Response:
    """Leave the public list, at once."""
    return answer(ask().members.hide_star(**command()))


@routes.reads("/stars", StarList, query=StarQuery)
def stars(query: dict[str, Any]) -> Response:
    """Those of an area who agreed to be seen, the highest star first."""
    found = ask().members.stars(caller=identity().caller, **filters(query), after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)
