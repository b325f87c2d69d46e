"""The signed-in person, the grid of a point, and the categories of reports."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.people import (
    Changed,
    CompoundChange,
    CompoundChanged,
    GridFound,
    PointQuery,
    Profile,
    ProfileChange,
)

routes = Operations("people", "The signed-in person, and the territory.")


@routes.reads("/me", Profile)
def me() -> Response:
    """Who is signed in."""
    return readable(ask().members.me(caller=identity().caller))


@routes.operation(
    "PATCH",
    "/me",
    Changed,
    takes=ProfileChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"free_times": [{"weekday": 3, "start": "18:00", "end": "21:00"}]},
    errors=(412,),
)
def change_me(body: dict[str, Any]) -> Response:
    """Change the own skills, free times, language or channels."""
    return answer(ask().members.change_profile(**command(), **body))


@routes.operation(
    "PATCH",
    "/compounds/<compound_id>",
    CompoundChanged,
    takes=CompoundChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"property_company_id": None},
    errors=(412,),
)
def change_compound(body: dict[str, Any], compound_id: str) -> Response:
    """Change what is known of a compound, or who manages it."""
    return answer(ask().members.change_compound(**command(), compound_id=compound_id, **body))


@routes.reads("/grids/locate", GridFound, query=PointQuery, errors=(404,))
def locate(query: dict[str, Any]) -> Response:
    """The grid in which a point lies."""
    return readable(ask().members.locate(caller=identity().caller, **query))
