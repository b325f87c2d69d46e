"""The ledger: one call for the sums of an area, and a page of one of its lists."""

from typing import Any

from flask import Response

from gateway.answers import page
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.ledgers import Ledger, LedgerQuery

WHICH = ("list", "since", "until")

routes = Operations("ledgers", "Problems, who answers for them, and what is done, area by area.")


@routes.reads("/ledgers/<area>", Ledger, query=LedgerQuery)
def ledger(query: dict[str, Any], area: str) -> Response:
    """The ledger of an area.

    An area is a grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community). `problem` lists what is
    registered and open, the oldest first; `responsibility` the same with the units and people who answer for it;
    `completion` what was closed in the period, the latest first, with evidence and rating. The sums count all of the
    area, whatever the list is filtered by: what is open whenever it was reported, what ended if that was in the period.
    """
    asked = filters(query)
    which = {name: asked.pop(name) for name in WHICH if name in asked}
    found = ask().cases.ledger(
        caller=identity().caller, area=area, **which, filters=asked, after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)
