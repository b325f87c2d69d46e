"""Counting the use of a rest station, by anybody."""

from typing import Any

from flask import Response

from gateway.answers import answer
from gateway.commands import anybodys_command_id
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.stations import StationUse, UseCounted

routes = Operations("station_uses", "Counting the use of a rest station, without an account.")


@routes.does(
    "/stations/<station_id>/uses",
    UseCounted,
    takes=StationUse(),
    examples={"code": "5b0c7f0e9c3d41aa2f60"},
    public=True,
    errors=(404, 409, 410, 422, 503, 504),
)
def use_station(body: dict[str, Any], station_id: str) -> Response:
    """Count that somebody uses a station, without an account; nothing is kept of who it is.

    The `code` stands on the station's wall. With an `Idempotency-Key` of its own, which should be a random one, a use
    that is sent again is counted once.
    """
    return answer(ask().members.use_station(command_id=anybodys_command_id(), station_id=station_id, **body))
