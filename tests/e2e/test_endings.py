"""Whoever may no longer is out within a moment, whatever an access token still says, and so are pages that are open."""

from urllib.parse import urlsplit

import pytest

from dev.client import Client, sign_in_with_code
from tests.component.gateway.crowd import Reader, begun, listen
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

LAMP = {"text": "路灯不亮", "location": {"lon": 115.0221, "lat": 25.8531}}


class Newcomer:
    """Somebody who was entered for this test and has signed in by phone."""

    def __init__(self, suite: StagedSuite, admin: Client, phone: str, roles: list[dict[str, str]]) -> None:
        suite.clock.set("2026-04-20T09:00:00+08:00")
        body = {"name": "谢测901", "phone": phone, "compound_id": "c-dongyuan", "roles": roles}
        self.id = ok(admin.post("/v1/people", json=body), 201)["person_id"]
        self.suite, self.admin = suite, admin
        self.token = sign_in_with_code(suite.client(), suite.console_file, phone)
        self.client = suite.client(self.token)

    def said(self) -> str:
        """How a report is taken: `ok`, or the code of the refusal."""
        answer = self.client.post("/v1/cases", json=LAMP)
        return "ok" if answer.ok else str(answer.json()["code"])

    def page(self) -> Reader:
        """An open page that listens to the inbox."""
        reader = Reader(urlsplit(self.suite.url).port or 80, "/v1/streams/inbox", self.token)
        assert begun([reader])
        return reader


def ended(reader: Reader) -> str | None:
    listen([reader], lambda: reader.line is None)
    return reader.end


def test_who_is_deleted_reports_nothing_any_more_and_hears_nothing(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    one = Newcomer(suite, people["admin"], "12000990901", [])
    page = one.page()
    assert one.said() == "ok"
    ok(people["admin"].post(f"/v1/people/{one.id}/deletion"))
    assert eventually(lambda: one.said() == "token_revoked")
    assert ended(page) == "session_ended"


def test_who_loses_a_role_is_told_to_refresh(suite: StagedSuite, people: dict[str, Client]) -> None:
    role = {"role": "volunteer", "scope": "360704100"}
    one = Newcomer(suite, people["admin"], "12000990902", [role])
    page = one.page()
    ok(people["admin"].post(f"/v1/people/{one.id}/roles/revoke", json=role))
    assert eventually(lambda: one.said() == "token_outdated")
    assert ended(page) == "token_ended"


def test_whoever_ends_a_session_ends_its_token_and_no_other(suite: StagedSuite, people: dict[str, Client]) -> None:
    one = Newcomer(suite, people["admin"], "12000990903", [])
    assert one.client.delete("/v1/sessions").status_code == 204
    assert one.said() == "ok"  # it was the only one, and the one that asked
    [mine] = ok(one.client.get("/v1/sessions"))["items"]
    assert one.client.delete(f"/v1/sessions/{mine['session_id']}").status_code == 204
    assert eventually(lambda: one.said() == "token_revoked")


@pytest.mark.parametrize("closes", [False, True], ids=["its key ends", "its unit closes"])
def test_a_program_whose_key_is_ended_is_out(suite: StagedSuite, people: dict[str, Client], closes: bool) -> None:
    unit = {"name": "测试抢修队", "unit_type": "REPORTING_UNIT", "grid_codes": ["360704100002001"]}
    unit_id = ok(people["admin"].post("/v1/units", json=unit), 201)["unit_id"]
    body = {"district": "360704", "name": "抢修队系统", "unit_id": unit_id, "area": "360704"}
    key = ok(people["admin"].post("/v1/api-keys", json=body), 201)
    form = {"grant_type": "client_credentials"}
    token = ok(suite.client().post("/v1/tokens", data=form, auth=(key["api_key_id"], key["secret"])))["access_token"]
    program = suite.client(token)
    assert program.get("/v1/cases", params={"assignee": "me"}).ok
    ended = f"/v1/units/{unit_id}/close" if closes else f"/v1/api-keys/{key['api_key_id']}/end"
    ok(people["admin"].post(ended, json={} if closes else None))
    refused = eventually(
        lambda: (got := program.get("/v1/cases", params={"assignee": "me"})).status_code == 401 and got
    )
    assert refused.json()["code"] == "token_revoked"
