"""Joint mechanisms: entering those of an area, and what is linked to each."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.mechanisms import MechanismQuery, MechanismReport, MechanismsEntered, MechanismsReceipt

NAMED = {"axis": "党建引领", "mechanisms": [{"name": "组织联建"}, {"name": "治理联动", "valid_from": "2026-01-01"}]}

routes = Operations("mechanisms", "The joint mechanisms of an area, as its agency names them.")


@routes.operation(
    "PUT",
    "/mechanisms/<area>",
    MechanismsReceipt,
    takes=MechanismsEntered(),
    headers=(IDEMPOTENCY_KEY,),
    examples=NAMED,
    errors=(409,),
)
def enter_mechanisms(body: dict[str, Any], area: str) -> Response:
    """Enter the axis and the joint mechanisms of an area, all at once and in order.

    They hold in all of the area, but where a part of it has its own. One that is named with its id keeps what is linked
    to it; one that is left out ends today.
    """
    return answer(ask().cases.enter_mechanisms(**command(), area=area, **body))


@routes.reads("/mechanisms/<area>", MechanismReport, query=MechanismQuery)
def mechanisms(query: dict[str, Any], area: str) -> Response:
    """The joint mechanisms that hold in an area, and how much was linked to each in a period."""
    return readable(ask().cases.mechanisms(caller=identity().caller, area=area, **query))
