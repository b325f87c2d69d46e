"""Grids, compounds and units: where a point lies, and what the office changes."""

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import Schema

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import IDEMPOTENCY_KEY, Operations, View
from gateway.schemas.territory import (
    CompoundChange,
    CompoundChanged,
    GridChange,
    GridChanged,
    GridFound,
    PointQuery,
    UnitChange,
    UnitChanged,
)

routes = Operations("territory", "Grids, compounds and units.")


def _changes(path: str, takes: Schema, gives: type[Schema], example: dict[str, Any]) -> Callable[[View], View]:
    return routes.operation(
        "PATCH", path, gives, takes=takes, headers=(IDEMPOTENCY_KEY,), examples=example, errors=(412,)
    )


@routes.reads("/grids/locate", GridFound, query=PointQuery)
def locate(query: dict[str, Any]) -> Response:
    """The grid in which a point lies."""
    return readable(ask().members.locate(caller=identity().caller, **query))


@_changes("/grids/<grid_code>", GridChange(), GridChanged, {"name": "高新社区第一网格（东源胜景片）"})
def change_grid(body: dict[str, Any], grid_code: str) -> Response:
    """Change what a grid is called."""
    return answer(ask().members.change_grid(**command(), grid_code=grid_code, **body))


@_changes("/compounds/<compound_id>", CompoundChange(), CompoundChanged, {"property_company_id": None})
def change_compound(body: dict[str, Any], compound_id: str) -> Response:
    """Change what is known of a compound, or who manages it."""
    return answer(ask().members.change_compound(**command(), compound_id=compound_id, **body))


@_changes("/units/<unit_id>", UnitChange(), UnitChanged, {"grid_codes": ["360704100002001"]})
def change_unit(body: dict[str, Any], unit_id: str) -> Response:
    """Change what a unit is called, or which grids it serves."""
    return answer(ask().members.change_unit(**command(), unit_id=unit_id, **body))
