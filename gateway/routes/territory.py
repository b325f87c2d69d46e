"""Areas, grids, compounds, buildings and units: the tree, where a point lies, and what the office changes."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, url_for
from marshmallow import Schema

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations, View
from gateway.schemas import areas as area_shapes
from gateway.schemas import territory as shapes

CAMPUS = {
    "name": "赣南新苑小区",
    "location": {"lon": 115.0061, "lat": 25.8655},
    "fallback_unit_id": "u-community-02",
}
HOUSE = {"number": "3号楼", "households": 52, "entrances": 2}
COMMUNITY = {"code": "360704100013", "name": "测试社区", "party_organisation": "u-party-org", "union_body": "u-union"}

routes = Operations("territory", "Areas, grids, compounds and buildings.")


def _changes(
    path: str, takes: Schema, gives: type[Schema], example: dict[str, Any], errors: Sequence[int] = ()
) -> Callable[[View], View]:
    return routes.operation(
        "PATCH", path, gives, takes=takes, headers=(IDEMPOTENCY_KEY,), examples=example, errors=(412, *errors)
    )


@routes.reads("/areas", area_shapes.AreaList, query=area_shapes.AreaQuery)
def areas(query: dict[str, Any]) -> Response:
    """The districts, agencies and communities of the caller's districts, by code."""
    found = ask().members.areas(caller=identity().caller, after=position(query), limit=query["limit"], **filters(query))
    return page(found, continued(found, query), query)


@routes.does(
    "/areas", area_shapes.AreaReceipt, status=201, takes=area_shapes.NewArea(), examples=COMMUNITY, errors=(409,)
)
def open_area(body: dict[str, Any]) -> Response:
    """Enter a district, an agency or a community, which the length of its code tells apart."""
    receipt = ask().members.open_area(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("territory.area", code=receipt["area_id"])})


@routes.reads("/areas/<code>", area_shapes.AreaView, query=shapes.MomentQuery)
def area(query: dict[str, Any], code: str) -> Response:
    """An area with both lines over one tree: its Party organisation, its union body, and what lies in it.

    A community shows its grids of every level, a wider area the areas below it.
    """
    return readable(ask().members.area(caller=identity().caller, code=code, **query))


@routes.operation(
    "PATCH",
    "/areas/<code>",
    area_shapes.AreaReceipt,
    takes=area_shapes.AreaChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"party_organisation": "u-party-org-02"},
)
def change_area(body: dict[str, Any], code: str) -> Response:
    """Tell something anew of an area, or close it on a date."""
    return answer(ask().members.change_area(**command(), code=code, **body))


@routes.reads("/grids/locate", shapes.GridFound, query=shapes.PointQuery)
def locate(query: dict[str, Any]) -> Response:
    """The grid in which a point lies, now or at another moment."""
    return readable(ask().members.locate(caller=identity().caller, **query))


@routes.reads("/grids", shapes.GridList, query=shapes.GridQuery)
def grids(query: dict[str, Any]) -> Response:
    """The grids of the caller's districts by code, as they are now or at another moment.

    Of a moment to come it is told what is in force already; what is planned until then is told by `/v1/redrawings`,
    and of one point by `/v1/grids/locate`.
    """
    found = ask().members.grids(caller=identity().caller, after=position(query), limit=query["limit"], **filters(query))
    return page(found, continued(found, query), query)


@routes.reads("/grids/map", shapes.GridMap, query=shapes.GridMapQuery)
def grid_map(query: dict[str, Any]) -> Response:
    """The same grids as a GeoJSON FeatureCollection, for a map."""
    found = ask().members.grids(
        caller=identity().caller, after=position(query), limit=query["limit"], rings=True, **filters(query)
    )
    collection = {"type": "FeatureCollection", "features": [_feature(each) for each in found["items"]]}
    return page(collection, continued(found, query), query)


@routes.reads("/grids/<grid_code>", shapes.GridView, errors=(422,))
def grid(grid_code: str) -> Response:
    """One grid, also one that is closed, with what it was redrawn into."""
    found = ask().members.grid(caller=identity().caller, grid_code=grid_code)
    return readable(found, found["version"])


@_changes("/grids/<grid_code>", shapes.GridChange(), shapes.GridChanged, {"name": "高新社区第一网格（东源胜景片）"})
def change_grid(body: dict[str, Any], grid_code: str) -> Response:
    """Change what a grid is called."""
    return answer(ask().members.change_grid(**command(), grid_code=grid_code, **body))


@routes.reads("/compounds", shapes.CompoundList, query=shapes.CompoundQuery)
def compounds(query: dict[str, Any]) -> Response:
    """The compounds of the caller's districts, by id."""
    found = ask().members.compounds(
        caller=identity().caller, after=position(query), limit=query["limit"], **filters(query)
    )
    return page(found, continued(found, query), query)


@routes.does(
    "/compounds",
    shapes.CompoundChanged,
    status=201,
    takes=shapes.NewCompound(),
    examples=CAMPUS,
    errors=(409,),
)
def register_compound(body: dict[str, Any]) -> Response:
    """Enter a compound: it lies in the one service grid that holds its point."""
    made = ask().members.register_compound(**command(), **body)
    return answer(made, 201, {"Location": url_for("territory.compound", compound_id=made["compound_id"])})


@routes.reads("/compounds/<compound_id>", shapes.CompoundView)
def compound(compound_id: str) -> Response:
    """One compound, with the grids it lay in and who managed it before."""
    found = ask().members.compound(caller=identity().caller, compound_id=compound_id)
    return readable(found, found["version"])


@_changes(
    "/compounds/<compound_id>",
    shapes.CompoundChange(),
    shapes.CompoundChanged,
    {"property_company_id": None},
    errors=(409,),
)
def change_compound(body: dict[str, Any], compound_id: str) -> Response:
    """Change what is known of a compound, where it lies, or who manages it."""
    return answer(ask().members.change_compound(**command(), compound_id=compound_id, **body))


@routes.reads("/compounds/<compound_id>/buildings", shapes.BuildingList, query=shapes.MomentQuery)
def buildings(query: dict[str, Any], compound_id: str) -> Response:
    """The buildings of a compound, by number."""
    return readable(ask().members.buildings(caller=identity().caller, compound_id=compound_id, **query))


@routes.does(
    "/compounds/<compound_id>/buildings",
    shapes.BuildingReceipt,
    status=201,
    located=False,
    takes=shapes.NewBuilding(),
    examples=HOUSE,
    errors=(409,),
)
def register_building(body: dict[str, Any], compound_id: str) -> Response:
    """Enter a building of a compound."""
    return answer(ask().members.register_building(**command(), compound_id=compound_id, **body), 201)


@routes.operation(
    "PATCH",
    "/buildings/<building_id>",
    shapes.BuildingReceipt,
    takes=shapes.BuildingChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"households": 48},
    errors=(409,),
)
def change_building(body: dict[str, Any], building_id: str) -> Response:
    """Tell something anew of a building, or that it came down."""
    return answer(ask().members.change_building(**command(), building_id=building_id, **body))


def _feature(grid: dict[str, Any]) -> dict[str, Any]:
    facts = {name: value for name, value in grid.items() if name != "ring"}
    return {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [grid["ring"]]}}
