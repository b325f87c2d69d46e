"""What a district decides about its cases, with two instances of cases: categories, scoring, and what counts (F53)."""

from datetime import datetime
from typing import Any

import pytest

from dev.client import Client
from tests.e2e.cast import cast
from tests.e2e.conftest import SuiteMaker
from tests.e2e.docket import Docket
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(300)

DISTRICT = "360704"
PEOPLE = ("resident", "dispatcher", "worker", "second_worker", "inspector", "admin")
NEARBY = {"lon": 115.0059, "lat": 25.8672}


@pytest.fixture(scope="module")
def docket(new_suite: SuiteMaker) -> Docket:
    """A suite of its own: its district gets a catalogue of its own."""
    suite = new_suite(instances={"cases": 2})
    return Docket(suite, cast(suite, PEOPLE))


def entered(admin: Client, what: str, **body: Any) -> dict[str, Any]:
    answer = admin.post(f"/v1/case-policies/{what}", json={"area": DISTRICT, **body})
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


def rows(docket: Docket, **of_lamp: Any) -> list[dict[str, Any]]:
    found = docket.people["admin"].get("/v1/categories", params={"area": DISTRICT}).json()["items"]
    return [{**row, **of_lamp} if row["code"] == "0101" else row for row in found]


def registered(docket: Docket) -> str:
    docket.report("resident")
    docket.act("dispatcher", "register", category="0101")
    return docket.case_id


def version(docket: Docket, case_id: str) -> str:
    return str(docket.case(case_id=case_id)["category_version"])


def due(docket: Docket, case_id: str) -> str:
    return str(datetime.fromisoformat(docket.case(case_id=case_id)["resolve_due"]).strftime("%m-%d %H:%M"))


def test_a_time_limit_changes_on_its_day_and_open_cases_keep_theirs(docket: Docket) -> None:
    """F53: 0101 goes from 3 wd to 2 wd on April 1; a case of March keeps 3 wd, read by whichever instance."""
    docket.at("2026-03-31T09:00:00+08:00")
    march = registered(docket)
    name = entered(docket.people["admin"], "categories", valid_from="2026-04-01", items=rows(docket, resolve="2wd"))
    assert (name["policy_id"], name["number"]) == (f"{DISTRICT}-categories-1", 1)
    assert (due(docket, march), version(docket, march)) == ("04-03 18:00", "2025.1")

    docket.at("2026-04-01T00:00:01+08:00")
    first = [registered(docket) for _ in range(4)]
    assert {version(docket, case_id) for case_id in first} <= {"2025.1", name["policy_id"]}
    assert eventually(lambda: {version(docket, registered(docket)) for _ in range(4)} == {name["policy_id"]}, 30)
    april = registered(docket)
    assert (due(docket, april), version(docket, april)) == ("04-03 18:00", name["policy_id"])

    docket.suite.kill("cases.2")
    docket.suite.restart("cases.2")
    for _ in range(4):
        assert {version(docket, case_id) for case_id in (march, april)} == {"2025.1", name["policy_id"]}
    docket.case_id = march
    docket.act("dispatcher", "correct", location=NEARBY)
    docket.act("dispatcher", "correct", category="0102")
    docket.act("dispatcher", "correct", category="0101")
    assert (due(docket, march), version(docket, march)) == ("04-03 18:00", "2025.1")


def test_the_history_says_who_changed_what(docket: Docket) -> None:
    docket.at("2026-04-02T09:00:00+08:00")
    weights = {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4}
    body = {"weights": weights, "partly": 0.5, "exclusions": ["duplicate"], "smallest_group": 10}
    entered(docket.people["admin"], "scoring", valid_from="2026-05-01", **body)
    answer = docket.people["inspector"].get("/v1/case-policies", params={"area": DISTRICT})
    assert answer.status_code == 200, answer.text
    lines = [(each["kind"], each["number"], each["state"], each["entered_by"]) for each in answer.json()["items"]]
    assert lines == [
        ("categories", 1, "in_force", "p-admin"),
        ("categories", 0, "over", None),
        ("scoring", 1, "planned", "p-admin"),
        ("scoring", 0, "in_force", None),
    ]
    assert answer.json()["items"][0]["changes"]["changed"] == ["0101"]
    assert answer.json()["items"][2]["scoring"] == body


def test_what_is_wrong_with_a_version_is_worded_in_both_languages_and_nothing_is_kept(docket: Docket) -> None:
    docket.at("2026-04-02T10:00:00+08:00")
    uneven = {"response": 0.3, "resolution": 0.3, "satisfaction": 0.3}
    body = {"area": DISTRICT, "weights": uneven, "partly": 0, "exclusions": [], "smallest_group": 10}
    admin = docket.people["admin"]
    answer = admin.post("/v1/case-policies/scoring", json={**body, "valid_from": "2026-06-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "weights_not_one")
    assert answer.json()["details"]["sum"] == "0.9"
    wrong = {"valid_from": "2026-04-02", "items": rows(docket, resolve="two days", units=["CIRCUS"])}
    answer = admin.post("/v1/case-policies/categories", json={"area": DISTRICT, **wrong})
    assert answer.status_code == 422
    told = {each["pointer"]: (each["code"], each["detail"], each["advice"]) for each in answer.json()["errors"]}
    assert {pointer: code for pointer, (code, _, _) in told.items()} == {
        "/valid_from": "policy_begins_too_early",
        "/items/0/resolve": "term_not_readable",
        "/items/0/units/0": "unknown_unit_type",
    }
    assert admin.get("/v1/case-policies", params={"area": DISTRICT, "kind": "categories"}).json()["items"][2:] == []
    answer = docket.people["dispatcher"].post("/v1/case-policies/scoring", json={**body, "valid_from": "2026-06-01"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_a_case_is_left_out_of_the_rates_by_two_of_the_office(docket: Docket) -> None:
    docket.at("2026-04-03T09:00:00+08:00")
    docket.report("resident")
    docket.act("dispatcher", "register", category="0303")
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    docket.act("worker", "accept")
    docket.act("worker", "start", contact="phone")
    docket.act("worker", "feedback", text="属铁路用地，已转告。", photos=[docket.photo("worker")])
    docket.act("second_worker", "inspect-pass")
    assert docket.refused("admin", "approve-exclusion") == "no_exclusion_waiting"
    docket.act("dispatcher", "propose-exclusion", reason_code="out_of_jurisdiction", text="属铁路部门管理。")
    assert docket.refused("dispatcher", "approve-exclusion") == "own_exclusion"
    assert docket.refused("admin", "propose-exclusion", reason_code="malicious", text="x") == "exclusion_waits"
    assert docket.refused("resident", "approve-exclusion") == "not_permitted"
    assert eventually(lambda: "p-admin" in docket.told("exclusion_proposed"))
    waiting = docket.people["admin"].get("/v1/cases", params={"exclusion": "proposed"}).json()["items"]
    assert [each["case_id"] for each in waiting] == [docket.case_id]
    assert docket.people["resident"].get("/v1/cases", params={"exclusion": "proposed"}).status_code == 422
    docket.act("admin", "approve-exclusion")
    shown = docket.case()["exclusion"]
    assert (shown["state"], shown["reason"]["code"], shown["text"]) == (
        "approved",
        "out_of_jurisdiction",
        "属铁路部门管理。",
    )
    assert (shown["proposed_by"], shown["decided_by"]) == ("p-dispatcher", "p-admin")
    assert docket.case("resident")["exclusion"] is None
    assert "approve_exclusion" not in [line["act"] for line in docket.case("resident")["timeline"]]
    assert eventually(lambda: docket.told("exclusion_approved") == ["p-worker"])
    assert docket.told("exclusion_approved").count("p-resident") == 0
