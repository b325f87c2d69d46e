"""A call to action on the whole suite: issued by the desk, answered by a member, counted."""

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite

GRIDS = ["360704100002001", "360704100002002"]


def test_f41_a_call_reaches_the_members_of_two_grids_and_counts_who_comes(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    """F41: coming and not coming are counted live, for who calls; nobody else issues or sees a call."""
    suite.clock.set("2026-03-31T18:00:00+08:00")
    desk, member = people["dispatcher"], people["member"]
    reach = ok(desk.post("/v1/call-audience", json={"grids": GRIDS}))["called"]
    assert reach > 0
    body = {"grids": GRIDS, "text": "咱们先把楼道清理干净！", "at": "2026-04-01T08:30:00+08:00"}
    assert member.post("/v1/calls", json=body).status_code == 403
    issued = ok(desk.post("/v1/calls", json=body), 201)
    assert issued["called"] == reach
    path = f"/v1/calls/{issued['call_id']}"
    ok(member.post(f"{path}/reply", json={"coming": True}))
    assert ok(desk.get(path))["coming"] == 1
    ok(member.post(f"{path}/reply", json={"coming": False}))
    seen = ok(desk.get(path))
    assert (seen["called"], seen["coming"], seen["not_coming"]) == (reach, 0, 1)
    assert ok(desk.get("/v1/trends/360704100"))["quarter"]["residents"] > 0
