"""Dual registration and its evaluation over HTTP: a bureau and one of its members, who live through F15 and F16."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from dev.client import Client, sign_in_with_code, sign_in_with_password
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GAOXIN, GUANGCHANG = "360704100002", "360704100007"
BUREAU, HOME, PHONE = "u-housing-bureau", "c-007001-1", "12009000001"
MINE = {"community": GUANGCHANG, "period": "2025", "metric": "points"}


def posted(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body) if body else client.post(path)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


def refused(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert not answer.ok
    problem: dict[str, Any] = answer.json()
    return problem


def by_password(suite: StagedSuite, people: dict[str, Client], login: str) -> Client:
    client = suite.client(sign_in_with_password(suite.client(), login, suite.secrets["DEMO_PASSWORD"]))
    client.hooks["response"] = list(people["dispatcher"].hooks["response"])
    return client


@pytest.fixture(scope="module")
def contact(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """The contact of 区住建局."""
    return by_password(suite, people, f"contact-{BUREAU[2:]}")


@pytest.fixture(scope="module")
def committee(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """A community worker of 广场社区."""
    return by_password(suite, people, "worker-009")


@pytest.fixture(scope="module")
def member(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """A member of the bureau, who lives in 广场社区 and has just been entered."""
    suite.clock.set("2025-10-09T09:00:00+08:00")
    entered = people["party_office"].post(
        "/v1/people",
        json={
            "name": "谢测901",
            "phone": PHONE,
            "compound_id": HOME,
            "unit_id": BUREAU,
            "roles": [{"role": "in_service_member", "scope": "360704"}],
        },
    )
    assert entered.ok, entered.text
    client = suite.client(sign_in_with_code(suite.client(), suite.console_file, PHONE))
    client.hooks["response"] = list(people["dispatcher"].hooks["response"])
    return client


def heard(client: Client) -> set[str]:
    return {item["template"] for item in client.get("/v1/inbox", params={"limit": 100}).json()["items"]}


def test_dual_registration(
    suite: StagedSuite, people: dict[str, Client], contact: Client, committee: Client, member: Client
) -> None:
    """F15: 区住建局 with 高新社区, its member with 广场社区: the slip has a number, the unit its rate."""
    suite.clock.set("2025-10-09T09:30:00+08:00")
    unit = posted(contact, "/v1/registrations/units", unit_id=BUREAU, community=GAOXIN, resources=["会议室"])
    assert refused(committee, f"/v1/registrations/{unit['registration_id']}/accept")["code"] == "not_permitted"
    slip = posted(people["worker"], f"/v1/registrations/{unit['registration_id']}/accept")["slip"]
    assert slip.startswith(f"BD-{GAOXIN}-2025-")
    wrong = refused(
        member, "/v1/registrations/members", community="360704100099", unit_id="u-x", signed_on="2025-12-31"
    )
    assert {(each["pointer"], each["code"]) for each in wrong["errors"]} >= {
        ("/community", "unknown_community"),
        ("/unit_id", "unknown_unit"),
        ("/signed_on", "date_in_the_future"),
    }
    mine = posted(member, "/v1/registrations/members", posts=["safety"])
    assert mine["community"] == GUANGCHANG
    accepted = posted(committee, f"/v1/registrations/{mine['registration_id']}/accept")
    assert accepted["slip"].startswith(f"BD-{GUANGCHANG}-2025-")
    posted(contact, f"/v1/registrations/{mine['registration_id']}/return-slip")

    seen = contact.get(f"/v1/units/{BUREAU}/registration-rate").json()
    assert (seen["community"], seen["slip"]) == (GAOXIN, slip)
    assert (seen["members"], seen["registered"], seen["registration_rate"]) == (1, 1, 100.0)
    listed = contact.get("/v1/registrations", params={"unit_id": BUREAU}).json()["items"]
    assert [(each["kind"], each["person_name"]) for each in listed] == [("member", "谢**"), ("unit", None)]
    assert member.get("/v1/me").json()["registered_with"] == GUANGCHANG
    file = contact.get(f"/v1/units/{BUREAU}/registrations/export")
    rows = list(openpyxl.load_workbook(BytesIO(file.content)).worksheets[1].values)
    assert rows[1][0] in {accepted["slip"], slip}
    assert eventually(lambda: "registration_accepted" in heard(member))
    assert eventually(lambda: "registration_slip" in heard(contact))


def test_annual_evaluation(
    suite: StagedSuite, people: dict[str, Client], contact: Client, committee: Client, member: Client
) -> None:
    """F16: 12 points a year, 11 on Dec 31: "not eligible for excellent", shown to the member first, 5 wd to object."""
    person_id = member.get("/v1/me").json()["person_id"]
    suite.clock.set("2025-12-31T17:00:00+08:00")
    points = {"person_id": person_id, "on": "2025-12-31", "kind": "governance", "points": 11}
    posted(committee, "/v1/service-points", **points)
    assert refused(member, "/v1/service-points", **points)["code"] == "not_permitted"
    suite.clock.set("2026-01-05T10:00:00+08:00")
    posted(committee, "/v1/evaluations", **MINE)
    assert member.get("/v1/evaluations").json()["items"] == []
    while posted(committee, "/v1/evaluations/show", **MINE)["drafted"]:
        pass
    [mine] = member.get("/v1/evaluations").json()["items"]
    assert (mine["reached"], mine["minimum"], mine["met"]) == (11, 12, False)
    assert mine["effect"]["en"] == "not eligible for excellent"
    assert mine["object_until"] == "2026-01-12T18:00:00+08:00"
    assert eventually(lambda: "evaluation_shown" in heard(member))
    path = f"/v1/evaluations/{mine['evaluation_id']}"
    assert contact.get(path).status_code == 404
    assert contact.get("/v1/evaluations", params={"unit_id": BUREAU}).json()["items"] == []

    posted(member, f"{path}/object", text="12 月 20 日的义务巡逻没有记入。")
    decided = {"upheld": False, "reason": "当日没有记录。"}
    assert refused(committee, f"{path}/decide", **decided)["code"] == "not_permitted"
    posted(people["party_office"], f"{path}/decide", **decided)
    [result] = contact.get("/v1/evaluations", params={"unit_id": BUREAU}).json()["items"]
    assert (result["met"], result["effect"]["code"]) == (False, "not_eligible_for_excellent")
    assert not {"reached", "minimum"} & set(result)
    assert eventually(lambda: "evaluation_results" in heard(contact))
