"""The census of new-employment workers: who is known, what they need, and how many there may be."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas import workers as shapes
from gateway.sheets.exporting import FILES, Board, Source, exported
from gateway.sheets.workers import listed, summed

RIDER = {
    "nickname": "阿测",
    "kind": "rider",
    "platform": "美团",
    "grid_code": "360704100007001",
    "needs": [{"text": "夜间充电"}],
}

routes = Operations("workers", "New-employment workers: riders, couriers, drivers, streamers, and what they need.")


@routes.does("/workers", shapes.WorkerReceipt, status=201, takes=shapes.NewWorker(), examples=RIDER, errors=(409,))
def register_worker(body: dict[str, Any]) -> Response:
    """Enter a worker in the census, with what is needed.

    A nickname is enough, and the grid or the open rest station (`station_id`) that one belongs to: nobody's identity is
    asked for, and no field takes an identity number. Each need becomes a demand on the need list of the grid, under the
    same id.
    """
    receipt = ask().members.register_worker(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("workers.worker", worker_id=receipt["worker_id"])})


@routes.reads("/workers", shapes.WorkerList, query=shapes.WorkerQuery)
def workers(query: dict[str, Any]) -> Response:
    """The workers in the caller's scopes, masked, the newest first."""
    found = ask().members.workers(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/workers/platforms", shapes.PlatformList)
def worker_platforms() -> Response:
    """The platforms that a form proposes; any other name is taken as well."""
    return readable(ask().members.worker_platforms())


@routes.reads("/workers/<worker_id>", shapes.WorkerView)
def worker(worker_id: str) -> Response:
    """One worker, masked, with what is needed and what became of it."""
    return readable(ask().members.worker(caller=identity().caller, worker_id=worker_id))


@routes.operation(
    "PATCH",
    "/workers/<worker_id>",
    shapes.WorkerReceipt,
    takes=shapes.WorkerChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"grid_code": "360704100007002"},
    errors=(409,),
)
def change_worker(body: dict[str, Any], worker_id: str) -> Response:
    """Tell something anew of a worker."""
    return answer(ask().members.change_worker(**command(), worker_id=worker_id, **body))


@routes.does(
    "/workers/<worker_id>/phone",
    shapes.WorkerPhoneTold,
    takes=shapes.WorkerPhoneWanted(),
    examples={"reason": "通知送餐通道变更"},
    errors=(404, 409),
)
def reveal_worker_phone(body: dict[str, Any], worker_id: str) -> Response:
    """The phone of a worker, for an office that gives a reason. Who asked and why is written down first."""
    told = ask().members.reveal_worker_phone(**command(), worker_id=worker_id, **body)
    return answer(told, headers={"Cache-Control": "no-store"})


@routes.does("/workers/<worker_id>/leave", shapes.WorkerReceipt)
def worker_leaves(worker_id: str) -> Response:
    """The worker is here no more; the phone is forgotten, and counts of earlier days stay as they were."""
    return answer(ask().members.worker_leaves(**command(), worker_id=worker_id))


@routes.does(
    "/workers/<worker_id>/needs",
    shapes.WorkerReceipt,
    takes=shapes.WorkerNeeds(),
    examples={"needs": [{"category": "0902", "text": "小区门口临时停车"}]},
)
def state_worker_needs(body: dict[str, Any], worker_id: str) -> Response:
    """Write down what a worker needs besides."""
    return answer(ask().members.state_worker_needs(**command(), worker_id=worker_id, **body))


@routes.does(
    "/worker-estimates",
    shapes.EstimateReceipt,
    takes=shapes.NewEstimate(),
    examples={"area": "360704100007", "day": "2026-01-01", "number": 160},
)
def enter_estimate(body: dict[str, Any]) -> Response:
    """Enter how many workers there may be in an area from a day on; entered again for the same day, it is corrected."""
    return answer(ask().members.enter_estimate(**command(), **body))


@routes.reads("/worker-census/<area>", shapes.CensusView, query=shapes.CensusQuery)
def worker_census(query: dict[str, Any], area: str) -> Response:
    """How many workers are known in an area of those estimated, at the end of a day (check H6).

    Without an estimate of its own an area has the sum of what its parts have.
    """
    return readable(ask().members.worker_census(caller=identity().caller, area=area, **query))


@routes.operation("GET", "/worker-census/<area>/export", None, query=shapes.WorkerExportQuery, responses=FILES)
def export_workers(query: dict[str, Any], area: str) -> Response:
    """The workers of an area as a file for an office program, masked.

    At most 10,000 lines. Headings and words are in the language of the request. No cell is ever a formula.
    """
    caller = identity().caller
    census = ask().members.worker_census(caller=caller, area=area)

    def read(_: str, after: Any, limit: int) -> dict[str, Any]:
        found = ask().members.workers(caller=caller, filters={"grid": area}, after=after, limit=limit)
        return {**found, "area": area, "names": {}, "census": census}

    source = Source("members", "workers", area)
    return exported(Board(source, f"workers-{area}", ("workers",), read, listed, summed), query["format"], None)
