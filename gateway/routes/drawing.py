"""Drawing the map: grids opened from GeoJSON, and redrawn on a date."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas import drawing as shapes

WEST = [[115.002, 25.8636], [115.006, 25.8636], [115.006, 25.8708], [115.002, 25.8708], [115.002, 25.8636]]
EAST = [[115.006, 25.8636], [115.010, 25.8636], [115.010, 25.8708], [115.006, 25.8708], [115.006, 25.8636]]


def _example(code: str, name: str, ring: list[list[float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"grid_code": code, "name": name, "level": "SERVICE", "population": 3100},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


HALVES = [_example("360704100002003", "东源西片", WEST), _example("360704100002004", "东源东片", EAST)]
OPENED = {"type": "FeatureCollection", "crs": "GCJ02", "features": HALVES}
SPLIT = {
    "at": "2026-05-01T00:00:00+08:00",
    "closes": ["360704100002001"],
    "opens": {"type": "FeatureCollection", "features": HALVES},
}

routes = Operations("drawing", "The map of the grids: opened from a file, redrawn on a date.")


@routes.does("/grids/import", shapes.GridsOpened, status=201, located=False, takes=shapes.Collection(), examples=OPENED)
def open_grids(body: dict[str, Any]) -> Response:
    """Open grids from GeoJSON: one, or all of a map; all of them or none.

    Each feature has a `grid_code` of 15 digits, a `name` and a `level` among its properties, and perhaps `population`
    and `community`; a BASE or MICRO grid names its `parent`. Grids share edges and overlap nowhere. What is
    wrong is named at once for every feature. Coordinates are WGS84 unless `crs` says CGCS2000, GCJ02 or BD09.
    """
    return answer(ask().members.open_grids(**command(), **body), 201)


@routes.does(
    "/grids/<grid_code>/closing",
    shapes.GridClosed,
    takes=shapes.GridClosing(),
    examples={"at": "2026-05-01T00:00:00+08:00"},
    errors=(409,),
)
def close_grid(body: dict[str, Any], grid_code: str) -> Response:
    """Close a grid that no other follows, now or at a moment to come.

    It has to be empty: what is still in it is named at once, each kind with its number and ids. Where new grids take
    its place, plan a redrawing.
    """
    return answer(ask().members.close_grid(**command(), grid_code=grid_code, **body))


@routes.reads("/redrawings", shapes.RedrawingList, query=shapes.RedrawingQuery)
def redrawings(query: dict[str, Any]) -> Response:
    """The redrawings of the caller's districts, the latest dates first."""
    found = ask().members.redrawings(
        caller=identity().caller, after=position(query), limit=query["limit"], **filters(query)
    )
    return page(found, continued(found, query), query)


@routes.does("/redrawings", shapes.RedrawingReceipt, status=201, takes=shapes.Plan(), examples=SPLIT)
def plan_redrawing(body: dict[str, Any]) -> Response:
    """Plan to split or merge grids on a date.

    The new grids have codes of their own and cover the land of the old ones. At the date the old ones close, the new
    ones open and the compounds move over, all at once; what was written down before keeps the old code.
    """
    receipt = ask().members.plan_redrawing(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("drawing.redrawing", redrawing_id=receipt["redrawing_id"])})


@routes.reads("/redrawings/<redrawing_id>", shapes.RedrawingView)
def redrawing(redrawing_id: str) -> Response:
    """One redrawing."""
    return readable(ask().members.redrawing(caller=identity().caller, redrawing_id=redrawing_id))


@routes.does("/redrawings/<redrawing_id>/cancel", shapes.RedrawingCancelled, errors=(409,))
def cancel_redrawing(redrawing_id: str) -> Response:
    """Call off a redrawing before its date."""
    return answer(ask().members.cancel_redrawing(**command(), redrawing_id=redrawing_id))
