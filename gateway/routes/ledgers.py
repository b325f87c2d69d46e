"""The ledger: one call for the sums of an area, and a page of one of its lists."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from gateway.answers import page as paged
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.ledgers import LISTS, Ledger, LedgerExportQuery, LedgerQuery
from gateway.sheets.exporting import FILES, Board, Source, exported
from gateway.sheets.ledger import listed, summed

WHICH = ("list", "since", "until")

routes = Operations("ledgers", "Problems, who answers for them, and what is done, area by area.")


@routes.reads("/ledgers/<area>", Ledger, query=LedgerQuery)
def ledger(query: dict[str, Any], area: str) -> Response:
    """The ledger of an area.

    An area is a grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community). `problem` lists what is
    registered and open, the oldest first or, with `order=priority`, what presses most; `responsibility` the same with
    the units and people who answer for it; `completion` what was closed in the period, the latest first, with evidence
    and rating. The sums count all of the area, whatever the list is filtered by: what is open whenever it was reported,
    what ended if that was in the period.
    """
    found = _ledger(area, filters(query), position(query), query["limit"])
    return paged(found, continued(found, query), query)


@routes.operation(
    "GET",
    "/ledgers/<area>/export",
    None,
    query=LedgerExportQuery,
    responses=FILES,
)
def export_ledger(query: dict[str, Any], area: str) -> Response:
    """The ledger of an area as a file for an office program.

    XLSX holds the sums and the lists, each on a sheet of its own, and says with the sums what is left blank for whom;
    CSV holds one list. At most 10,000 lines of a list.
    Headings and words are in the language of the request; XLSX is ready to be printed. No cell is ever a formula.
    """
    which = {name: value for name, value in query.items() if name not in {"format", "list"}}

    def page(name: str, after: Any, limit: int) -> dict[str, Any]:
        return _ledger(area, {**which, "list": name}, after, limit)

    board = Board(Source("cases", "ledger", area), f"ledger-{area}", LISTS, page, listed, summed)
    return exported(board, query["format"], query.get("list"))


def _ledger(area: str, asked: Mapping[str, Any], after: Any, limit: int) -> dict[str, Any]:
    which = {name: asked[name] for name in WHICH if name in asked}
    lines = {name: value for name, value in asked.items() if name not in WHICH}
    found: dict[str, Any] = ask().cases.ledger(
        caller=identity().caller, area=area, **which, filters=lines, after=after, limit=limit
    )
    return found
