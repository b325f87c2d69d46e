"""The rotation of service days: which team goes to which compound, why, and what was served."""

from typing import Any

from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas import rotation as shapes
from gateway.sheets.exporting import FILES, Source, handed_out
from gateway.sheets.rotation import sheets

PLAN = "/rotation/<area>/plans/<day>"

routes = Operations("rotation", "Service days by turn and by need: every compound within 12 of them.")


@routes.does(
    "/rotation/<area>/teams",
    shapes.TeamsReceipt,
    takes=shapes.NewRotationTeams(),
    examples={"teams": [{"name": "一队", "people": 6}, {"name": "二队", "people": 5}]},
    errors=(409,),
)
def enter_teams(body: dict[str, Any], area: str) -> Response:
    """Enter the teams of an agency (the first 9 digits of its grid codes), all at once.

    With the first of them the rotation begins: the next four service days are planned, and remade
    whenever something changes.
    """
    return answer(ask().members.enter_teams(**command(), area=area, **body))


@routes.reads("/rotation/<area>", shapes.Rotation, errors=(422,))
def rotation(area: str) -> Response:
    """The teams of an agency's service days, and its plans to come."""
    return readable(ask().members.rotation(caller=identity().caller, area=area))


@routes.reads("/rotation/<area>/plans", shapes.PlanList, query=shapes.PlanQuery)
def rotation_plans(query: dict[str, Any], area: str) -> Response:
    """The plans of an agency's service days, those that are over included."""
    found = ask().members.rotation_plans(
        caller=identity().caller, area=area, after=position(query), limit=query["limit"], **filters(query)
    )
    return page(found, continued(found, query), query)


@routes.reads(PLAN, shapes.RotationPlan, errors=(422,))
def rotation_plan(area: str, day: str) -> Response:
    """The plan of a service day.

    Why each compound has its turn and how its score is made up, who gave way to whom and why, and whether the bound of
    12 service days can be kept, and else from when on not.
    """
    return readable(ask().members.rotation_plan(caller=identity().caller, area=area, day=day))


@routes.reads(f"{PLAN}/history", shapes.PlanHistory, errors=(422,))
def rotation_history(area: str, day: str) -> Response:
    """What each version of the plan changed, and why."""
    return readable(ask().members.rotation_history(caller=identity().caller, area=area, day=day))


@routes.operation("GET", f"{PLAN}/export", None, query=shapes.PlanExportQuery, responses=FILES)
def export_rotation_plan(query: dict[str, Any], area: str, day: str) -> Response:
    """The plan as a file: XLSX with turns, who gave way and notes, CSV with turns alone. No cell is ever a formula."""
    found = ask().members.rotation_plan(caller=identity().caller, area=area, day=day)
    turns, *others = sheets(found)
    name = f"rotation-{area}-{found['day']}"
    source = Source("members", "rotation_plan", area)
    return handed_out(source, query["format"], name, [turns, *others], len(found["turns"]))


@routes.reads("/rotation/<area>/compounds", shapes.RotationStandings, errors=(422,))
def rotation_standing(area: str) -> Response:
    """Where every compound stands before the next service day: how long it has waited, its score, its next turn."""
    return readable(ask().members.rotation_standing(caller=identity().caller, area=area))


@routes.does(
    f"{PLAN}/orders",
    shapes.OrderReceipt,
    takes=shapes.NewRotationOrder(),
    examples={"compound_id": "c-dongyuan", "reason": "周末检查前清理"},
    errors=(409,),
)
def order_turn(body: dict[str, Any], area: str, day: str) -> Response:
    """Order a turn, with a reason: as the organiser of that day, or the office.

    Who gives way heads the next service day. An order for which some compound would wait too long is refused with
    those compounds, unless `break_bound` says that it is meant so.
    """
    return answer(ask().members.order_turn(**command(), area=area, day=day, **body))


@routes.does(f"{PLAN}/orders/<compound_id>/withdraw", shapes.OrderReceipt, errors=(409,))
def withdraw_turn(area: str, day: str, compound_id: str) -> Response:
    """Take an order back."""
    return answer(ask().members.withdraw_turn(**command(), area=area, day=day, compound_id=compound_id))


@routes.does(
    "/service-days/<activity_id>/visits",
    shapes.VisitsReceipt,
    takes=shapes.NewRotationVisits(),
    examples={"visits": [{"compound_id": "c-dongyuan"}]},
    errors=(409,),
)
def record_served(body: dict[str, Any], activity_id: str) -> Response:
    """Record which compounds a service day has served, once it is over: as its organiser, or the office."""
    return answer(ask().members.record_served(**command(), activity_id=activity_id, **body))


@routes.reads("/service-days/<activity_id>/visits", shapes.DayServed)
def day_served(activity_id: str) -> Response:
    """What was recorded of a service day."""
    return readable(ask().members.day_served(caller=identity().caller, activity_id=activity_id))
