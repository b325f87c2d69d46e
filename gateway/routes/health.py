"""Whether the suite lives and is ready, for load balancers and operators."""

from typing import cast

from flask import Response, current_app
from marshmallow import Schema, fields

from gateway.answers import NOT_KEPT, answer
from gateway.facade import services
from gateway.operations import Operations
from gateway.problem_answers import problem
from gateway.readiness import READY, Readiness


class Live(Schema):
    """The process answers."""

    status = fields.String(required=True)


class Ready(Schema):
    """Every service is ready."""

    status = fields.String(required=True)
    services = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


routes = Operations("health", "Whether the suite lives and is ready.", prefix="/health")


@routes.operation("GET", "/live", Live, public=True)
def live() -> Response:
    """This process answers."""
    return answer({"status": "live"}, headers=NOT_KEPT)


@routes.operation("GET", "/ready", Ready, public=True, errors=(503,))
def ready() -> Response:
    """Every service is ready; otherwise 503 names those that are not."""
    states = cast(Readiness, current_app.extensions["readiness"]).states()
    faults = services().faults()
    waiting = {name: str(told) for name, told in states.items() if told.state != READY}
    if faults or waiting:
        return problem("not_ready", {"services": waiting, "gateway": faults, "retry_after": 2})
    return answer({"status": READY, "services": dict.fromkeys(states, READY)}, headers=NOT_KEPT)
