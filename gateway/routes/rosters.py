"""Rosters: who is asked to come to an activity, from members in service and volunteers (docs/domain.md §7 F47)."""

from typing import Any

from flask import Response

from gateway.answers import answer
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.rosters import RosterView, RosterWanted

TWENTY = {"needed": 20, "skills": ["cleaning"]}

routes = Operations("rosters", "Who is asked to come, from the two pools in proportion.")


@routes.asks("/activities/<activity_id>/roster-plan", RosterView, takes=RosterWanted(), examples=TWENTY, errors=(404,))
def plan_roster(body: dict[str, Any], activity_id: str) -> Response:
    """Who would be asked now, and why the others would not; nothing is written."""
    return answer(ask().members.plan_roster(caller=identity().caller, activity_id=activity_id, **body))


@routes.does("/activities/<activity_id>/roster", RosterView, takes=RosterWanted(), examples=TWENTY, errors=(404, 409))
def draw_up_roster(body: dict[str, Any], activity_id: str) -> Response:
    """Give places to those who are asked, as the organiser or the office: who comes, and how many are missing.

    Each pool has places in proportion to its size; who has not come for the longest is asked first, nobody who is
    booked elsewhere, has told other free times, or would have more than eight hours that day.
    """
    return answer(ask().members.draw_up_roster(**command(), activity_id=activity_id, **body))
