"""Somebody of the staff from the first sign-in to a lost phone, over HTTP, and what is kept and logged of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from pyotp import TOTP

from chassis.clock import SystemClock
from dev.client import Client
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

TOWN = "360704100"
FIRST_OWN, SECOND_OWN, THIRD_OWN = "晨光 first of their own", "晨光 second of their own", "晨光 third of their own"


class Desk:
    """Somebody at a desk, whose answers are held to the specification."""

    def __init__(self, suite: StagedSuite, admin: Client) -> None:
        self._suite, self._hooks = suite, list(admin.hooks["response"])
        self.client = self._with(None)

    def _with(self, token: str | None) -> Client:
        client = self._suite.client(token)
        client.hooks["response"] = list(self._hooks)
        return client

    def enter(self, **given: str) -> str:
        """Signs in: `in`, or the code of the refusal."""
        answer = self._with(None).post("/v1/sessions", json={"login": "chen.night", **given})
        if answer.ok:
            self.client = self._with(answer.json()["access_token"])
        return "in" if answer.ok else str(answer.json()["code"])


@pytest.fixture(scope="module")
def hired(people: dict[str, Client]) -> str:
    wire = {"name": "陈测801", "phone": "12000990801", "compound_id": "c-dongyuan"}
    made = people["admin"].post("/v1/people", json={**wire, "roles": [{"role": "dispatcher", "scope": TOWN}]})
    assert made.ok, made.text
    return str(made.json()["person_id"])


def given(admin: Client, person_id: str, path: str, key: str, **body: str) -> Any:
    answer = admin.post(f"/v1/people/{person_id}/{path}", json=body, headers={"Idempotency-Key": key})
    assert answer.ok, answer.text
    return answer.json()["password"]


def test_from_the_first_password_to_a_lost_phone(suite: StagedSuite, people: dict[str, Client], hired: str) -> None:
    admin, desk = people["admin"], Desk(suite, people["admin"])
    refused = people["party_office"].post(f"/v1/people/{hired}/login", json={"login": "chen.night"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_above_own")
    first = given(admin, hired, "login", "si-open", login="chen.night")
    assert given(admin, hired, "login", "si-open", login="chen.night") is None
    assert desk.enter(password=first) == "password_to_be_changed"
    assert desk.enter(password=first, new_password=FIRST_OWN) == "in"
    replaced = desk.client.put("/v1/me/password", json={"current_password": FIRST_OWN, "new_password": SECOND_OWN})
    assert replaced.status_code == 204
    assert desk.enter(password=FIRST_OWN) == "bad_credentials"
    factor = desk.client.post("/v1/me/second-factor", json={"password": SECOND_OWN}).json()
    code = TOTP(factor["secret"]).at(SystemClock().now())
    confirmed = desk.client.post("/v1/me/second-factor/confirm", json={"code": code})
    assert confirmed.json()["state"] == "active"
    assert desk.enter(password=SECOND_OWN) == "second_factor_needed"
    assert desk.enter(password=SECOND_OWN, otp=code) == "bad_second_factor"
    assert desk.enter(password=SECOND_OWN, otp=factor["recovery_codes"][0]) == "in"
    assert desk.client.get("/v1/me/second-factor").json()["recovery_left"] == 9
    again = given(admin, hired, "reset-login", "si-reset", reason="手机遗失，已当面核实")
    assert desk.enter(password=SECOND_OWN) == "bad_credentials"
    assert desk.enter(password=again, new_password=THIRD_OWN) == "in"
    assert desk.client.get("/v1/me/second-factor").json()["state"] == "none"
    changes = ("login was opened", "another password", "factor is in force", "login was reset")
    assert eventually(lambda: heard(desk.client, changes) == [1, 3, 1, 1])
    trail = people["auditor"].get("/v1/audit-trail", params={"service": "members", "what": hired}).json()["items"]
    assert [row["act"] for row in trail if row["act"].startswith("login.")] == ["login.reset", "login.opened"]
    secrets = [first, again, FIRST_OWN, SECOND_OWN, THIRD_OWN, factor["secret"], *factor["recovery_codes"]]
    told = suite.logs() + "".join(kept(suite, service) for service in ("members", "cases", "notify"))
    assert [each for each in secrets if each in told] == []


def heard(client: Client, changes: Sequence[str]) -> list[int]:
    """How often the inbox says of each change that it was made."""
    items = client.get("/v1/inbox").json()["items"]
    titles = [row["texts"]["en"]["title"] for row in items if row["template"] == "sign_in_changed"]
    return [sum(each in title for title in titles) for each in changes]


def kept(suite: StagedSuite, service: str) -> str:
    """Everything that a service keeps, as text."""
    database = suite.database(service)
    return str([list(database[name].find()) for name in database.list_collection_names()])
