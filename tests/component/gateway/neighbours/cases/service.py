"""Answers the gateway like cases, with what the test wants to see: slowness, refusals, and the ids that came along."""

from typing import Any

import eventlet
from werkzeug.wrappers import Request, Response

from chassis import logs
from chassis.errors import Refusal
from chassis.http import http
from chassis.rpc import rpc
from chassis.service import Service

PHOTOS: dict[str, bytes] = {}


class CasesService(Service):
    name = "cases"

    @rpc
    def case(self, caller: dict[str, Any], case_id: str) -> dict[str, Any]:
        """A case whose id says how long the answer takes, in milliseconds."""
        if case_id.isdigit():
            eventlet.sleep(int(case_id) / 1000)
        if case_id == "missing":
            raise Refusal("case_not_found", case_id=case_id)
        ids = {name: logs.bound(name) for name in logs.CARRIED}
        return {"case_id": case_id, "version": 1, "caller": caller, **ids}

    @rpc
    def watch_desk(self, caller: dict[str, Any], area: str | None = None) -> dict[str, Any]:
        """Everything of the area but what is sensitive."""
        return {"clauses": [{"key": f"area:{area or '360704'}", "none": ["restricted"]}]}

    @rpc
    def watch_case(self, caller: dict[str, Any], case_id: str) -> dict[str, Any]:
        """Everything of the case."""
        if case_id == "missing":
            raise Refusal("case_not_found", case_id=case_id)
        return {"clauses": [{"key": f"case:{case_id}", "none": []}]}

    @rpc
    def indicators(self, caller: dict[str, Any], by: str, **asked: Any) -> dict[str, Any]:
        """Twelve months with a closure rate each, but for the fifth."""
        return {**_head(**asked), "by": by, "parts": [{"of": f"2026-{n:02}", **_closed(n)} for n in range(1, 13)]}

    @rpc
    def indicator_ranking(self, caller: dict[str, Any], by: str, rate: str, **asked: Any) -> dict[str, Any]:
        """Twelve grids likewise."""
        items = [{"of": f"grid {n}", "rank": n, "change": 1.25, **_closed(n)} for n in range(1, 13)]
        before = {"from": "2025-01-01", "to": "2025-12-31"}
        return {**_head(**asked), "by": by, "rate": rate, "lowest_first": False, "before": before, "items": items}

    @rpc
    def report(self, caller: dict[str, Any], command_id: str, **body: Any) -> dict[str, Any]:
        return {"case_id": "c-1", "command_id": command_id, "body": body, "caller": caller}

    @rpc
    def photo_ticket(self, caller: dict[str, Any], command_id: str, intent: str, **_: Any) -> dict[str, Any]:
        return {"ticket": "t-1", "expires_at": "2026-03-12T11:41:00Z"}

    @http("PUT", "/photos/<ticket>")  # type: ignore[untyped-decorator]  # nameko is untyped
    def keep(self, request: Request, ticket: str) -> Response:
        PHOTOS[ticket] = request.get_data()
        size = len(PHOTOS[ticket])
        kept = f'{{"photo_id": "ph-1", "media_type": "image/png", "width": 1, "height": 1, "size": {size}}}'
        return Response(kept, 201, content_type="application/json")

    @http("GET", "/photos/<ticket>")  # type: ignore[untyped-decorator]  # nameko is untyped
    def give(self, request: Request, ticket: str) -> Response:
        return Response(PHOTOS[ticket], content_type="image/png")


def _head(area: str, **asked: Any) -> dict[str, Any]:
    moment = "2026-12-31T10:00:00Z"
    return {
        "area": area,
        "from": asked["from"],
        "to": "2026-12-31",
        "unit_id": None,
        "category": None,
        "asked_at": moment,
        "counted_until": moment,
        "audience": "all",
        "fewest_told": 10,
        "scoring": {"response": 0.3, "resolution": 0.35, "satisfaction": 0.35, "partly": 0.0},
        "made_of": {"closure": ["due_closed", "due"]},
        "total": _closed(12),
        "categories": {},
        "names": {area: "滨江社区"},
    }


def _closed(n: int) -> dict[str, Any]:
    due = 0 if n == 5 else 40 + n
    return {"counts": {"due": due}, "rates": {"closure": 75.0 if due else None}}
