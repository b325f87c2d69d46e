"""The ledger: one call for the sums of an area, and a page of one of its lists."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response

from chassis.errors import Refusal
from gateway.answers import attachment, page
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.ledger_sheets import Reader, listed, summed
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.schemas.ledgers import LISTS, Ledger, LedgerExportQuery, LedgerQuery
from gateway.spreadsheet import CSV, XLSX, Sheet, text, xlsx

WHICH = ("list", "since", "until")

LINES_AT_ONCE = 200
MOST_LINES = 10_000
"""Lines of a list in a file, at most; more are for a machine, which reads them page by page."""

BINARY = {"schema": {"type": "string", "format": "binary"}}

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
    return page(found, continued(found, query), query)


@routes.operation(
    "GET",
    "/ledgers/<area>/export",
    None,
    query=LedgerExportQuery,
    responses={"200": {"description": "The file.", "content": dict.fromkeys((XLSX, CSV), BINARY)}},
)
def export_ledger(query: dict[str, Any], area: str) -> Response:
    """The ledger of an area as a file for an office program.

    XLSX holds the sums and the lists, each on a sheet of its own; CSV holds one list. At most 10,000 lines of a list.
    Headings and words are in the language of the request. No cell is ever a formula.
    """
    which, format_ = dict(query), query["format"]
    del which["format"]
    lists = [which.pop("list")] if "list" in which else LISTS
    if format_ == "csv":
        [sheet] = _sheets(area, lists[:1], which)
        content: bytes = services().apart(text, sheet)
        return attachment(content, CSV, f"ledger-{area}-{lists[0]}.csv")
    content = services().apart(xlsx, _sheets(area, lists, which, sums=True))
    return attachment(content, XLSX, f"ledger-{area}.xlsx")


def _sheets(area: str, lists: Sequence[str], which: Mapping[str, Any], *, sums: bool = False) -> list[Sheet]:
    """The lists as tables, read to their ends; refuses `export_too_large`."""
    sheets: list[Sheet] = []
    for name in lists:
        lines: list[Mapping[str, Any]] = []
        names: dict[str, str] = {}
        for found in _pages(area, {**which, "list": name}):
            lines += found["items"]
            names |= found["names"]
            if len(lines) > MOST_LINES:
                raise Refusal("export_too_large", most=MOST_LINES)
        reader = Reader(spoken(), names)
        if sums and not sheets:
            sheets.append(summed(found, reader))
        sheets.append(listed(name, lines, reader))
    return sheets


def _pages(area: str, which: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    after: Any = None
    while True:
        found = _ledger(area, which, after, LINES_AT_ONCE)
        yield found
        after = found["next"]
        if after is None:
            return


def _ledger(area: str, asked: Mapping[str, Any], after: Any, limit: int) -> dict[str, Any]:
    which = {name: asked[name] for name in WHICH if name in asked}
    lines = {name: value for name, value in asked.items() if name not in WHICH}
    found: dict[str, Any] = ask().cases.ledger(
        caller=identity().caller, area=area, **which, filters=lines, after=after, limit=limit
    )
    return found
