"""The register of units: bureaus, enterprises, social organisations, property companies and others that serve grids."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas import units as shapes
from gateway.sheets.exporting import FILES, Board, Source, exported
from gateway.sheets.units import listed, summed

FIRM = {
    "name": "测试企业901",
    "unit_type": "ENTERPRISE",
    "credit_code": "913607040000090062",
    "grid_codes": ["360704100002001"],
    "party_organisation": "测试企业901党支部",
}

routes = Operations("units", "The register of units, and which grids each serves and served.")


@routes.does("/units", shapes.UnitChanged, status=201, takes=shapes.NewUnit(), examples=FIRM, errors=(409,))
def register_unit(body: dict[str, Any]) -> Response:
    """Enter a unit in the register; `errors` names everything that is wrong with it.

    The grids of a property company are those of the compounds that it manages, and are not given.
    """
    receipt = ask().members.register_unit(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("units.unit", unit_id=receipt["unit_id"])})


@routes.reads("/units", shapes.UnitList, query=shapes.UnitQuery)
def units(query: dict[str, Any]) -> Response:
    """The units of the caller's scopes, by name; those that are open unless closed ones are asked for."""
    found = ask().members.units(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/units/totals", shapes.UnitTotals, query=shapes.UnitTotalsQuery)
def unit_totals(query: dict[str, Any]) -> Response:
    """How many units an area has or had: by kind, by grid, and in all.

    A unit that serves two grids is counted in both of them, and once in the sums.
    """
    return readable(ask().members.unit_totals(caller=identity().caller, **query))


@routes.operation("GET", "/units/export", None, query=shapes.UnitExportQuery, responses=FILES)
def export_units(query: dict[str, Any]) -> Response:
    """The units of an area as a file for an office program.

    XLSX holds the sums and the list, CSV the list; at most 10,000 lines. Headings and words are in the language of the
    request. No cell is ever a formula.
    """
    area = query["area"]
    wanted = {name: value for name, value in query.items() if name not in {"area", "format"}}

    def read(_: str, after: Any, limit: int) -> dict[str, Any]:
        who = identity().caller
        found = ask().members.units(caller=who, filters={**wanted, "grid": area}, after=after, limit=limit)
        totals = ask().members.unit_totals(caller=who, area=area) if after is None else None
        return {**found, "names": {}, "area": area, "totals": totals}

    source = Source("members", "units", area)
    return exported(Board(source, f"units-{area}", ("units",), read, listed, summed), query["format"], None)


@routes.reads("/units/<unit_id>", shapes.UnitView)
def unit(unit_id: str) -> Response:
    """One unit, with all that it serves and served."""
    found = ask().members.unit(caller=identity().caller, unit_id=unit_id)
    return readable(found, found["version"])


@routes.operation(
    "PATCH",
    "/units/<unit_id>",
    shapes.UnitChanged,
    takes=shapes.UnitChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"grid_codes": ["360704100002001"], "from": "2026-04-01T00:00:00+08:00"},
    errors=(409,),
)
def change_unit(body: dict[str, Any], unit_id: str) -> Response:
    """Change what is known of a unit, or which grids it serves; what it served before stays on record."""
    return answer(ask().members.change_unit(**command(), unit_id=unit_id, **body))


@routes.does(
    "/units/<unit_id>/close",
    shapes.UnitChanged,
    takes=shapes.Closing(),
    examples={"at": "2026-04-01T00:00:00+08:00"},
    errors=(409,),
)
def close_unit(body: dict[str, Any], unit_id: str) -> Response:
    """Close a unit, now or at a moment: from then on it serves no grid, and is proposed and given nothing."""
    return answer(ask().members.close_unit(**command(), unit_id=unit_id, **body))
