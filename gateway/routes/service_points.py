"""Points for services: a ledger to which rows are only ever added."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.schemas.service_points import NewPoints, PointsList, PointsQuery, PointsReceipt

CLEANED = {"person_id": "p-member", "on": "2026-03-12", "kind": "governance", "points": 1, "text": "清扫楼道"}

routes = Operations("service-points", "Points for services; nothing passes them on, and nothing is paid for them.")


@routes.does("/service-points", PointsReceipt, status=201, located=False, takes=NewPoints(), examples=CLEANED)
def record_points(body: dict[str, Any]) -> Response:
    """Record points of a registered member for a service.

    Nobody records their own. What has a `source` counts once for a person.
    """
    return answer(ask().members.record_points(**command(), **body), 201)


@routes.does("/service-points/<entry_id>/reverse", PointsReceipt, status=201, located=False, errors=(404, 409))
def reverse_points(entry_id: str) -> Response:
    """Take an entry back: a row with the other sign is added, and nothing is changed."""
    return answer(ask().members.reverse_points(**command(), entry_id=entry_id), 201)


@routes.reads("/service-points", PointsList, query=PointsQuery, errors=(404,))
def points(query: dict[str, Any]) -> Response:
    """The rows of the ledger of a person, the latest day first."""
    whose = {name: query[name] for name in ("person_id",) if name in query}
    found = ask().members.points(caller=identity().caller, after=position(query), limit=query["limit"], **whose)
    return page(found, continued(found, query), query)
