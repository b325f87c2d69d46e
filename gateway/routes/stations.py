"""Rest stations in use: the nearest that is open, their codes, and what came of them."""

from io import BytesIO
from typing import Any

import segno
from flask import Response, request

from gateway.answers import address_of, answer, attachment, page, readable
from gateway.browser_pages import problem_page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.schemas.stations import (
    CodeRenewed,
    Forgotten,
    Funnel,
    FunnelExportQuery,
    FunnelQuery,
    NearestQuery,
    NearestStations,
    OwnStationUse,
    UseCounted,
    UseDays,
    UseDaysQuery,
)
from gateway.sheets.exporting import FILES, Source, filters_of, handed_out
from gateway.sheets.funnel import sheet

SVG = "image/svg+xml"
MODULE = 8
"""Pixels of the smallest square of a code."""
PRINTED = {"200": {"description": "The code.", "content": {SVG: {"schema": {"type": "string"}}}}}

USE_DAYS = "stations.station_use_days"

routes = Operations("stations", "Where to rest, and what comes of it.")


@routes.reads("/stations", NearestStations, query=NearestQuery)
def stations(query: dict[str, Any]) -> Response:
    """The rest stations that are open now or at another moment, the nearest first."""
    found = ask().members.stations(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.operation("GET", "/stations/<station_id>/code", None, responses=PRINTED)
def station_code(station_id: str) -> Response:
    """The code to be put up in a station, as a picture (SVG) for printing.

    It holds the address at which a use is counted, below `PUBLIC_URL` where that is set, and, behind `#`, the `code`
    that is sent there. Who scans it with a camera, which opens the address in a browser, gets a page that says what to
    do.
    """
    found = ask().members.station_code(caller=identity().caller, station_id=station_id)
    where = address_of("station_uses.use_station", station_id=station_id)
    picture = BytesIO()
    segno.make(f"{where}#{found['code']}", error="m").save(picture, kind="svg", scale=MODULE)
    return attachment(picture.getvalue(), SVG, "station-code.svg")


@routes.does("/stations/<station_id>/renew-code", CodeRenewed)
def renew_station_code(station_id: str) -> Response:
    """Replace the code of a station, as when a picture of it got about; the old one counts no more and says so."""
    return answer(ask().members.renew_station_code(**command(), station_id=station_id))


@routes.does("/stations/<station_id>/own-uses", UseCounted, takes=OwnStationUse(), errors=(404, 409, 410))
def use_station_as(body: dict[str, Any], station_id: str) -> Response:
    """Count a use, and oneself among those who used stations in this quarter: by one's own consent alone.

    What is kept of a person says neither at which station nor how often; `DELETE /v1/own-station-uses` takes it back.
    """
    return answer(ask().members.use_station_as(**command(), station_id=station_id, **body))


@routes.operation("DELETE", "/own-station-uses", Forgotten)
def forget_station_uses() -> Response:
    """Be counted no more, nor in what is past."""
    return answer(ask().members.forget_station_uses(caller=identity().caller))


@routes.reads("/stations/<station_id>/uses", UseDays, query=UseDaysQuery)
def station_use_days(query: dict[str, Any], station_id: str) -> Response:
    """How often a station was used, day by day."""
    found = ask().members.station_use_days(
        caller=identity().caller, station_id=station_id, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


def told_at_the_wall(response: Response) -> Response:
    """The address in a station's code, opened by a camera and so without a token: a page for who stands there."""
    return problem_page(response, "station.html") if request.endpoint == USE_DAYS else response


routes.after_request(told_at_the_wall)


@routes.reads("/station-funnel/<area>", Funnel, query=FunnelQuery)
def station_funnel(query: dict[str, Any], area: str) -> Response:
    """How many people used stations in a quarter and served later in it, with the three quarters before."""
    return readable(ask().members.station_funnel(caller=identity().caller, area=area, **query))


@routes.operation("GET", "/station-funnel/<area>/export", None, query=FunnelExportQuery, responses=FILES)
def export_station_funnel(query: dict[str, Any], area: str) -> Response:
    """The same as a file for an office program. No cell is ever a formula."""
    found = ask().members.station_funnel(caller=identity().caller, area=area, **filters_of(query))
    name, lines = f"station-funnel-{area}", sheet(found, spoken())
    return handed_out(Source("members", "station_funnel", area), query["format"], name, [lines], len(found["items"]))
