"""People of the demo who come to service days, as tests of rosters, hours and what follows from them need it."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dev.client import Client
from gateway.tokens import Tokens
from tests.e2e.staged import StagedSuite

GRID = "360704100002001"
DAY: dict[str, Any] = {
    "title": "扮靓日：清扫楼道",
    "text": "清扫楼道、擦扶手、捡垃圾",
    "grid_code": GRID,
    "place": "东源胜景小区门口",
    "muster": {"lon": 115.0058, "lat": 25.8672},
    "capacity": None,
    "sign_up_way": "在本页报名",
    "conditions": "年满十四周岁",
    "risks": "楼梯湿滑",
    "protection": "提供手套和保险",
}


def done(client: Client, path: str, **body: Any) -> dict[str, Any]:
    """What somebody is answered who does something that they may."""
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


def read(client: Client, path: str, **query: Any) -> dict[str, Any]:
    """What somebody reads who may."""
    answer = client.get(path, params=query)
    assert answer.ok, (path, answer.status_code, answer.text)
    found: dict[str, Any] = answer.json()
    return found


def local(day: date, clock: str) -> str:
    """An instant, as it is told in the requests."""
    return f"{day}T{clock}:00+08:00"


@dataclass(frozen=True)
class Serving:
    """Lets people of the demo come to days that the worker organises."""

    suite: StagedSuite
    people: dict[str, Client]

    def person(self, id: str, role: str = "volunteer") -> Client:
        """Somebody of the demo, with a token as they would get it by the code on their phone."""
        caller = {"id": id, "grants": [{"role": role, "scope": "360704"}]}
        tokens = Tokens(self.suite.secrets["TOKEN_KEY"], 3600)
        client = self.suite.client(tokens.issue(f"s-{id}", caller, time.time()))
        client.hooks["response"] = list(self.people["worker"].hooks["response"])
        return client

    def newcomer(self, phone: str) -> str:
        """The id of a volunteer who has not served yet, as few of the demo have not."""
        self.suite.clock.set("2025-09-01T09:00:00+08:00")
        roles = [{"role": "volunteer", "scope": "360704"}]
        body = {"name": f"周测{phone[-3:]}", "phone": phone, "roles": roles, "tenant": "360704"}
        return str(done(self.people["admin"], "/v1/people", **body)["person_id"])

    def planned(self, day: date, begins: str, ends: str, **more: Any) -> str:
        """A day that the worker publishes a week before: its id."""
        self.suite.clock.set(local(day - timedelta(days=7), "09:00"))
        times = {"begins": local(day, begins), "ends": local(day, ends)}
        return str(done(self.people["worker"], "/v1/activities", **(DAY | times | more))["activity_id"])

    def served(self, person_id: str, day: date, begins: str, ends: str) -> str:
        """All of it: somebody comes for the whole of a day, and the worker lets it count; the id of the record."""
        id, worker = self.planned(day, begins, ends), self.people["worker"]
        done(self.person(person_id), f"/v1/activities/{id}/signups")
        self.suite.clock.set(local(day, "21:00"))
        lines = [
            {"line_id": f"{id}-{act}", "person_id": person_id, "act": act, "at": local(day, clock)}
            for act, clock in (("in", begins), ("out", ends))
        ]
        counted = done(worker, f"/v1/activities/{id}/attendance", lines=lines)["items"]
        assert all("receipt" in each for each in counted), counted
        done(worker, f"/v1/activities/{id}/service-records")
        [record] = read(worker, "/v1/service-records", activity_id=id)["items"]
        done(worker, "/v1/service-records/approve", record_ids=[record["record_id"]])
        return str(record["record_id"])
