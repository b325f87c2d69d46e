"""The signed-in person, the grid of a point, and the categories of reports."""

from typing import Any

from flask import Response

from gateway.answers import readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.people import GridFound, PointQuery, Profile

routes = Operations("people", "The signed-in person, and the territory.")


@routes.reads("/me", Profile)
def me() -> Response:
    """Who is signed in."""
    return readable(ask().members.me(caller=identity().caller))


@routes.reads("/grids/locate", GridFound, query=PointQuery, errors=(404,))
def locate(query: dict[str, Any]) -> Response:
    """The grid in which a point lies."""
    return readable(ask().members.locate(caller=identity().caller, **query))
