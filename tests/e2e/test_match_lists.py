"""Needs lead to something (F09) on the whole suite: fourteen ask, a unit offers, a project is made, all are told."""

from typing import Any

import pytest

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

PLAZA = "360704100007001"
STATION = {"lon": 115.0062, "lat": 25.8601}
IN_PERSON = ("resident", "neighbour", "member", "second_member")


@pytest.fixture(scope="module")
def demands(people: dict[str, Client], suite: StagedSuite) -> list[str]:
    """Fourteen who need to charge near the station: four by the app, six by the desk, four with a phone alone."""
    wanted = {"text": "夜间充电", "category": "0901", "location": STATION}
    volunteers = [f"p-volunteer-{n:04}" for n in range(1, 7)]
    others: list[dict[str, Any]] = [{"person_id": each, "consent": True} for each in volunteers]
    others += [
        {"nickname": f"骑手{n}", "platform": "某外卖平台", "phone": f"1200000090{n}", "consent": True} for n in range(4)
    ]
    made = [people[who].post("/v1/demands", json=wanted) for who in IN_PERSON]
    made += [
        people["dispatcher"].post("/v1/demands", json={**wanted, "source": "RIDER", "asker": asker}) for asker in others
    ]
    return [str(ok(answer, 201)["demand_id"]) for answer in made]


def test_fourteen_needs_become_a_project_and_all_are_told(
    people: dict[str, Client], suite: StagedSuite, demands: list[str]
) -> None:
    """F09: from 14 needs for charging near 广场社区红色驿站 a project 增设充电柜; completed, all 14 askers are told."""
    desk, unit = people["dispatcher"], people["unit_contact"]
    assert len(set(demands)) == 14
    offer = {"kind": "equipment", "text": "充电柜一组", "serves": [PLAZA[:12]], "categories": ["0901"]}
    resource = ok(unit.post("/v1/resources", json=offer), 201)["resource_id"]
    best = ok(desk.get(f"/v1/demands/{demands[0]}/matches"))["items"][0]
    assert best["resource_id"] == resource
    assert best["reasons"][0]["zh"].startswith("专门提供")
    assert {each["demand_id"] for each in ok(desk.get(f"/v1/resources/{resource}/matches?limit=50"))["items"]} >= set(
        demands
    )
    plan = {"title": "增设充电柜", "demands": demands, "resources": [resource]}
    project = ok(desk.post("/v1/projects", json=plan), 201)["project_id"]
    taken = desk.post("/v1/projects", json={"title": "另一个", "demands": demands[:1]})
    assert (taken.status_code, taken.json()["code"]) == (409, "demand_taken")
    ok(desk.post(f"/v1/projects/{project}/start"))
    done = {"Idempotency-Key": "charging-cabinets-done"}
    receipt = ok(desk.post(f"/v1/projects/{project}/complete", headers=done))
    assert ok(desk.post(f"/v1/projects/{project}/complete", headers=done)) == receipt
    assert [ok(desk.get(f"/v1/demands/{each}"))["status"] for each in demands] == ["met"] * 14
    assert ok(unit.get(f"/v1/resources/{resource}"))["status"] == "used_up"

    notices = suite.database("notify")["notices"]
    about_these = {"facts.demand_id": {"$in": demands}, "template": {"$in": ["demand_met", "demand_met_by_hand"]}}
    assert eventually(lambda: len(notices.distinct("facts.demand_id", about_these)) == 14)
    told = list(notices.find({**about_these, "template": "demand_met"}))
    assert len(told) == 10
    called = notices.distinct("facts.demand_id", {**about_these, "template": "demand_met_by_hand"})
    assert set(called) == set(demands[10:])
    for who in IN_PERSON:
        [notice] = [each for each in ok(people[who].get("/v1/inbox"))["items"] if each["template"] == "demand_met"]
        assert notice["demand_id"] in demands[:4]
        [own] = ok(people[who].get("/v1/demands"))["items"]
        assert (own["status"], own["demand_id"]) == ("met", notice["demand_id"])


def test_who_left_only_a_phone_can_be_called_and_it_is_written_down(
    people: dict[str, Client], suite: StagedSuite, demands: list[str]
) -> None:
    path = f"/v1/demands/{demands[-1]}"
    shown = ok(people["dispatcher"].get(path))
    assert shown["asker"]["contact"]["phone"] == "120****0903"
    told = ok(people["dispatcher"].post(f"{path}/asker-contact", json={"reason": "电话告知充电柜已装好"}))
    assert (told["phone"], told["name"]) == ("12000000903", "骑手3")
    assert suite.database("cases")["reveals"].count_documents({"demand_id": demands[-1]}) == 1
    assert people["resident"].get(path).status_code == 403


def test_the_board_shows_it_live(people: dict[str, Client], demands: list[str]) -> None:
    """F31, form B: needs, resources and projects of a community in one call."""
    board = ok(people["dispatcher"].get(f"/v1/match-lists/{PLAZA[:12]}?list=project&status=completed&limit=1"))
    assert board["items"][0]["title"] == "增设充电柜"
    assert board["totals"]["demand"]["met"] >= 14
    assert board["totals"]["resource"]["used_up"] >= 1
    parts = {part["area"]: part for part in board["parts"]}
    assert parts[PLAZA]["demand"]["met"] >= 14
    assert people["resident"].get(f"/v1/match-lists/{PLAZA[:12]}").status_code == 403
    wrong = people["dispatcher"].get(f"/v1/match-lists/{PLAZA[:12]}?list=project&skill=hr").json()
    assert (wrong["code"], wrong["errors"][0]["detail"]) == ("invalid", "This list has no such filter.")


def test_a_rider_is_asked_for_no_identity_number(people: dict[str, Client], suite: StagedSuite) -> None:
    """F08: no ID field exists, and 18 digits in the words are masked before anything is kept."""
    rider: dict[str, Any] = {
        "source": "RIDER",
        "grid_code": PLAZA,
        "text": "夜间充电，身份证999999199001010016",
        "asker": {"nickname": "小测", "platform": "某外卖平台", "consent": True},
    }
    demand = ok(people["dispatcher"].post("/v1/demands", json=rider), 201)
    assert demand["category"] == "0901"
    kept = suite.database("cases")["demands"].find_one({"_id": demand["demand_id"]}) or {}
    assert kept["text"] == "夜间充电，身份证999999********0016"
    with_id = {**rider, "asker": {**rider["asker"], "id_number": "999999199001010016"}}
    refused = people["dispatcher"].post("/v1/demands", json=with_id)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/asker/id_number")


def test_the_needs_of_a_visit_count_once(people: dict[str, Client], suite: StagedSuite) -> None:
    """F07: each stated need becomes a demand; the visit sent twice counts once."""
    body: dict[str, Any] = {
        "grid_code": PLAZA,
        "asker": {"nickname": "王测阿姨", "phone": "12000000909", "consent": True},
        "needs": [{"text": "希望有人教用手机", "category": "0804"}, {"text": "想量血压", "category": "0803"}],
    }
    desk, path = people["dispatcher"], "/v1/visits/visit-f07/demands"
    first = ok(desk.post(path, json=body), 201)
    assert ok(desk.post(path, json=body), 201)["demands"] == first["demands"]
    assert suite.database("cases")["demands"].count_documents({"source_id": "visit-f07"}) == 2
    other = desk.post(path, json={**body, "needs": body["needs"][:1]})
    assert (other.status_code, other.json()["code"]) == (409, "needs_already_listed")
