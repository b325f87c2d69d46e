"""Patrols: starting and stopping, the track meanwhile, and what was found."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.problem_answers import refusal_of_line
from gateway.schemas import patrols as shapes

START = {"grid_code": "360704100007001", "text_version": "2026-03"}
POINTS = {
    "points": [{"point_id": "1", "at": "2026-03-19T20:02:00+08:00", "lon": 115.006, "lat": 25.86}],
    "crs": "WGS84",
}

routes = Operations("patrols", "Who is on patrol, where they went meanwhile, and what they found.")


@routes.does("/patrols", shapes.PatrolBegun, status=201, takes=shapes.PatrolStart(), examples=START, errors=(409,))
def start_patrol(body: dict[str, Any]) -> Response:
    """Start a patrol in a grid.

    One at a time; it ends by itself after four hours. What is found is reported with `source` PATROL and the
    `patrol_id`.
    """
    receipt = ask().members.start_patrol(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("patrols.patrol", patrol_id=receipt["patrol_id"])})


@routes.does("/patrols/<patrol_id>/stop", shapes.PatrolEnded, takes=shapes.PatrolStop())
def stop_patrol(body: dict[str, Any], patrol_id: str) -> Response:
    """Stop a patrol; nothing is kept of where anybody is afterwards.

    Where it has ended by itself, a phone that had no network may say for 72 hours when it really was.
    """
    return answer(ask().members.stop_patrol(**command(), patrol_id=patrol_id, **body))


@routes.does("/patrols/<patrol_id>/points", shapes.KeptPoints, takes=shapes.TrackPoints(), examples=POINTS, headers=())
def upload_points(body: dict[str, Any], patrol_id: str) -> Response:
    """Send points of a patrol, at most 72 hours old.

    Each is answered by itself: one that is wrong, or cannot be read, loses no other. Points before the start, after the
    stop, of a time to come, or where nobody can have come so fast are not kept.
    """
    told = ask().members.upload_points(
        caller=identity().caller,
        patrol_id=patrol_id,
        items=body["points"],
        **({"crs": body["crs"]} if "crs" in body else {}),
    )
    return answer({"items": [_line(each) for each in told["items"]]})


@routes.reads("/patrols", shapes.PatrolList, query=shapes.PatrolQuery)
def patrols(query: dict[str, Any]) -> Response:
    """Patrols, the latest first: the caller's own, or those of an area for its office."""
    found = ask().members.patrols(
        caller=identity().caller, area=query.get("area"), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/patrols/<patrol_id>", shapes.PatrolView)
def patrol(patrol_id: str) -> Response:
    """A patrol of the caller's, with what was found on it."""
    return readable(ask().members.patrol(caller=identity().caller, patrol_id=patrol_id))


@routes.reads("/patrols/<patrol_id>/track", shapes.Track)
def track(patrol_id: str) -> Response:
    """Where a patrol of the caller's went."""
    return readable(ask().members.track(caller=identity().caller, patrol_id=patrol_id))


@routes.does("/patrols/<patrol_id>/reveal-track", shapes.Track, takes=shapes.TrackReason())
def reveal_track(body: dict[str, Any], patrol_id: str) -> Response:
    """Where somebody else's patrol went, for an office that has a reason; it is written down."""
    return answer(ask().members.reveal_track(**command(), patrol_id=patrol_id, **body))


@routes.reads("/patrol-findings", shapes.FindingList, query=shapes.FindingQuery)
def patrol_findings(query: dict[str, Any]) -> Response:
    """What the caller found on patrol, the latest first, and how many matters are credited."""
    found = ask().members.own_findings(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


def _line(told: dict[str, Any]) -> dict[str, Any]:
    point = {"point_id": told["point_id"]}
    return point | {"problem": refusal_of_line(told["refusal"])} if "refusal" in told else point
