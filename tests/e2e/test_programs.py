"""A unit's own program works on its cases with a key of the district: it fetches, accepts and gives feedback."""

from typing import Any

import pytest

from dev.client import Client
from dev.lamp import picture
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite

OFFICE = "u-lighting-office"
LAMP = {"text": "路灯不亮", "location": {"lon": 115.0221, "lat": 25.8531}}


def opened(admin: Client, **fields: Any) -> dict[str, Any]:
    body = {"district": "360704", "name": "路灯所工单系统", "unit_id": OFFICE, "area": "360704", **fields}
    return ok(admin.post("/v1/api-keys", json=body), 201)


def signed_in(suite: StagedSuite, key: dict[str, Any]) -> Client:
    form = {"grant_type": "client_credentials"}
    given = ok(suite.client().post("/v1/tokens", data=form, auth=(key["api_key_id"], key["secret"])))
    assert (given["token_type"], "refresh_token" in given) == ("Bearer", False)
    return Client(suite.url, given["access_token"])


@pytest.fixture
def dispatched(suite: StagedSuite, people: dict[str, Client]) -> str:
    """A lamp that the lighting office is to mend."""
    suite.clock.set("2026-03-16T09:00:00+08:00")
    case_id: str = ok(people["resident"].post("/v1/cases", json=LAMP), 201)["case_id"]
    ok(people["dispatcher"].post(f"/v1/cases/{case_id}/register", json={"category": "0101"}))
    ok(people["dispatcher"].post(f"/v1/cases/{case_id}/dispatch", json={"assignees": [OFFICE]}))
    return case_id


def test_a_unit_s_program_mends_a_lamp(suite: StagedSuite, people: dict[str, Client], dispatched: str) -> None:
    program = signed_in(suite, opened(people["admin"]))
    mine = ok(program.get("/v1/cases", params={"assignee": "me", "status": "DISPATCHED"}))["items"]
    assert dispatched in {each["case_id"] for each in mine}
    path = f"/v1/cases/{dispatched}"
    assert ok(program.get(path))["sight"] == "full"
    lit = ok(program.post("/v1/photos", data=picture(lit=True), headers={"Content-Type": "image/jpeg"}), 201)[
        "photo_id"
    ]
    for act, body in (("accept", {}), ("arrive", {}), ("feedback", {"text": "已更换灯泡", "photos": [lit]})):
        assert ok(program.post(f"{path}/{act}", json=body))["act"] == act
    assert ok(people["dispatcher"].get(path))["status"] == "RESOLVED"


def test_it_gives_back_what_is_not_its_own_to_mend(
    suite: StagedSuite, people: dict[str, Client], dispatched: str
) -> None:
    program = signed_in(suite, opened(people["admin"]))
    said = {"reason_code": "not_responsible", "text": "属物业管理"}
    assert ok(program.post(f"/v1/cases/{dispatched}/return", json=said))["act"] == "return"


def test_it_may_subscribe_and_loses_it_with_its_key(suite: StagedSuite, people: dict[str, Client]) -> None:
    key = opened(people["admin"])
    program = signed_in(suite, key)
    made = ok(program.post("/v1/subscriptions", json={"way": "feed", "types": ["case.*"]}), 201)
    ok(people["admin"].post(f"/v1/api-keys/{key['api_key_id']}/end"))
    again = suite.client().post(
        "/v1/tokens",
        data={
            "grant_type": "client_credentials",
            "client_id": key["api_key_id"],
            "client_secret": key["secret"],
        },
    )
    assert (again.status_code, again.json()["code"]) == (401, "client_refused")
    late = program.post("/v1/subscriptions", json={"way": "feed", "types": ["case.*"]})
    # The gateway may have heard already that the key has ended.
    assert (late.status_code, late.json()["code"]) in {(403, "not_permitted"), (401, "token_revoked")}
    assert ok(people["admin"].get(f"/v1/subscriptions/{made['subscription_id']}"))["unit_id"] == OFFICE


def test_it_sees_and_does_nothing_that_is_not_its_unit_s(suite: StagedSuite, people: dict[str, Client]) -> None:
    suite.clock.set("2026-03-16T09:00:00+08:00")
    program = signed_in(suite, opened(people["admin"]))
    other = ok(people["resident"].post("/v1/cases", json=LAMP), 201)["case_id"]
    assert program.get(f"/v1/cases/{other}").status_code in {403, 404}
    assert program.post(f"/v1/cases/{other}/accept", json={}).status_code in {403, 404}
    for path in ("/v1/api-keys", "/v1/workers", "/v1/message-templates"):
        assert program.get(path).status_code in {403, 404, 422}
    assert program.get("/v1/me").status_code == 404


def test_a_key_that_only_files_signs_no_program_in(suite: StagedSuite, people: dict[str, Client]) -> None:
    key = opened(people["admin"], unit_id=None, area=None)
    refused = suite.client().post(
        "/v1/tokens", data={"grant_type": "client_credentials"}, auth=(key["api_key_id"], key["secret"])
    )
    assert (refused.status_code, refused.json()["code"]) == (401, "client_refused")
