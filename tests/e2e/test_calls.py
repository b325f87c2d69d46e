"""A call to action on the whole suite: issued by the desk, told to everybody, answered by members, counted."""

from datetime import datetime
from typing import Any

import pytest

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.serving import Serving
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

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


def square(code: str, west: float) -> dict[str, Any]:
    """A grid of a few hundred metres where nothing else is."""
    ring = [[west, 26.0], [west + 0.008, 26.0], [west + 0.008, 26.008], [west, 26.008], [west, 26.0]]
    return {
        "type": "Feature",
        "properties": {"grid_code": code, "name": f"测试召集社区{code[-3:]}", "level": "SERVICE"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


COMMUNITY, FIRST, SECOND = "360704100018", "360704100018001", "360704100018002"
CALLED, READERS = 300, 3
SEVEN = datetime.fromisoformat("2026-04-01T07:00:00+08:00")


@pytest.fixture(scope="module")
def volunteers(suite: StagedSuite, people: dict[str, Client]) -> list[str]:
    """300 who can be called in two grids of their own, the last of them in the inbox alone; one who declined all."""
    suite.clock.set("2026-03-01T09:00:00+08:00")
    admin = people["admin"]
    ok(
        admin.post("/v1/areas", json={"code": COMMUNITY, "name": "测试召集社区", "party_organisation": "u-party-org"}),
        201,
    )
    outlines = {
        "type": "FeatureCollection",
        "features": [square(FIRST, 115.60), square(SECOND, 115.61)],
    }
    assert admin.post("/v1/grids/import", json=outlines).ok
    ids = []
    for n in range(CALLED + 1):
        roles = [{"role": "volunteer", "scope": (FIRST, SECOND)[n % 2]}]
        body = {"name": f"周测{n:03d}", "phone": f"12000020{n:03d}", "roles": roles, "tenant": "360704"}
        ids.append(str(ok(admin.post("/v1/people", json=body), 201)["person_id"]))
    for id, declined in ((ids[-2], ["console"]), (ids[-1], ["app", "wechat", "email", "sms", "voice", "console"])):
        ok(Serving(suite, people).person(id).patch("/v1/me", json={"declined": declined}))
    return ids


@pytest.fixture
def calling(suite: StagedSuite, people: dict[str, Client], volunteers: list[str]) -> "Calling":
    return Calling(suite, people)


class Calling:
    """Who calls, and what comes of it."""

    def __init__(self, suite: StagedSuite, people: dict[str, Client]) -> None:
        self._suite, self._people = suite, people
        self.issued: dict[str, Any] = {}

    def issue(self, at: str, *, emergency: bool = False) -> None:
        """咱们先把楼道清理干净！ for 08:30 of the first of April."""
        self._suite.clock.set(f"{at}:00+08:00")
        body = {"grids": [FIRST, SECOND], "text": "咱们先把楼道清理干净！", "at": "2026-04-01T08:30:00+08:00"}
        self.issued = ok(self._people["dispatcher"].post("/v1/calls", json=body | {"emergency": emergency}), 201)

    def stands(self, *names: str) -> tuple[int, ...]:
        """The counts of these names as of now."""
        seen = ok(self._people["dispatcher"].get(f"/v1/calls/{self.issued['call_id']}"))
        return tuple(seen[name] for name in names)

    def sent(self) -> list[str]:
        """The notices of this call that went out."""
        notices = (str(line.get("notice_id")) for line in self._suite.console())
        return [each for each in notices if each.startswith(self.issued["event_id"])]

    def put_off_to(self) -> set[datetime]:
        """The times at which the messages of this call are due."""
        of_call = {"notice_id": {"$regex": f"^{self.issued['event_id']}"}}
        return set(self._suite.database("notify")["messages"].distinct("due_at", of_call))

    def person(self, id: str) -> Client:
        return Serving(self._suite, self._people).person(id)

    def read(self, id: str) -> None:
        """Somebody reads what they are asked."""
        person = self.person(id)
        [notice] = [each for each in ok(person.get("/v1/inbox"))["items"] if each["call_id"] == self.issued["call_id"]]
        assert "咱们先把楼道清理干净！" in notice["texts"]["zh-CN"]["body"]
        ok(person.post(f"/v1/inbox/{notice['notice_id']}/read"))

    def reply(self, id: str, *, coming: bool) -> None:
        ok(self.person(id).post(f"/v1/calls/{self.issued['call_id']}/reply", json={"coming": coming}))


COUNTS = ("called", "told", "waiting", "delivered", "read", "coming", "not_coming")


def test_f41_three_hundred_in_two_grids_are_called_for_the_next_morning(
    calling: Calling, volunteers: list[str]
) -> None:
    """F41: 300 members in two grids; sent at 18:00, delivered, read, coming and not coming are counted live.

    Who declines every channel is left out; who declines this one has it in the inbox alone.
    """
    calling.issue("2026-03-31T18:00")
    assert eventually(lambda: calling.stands("delivered") == (CALLED - 1,), 60)
    assert calling.stands(*COUNTS) == (CALLED, CALLED, 0, CALLED - 1, 0, 0, 0)
    for n, id in enumerate(volunteers[:READERS]):
        calling.read(id)
        calling.reply(id, coming=n > 0)
    assert calling.stands(*COUNTS) == (CALLED, CALLED, 0, CALLED - 1, READERS, 2, 1)
    assert len(calling.sent()) == len(set(calling.sent())) == CALLED - 1
    assert calling.person(volunteers[-1]).get("/v1/inbox").json()["items"] == []


def test_f41_at_night_nobody_is_woken_but_in_an_emergency(
    suite: StagedSuite, calling: Calling, volunteers: list[str]
) -> None:
    """F41: called at 22:30, nobody hears of it before 07:00, and who has answered by then not at all."""
    calling.issue("2026-03-31T22:30")
    assert eventually(lambda: calling.stands("told", "waiting") == (CALLED, CALLED), 60)
    assert eventually(lambda: calling.put_off_to() == {SEVEN})
    calling.read(volunteers[0])
    calling.reply(volunteers[0], coming=True)
    assert calling.stands(*COUNTS) == (CALLED, CALLED, CALLED - 1, 1, 1, 1, 0)
    assert calling.sent() == []
    suite.clock.set(SEVEN.isoformat())
    assert eventually(lambda: calling.stands("waiting", "delivered") == (0, CALLED - 1), 60)
    sent = calling.sent()
    assert len(sent) == len(set(sent)) == CALLED - 2
    assert not any(volunteers[0] in each for each in sent)
    calling.issue("2026-03-31T22:31", emergency=True)
    assert eventually(lambda: len(calling.sent()) == CALLED - 1, 60)
    assert eventually(lambda: calling.stands(*COUNTS) == (CALLED, CALLED, 0, CALLED - 1, 0, 0, 0))


def test_a_call_that_is_called_off_is_told_to_who_had_it_and_answered_by_nobody(
    suite: StagedSuite, people: dict[str, Client], calling: Calling, volunteers: list[str]
) -> None:
    """Issued at 18:10, called off at 18:20 for the rain; the numbers stay."""
    calling.issue("2026-03-31T18:10")
    assert eventually(lambda: calling.stands("delivered") == (CALLED - 1,), 60)
    calling.reply(volunteers[0], coming=True)
    suite.clock.set("2026-03-31T18:20:00+08:00")
    path, desk = f"/v1/calls/{calling.issued['call_id']}", people["dispatcher"]
    assert calling.person(volunteers[0]).post(f"{path}/withdraw", json={"reason": "雨"}).status_code == 403
    gone = ok(desk.post(f"{path}/withdraw", json={"reason": "暴雨红色预警，改期再约。"}))

    def told_off() -> int:
        notices = (str(line.get("notice_id")) for line in suite.console())
        return sum(each.startswith(gone["event_id"]) for each in notices)

    assert eventually(lambda: told_off() == CALLED - 1, 60)
    newest = ok(calling.person(volunteers[1]).get("/v1/inbox"))["items"][0]
    assert (newest["template"], newest["call_id"]) == ("call_called_off", calling.issued["call_id"])
    assert "暴雨红色预警，改期再约。" in newest["texts"]["zh-CN"]["body"]
    refused = calling.person(volunteers[1]).post(f"{path}/reply", json={"coming": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "call_withdrawn")
    assert calling.stands(*COUNTS) == (CALLED, CALLED, 0, CALLED - 1, 0, 1, 0)
    assert ok(desk.get(path))["withdrawn_because"] == "暴雨红色预警，改期再约。"
