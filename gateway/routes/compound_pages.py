"""The pages of compounds, open to everybody."""

from flask import Response

from gateway.answers import readable
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.compound_pages import CompoundPage

CACHED = "public, max-age=60"
"""It is the same for everybody, and nobody has to know to the second."""

routes = Operations("compounds", "What is open in a compound, who sees to it, and what is done.")


@routes.reads("/compounds/<compound_id>/page", CompoundPage, public=True, errors=(404, 503, 504))
def compound_page(compound_id: str) -> Response:
    """The page of a compound, without signing in.

    Problems that are registered and open, and what was closed in the last 90 days, with who sees to it: units by their
    names, people never. Nothing that somebody wrote or photographed is shown. Sensitive matters are counted and not
    listed; complaints about a unit are neither.
    """
    response = readable(ask().cases.compound_page(compound_id=compound_id))
    response.headers["Cache-Control"] = CACHED
    for name in ("authorization", "accept-language"):  # werkzeug takes away what is in small letters alone
        response.vary.discard(name)
    return response
