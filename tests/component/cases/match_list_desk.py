"""Asks the match lists as the gateway would, each command under an id of its own, and sees what is kept."""

from itertools import count
from typing import Any

from cases.service import CasesService
from chassis.caller import Caller
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, GRID, RESIDENT, caller

UNIT = caller("p-contact", "unit_contact", scope="360704", unit="u-lighting")
RIDER = caller("p-rider", "rider", "resident", scope="360704")
STATION = {"lon": 115.0062, "lat": 25.8601}

Answer = dict[str, Any]


class Desk:
    def __init__(self, service: CasesService, clock: SetClock) -> None:
        self.service, self.clock, self._ids = service, clock, count(1)

    def command(self) -> str:
        return f"command-{next(self._ids)}"

    def ask(self, who: Caller = RESIDENT, /, **fields: Any) -> str:
        body = {"text": "希望有人教用手机", "category": "0804", "grid_code": GRID, **fields}
        return str(self.service.open_demand(who.dump(), self.command(), **body)["demand_id"])

    def offer(self, who: Caller = UNIT, /, **fields: Any) -> str:
        body = {"kind": "service", "text": "手机课堂", "serves": [GRID], "skills": ["hr"], **fields}
        return str(self.service.offer_resource(who.dump(), self.command(), **body)["resource_id"])

    def plan(self, who: Caller = DISPATCHER, /, **fields: Any) -> str:
        body = {"title": "手机课堂进小区", **fields}
        return str(self.service.plan_project(who.dump(), self.command(), **body)["project_id"])

    def move(self, project_id: str, act: str, who: Caller = DISPATCHER, /, **fields: Any) -> Answer:
        return self.service.move_project(who.dump(), self.command(), project_id, act, **fields)

    def demand(self, id: str, who: Caller = DISPATCHER) -> Answer:
        return self.service.demand(who.dump(), id)

    def resource(self, id: str, who: Caller = DISPATCHER) -> Answer:
        return self.service.resource(who.dump(), id)

    def project(self, id: str, who: Caller = DISPATCHER) -> Answer:
        return self.service.project(who.dump(), id)

    def board(self, area: str = GRID, who: Caller = DISPATCHER, **asked: Any) -> Answer:
        return self.service.match_list(who.dump(), area=area, **asked)
