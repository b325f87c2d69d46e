"""Coverage: whether every grid is staffed and everything lies in one, as 18 checks of an area as of a day."""

from typing import Any

from flask import Response

from gateway.answers import readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.coverage import MOST_ITEMS, Coverage, CoverageExportQuery, CoverageQuery
from gateway.sheets.coverage import sheets
from gateway.sheets.exporting import FILES, Source, filters_of, handed_out

routes = Operations("coverage", "Whether every grid is staffed, and everything and everybody lies in one.")


@routes.reads("/coverage/<area>", Coverage, query=CoverageQuery)
def coverage(query: dict[str, Any], area: str) -> Response:
    """The 18 checks of an area as of a local day.

    An area is a grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community). Each check has its
    numerator, denominator and percentage, says whether it passes, and names what fails and why, in both languages.
    `passes` is null where nothing is recorded that could be judged, and `reason` says so.
    """
    return readable(ask().members.coverage(caller=identity().caller, area=area, **query))


@routes.operation("GET", "/coverage/<area>/export", None, query=CoverageExportQuery, responses=FILES)
def export_coverage(query: dict[str, Any], area: str) -> Response:
    """The same as a file: XLSX with a sheet of the checks and one of what they name, CSV with the checks alone.

    Headings are in Chinese and English; of each check at most 1,000 items are listed. No cell is ever a formula.
    """
    found = ask().members.coverage(caller=identity().caller, area=area, most=MOST_ITEMS, **filters_of(query))
    checks, items = sheets(found)
    name = f"coverage-{area}-{found['as_of']}"
    return handed_out(Source("members", "coverage", area), query["format"], name, [checks, items], len(found["checks"]))
