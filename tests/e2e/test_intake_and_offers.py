"""Ways into the suite and out of it: open offers, somebody without a phone, a patrol's finding, a service day."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dev.client import Client
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

SQUARE = "360704100007001"
"""广场社区第一网格."""


@pytest.fixture
def docket(suite: StagedSuite, people: dict[str, Client]) -> Docket:
    docket = Docket(suite, people)
    docket.set("2026-04-01T09:00:00+08:00")
    return docket


@pytest.mark.parametrize("time", range(5))
def test_a_small_wish_that_two_members_claim_at_once_goes_to_one_of_them(docket: Docket, time: int) -> None:
    """F32: exactly one gets it, and the other is told that it is taken."""
    docket.report("resident", text="想要一副老花镜", grid_code=SQUARE, category="0802")
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", places=1)
    members = ("member", "second_member")
    path = f"/v1/cases/{docket.case_id}/accept"
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda who: docket.people[who].post(path, json={}), members))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    [taken] = [answer.json() for answer in answers if answer.status_code == 409]
    assert (taken["code"], taken["title"]) == ("places_taken", "All places are taken")
    case = docket.case()
    assert (case["status"], case["open_places"], len(case["assignees"])) == ("ACCEPTED", 0, 1)
    [winner] = [who for who, answer in zip(members, answers, strict=True) if answer.status_code == 200]
    assert case["assignees"][0]["id"] == docket.people[winner].get("/v1/me").json()["person_id"]


@pytest.mark.parametrize(("callback", "word"), [("visit", "visit"), ("voice", "call")])
def test_a_worker_files_for_an_elderly_resident_without_a_phone(docket: Docket, callback: str, word: str) -> None:
    """F56: by proxy, with consent noted; called back or visited by a worker of the grid, who reads what to say."""
    other = {"name": "谢测101", "callback": callback}
    refused = docket.people["worker"].post("/v1/cases", json=report(on_behalf_of={**other, "consent": False}))
    assert refused.status_code == 422
    assert docket.people["resident"].post(
        "/v1/cases", json=report(on_behalf_of={**other, "consent": True})
    ).json()["code"] == "not_on_behalf"  # fmt: skip
    docket.report("worker", **report(on_behalf_of={**other, "consent": True}))
    docket.act("dispatcher", "register", category="0303")
    reporter = docket.case("dispatcher")["reporter"]
    assert (reporter["by_proxy"], reporter["id"]) == (True, None)
    assert (reporter["contact"]["consent"], reporter["contact"]["callback"]) == (True, callback)

    def tasks() -> list[dict[str, Any]]:
        return [notice for notice in docket.inbox("second_worker") if notice["template"] == "tell_by_hand"]

    assert eventually(lambda: len(tasks()) == 1)
    [task] = tasks()
    assert f"Please {word} and say" in task["texts"]["en"]["body"]
    assert "registered" in task["texts"]["en"]["body"]
    assert "谢测101" not in str(task)
    docket.act("dispatcher", "dispatch", assignees=["p-member"])
    assert eventually(lambda: len(tasks()) == 2)
    assert docket.told("call_by_hand") == []


def report(**more: Any) -> dict[str, Any]:
    return {"text": "楼道堆物，出门不便", "location": {"lon": 115.0058, "lat": 25.8672}, "tags": ["elderly"], **more}


def test_a_service_day_solves_a_case_that_still_has_to_be_inspected(docket: Docket) -> None:
    """F51: the organiser's feedback with photos before and after resolves it; nobody of the day inspects it."""
    before = docket.photo("resident")
    docket.report("resident", text="楼道堆物", category="0303", photos=[before])
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", assignees=["p-worker", "p-member"], lead="p-worker")
    for who in ("worker", "member"):
        docket.act(who, "accept")
        docket.act(who, "arrive")
    docket.set("2026-04-02T11:30:00+08:00")
    assert docket.refused("worker", "feedback", text="服务日清理完毕") == "after_photo_missing"
    after = [docket.photo("worker"), docket.photo("worker")]
    done = docket.act("worker", "feedback", text="服务日清理完毕", photos=after)
    assert done["status"] == "RESOLVED"
    photos = {row["photo_id"]: row["act"] for row in docket.case("resident")["photos"]}
    assert photos == {before: "report", **dict.fromkeys(after, "feedback")}
    assert eventually(lambda: "p-inspector" in docket.told("to_inspect"))
    for who in ("worker", "member"):
        assert docket.refused(who, "inspect-pass") in {"handler_inspects", "not_permitted"}
    assert docket.case()["closed_at"] is None
    docket.act("inspector", "inspect-pass")
    assert docket.case()["status"] == "CLOSED"
