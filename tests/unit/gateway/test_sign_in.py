"""The routes by which people look after what they sign in with: what goes along, and what is answered."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from tests.unit.gateway.fakes import FakeServices, said

PASSWORDS = {"current_password": "the one of now", "new_password": "the one to come"}


def test_a_password_is_replaced_from_the_session_that_asks(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    services.outcomes["members.change_password"] = {"account_id": "a-1"}
    answered = client.put("/v1/me/password", json=PASSWORDS, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert (answered.status_code, answered.data) == (204, b"")
    assert services.calls == [
        ("members.change_password", {"caller": caller, "session_id": "s-1", "client": "192.0.2.7", **PASSWORDS})
    ]


@pytest.mark.parametrize(
    "body", [{}, {"new_password": "x"}, {**PASSWORDS, "login": "x"}, {**PASSWORDS, "new_password": ""}]
)
def test_what_is_no_change_of_a_password_reaches_nobody(
    client: FlaskClient, services: FakeServices, body: dict[str, str]
) -> None:
    assert client.put("/v1/me/password", json=body).status_code == 422
    assert services.calls == []


@pytest.mark.parametrize(("code", "status"), [("password_wrong", 403), ("password_unfit", 422), ("no_password", 409)])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_why_a_password_stays_is_told_in_both_languages_and_without_it(
    client: FlaskClient, services: FakeServices, code: str, status: int, language: str
) -> None:
    services.outcomes["members.change_password"] = Refusal(code, why=["too_short"])
    answered = client.put("/v1/me/password", json=PASSWORDS, headers={"Accept-Language": language})
    assert (answered.status_code, said(answered)["code"]) == (status, code)
    assert said(answered)["title"].isascii() is (language == "en")
    assert "the one" not in answered.text


def test_a_first_password_is_replaced_in_the_same_breath(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.sign_in_with_password"] = Refusal("password_to_be_changed")
    given = {"login": "zhou.c", "password": "the first one"}
    answered = anyone.post("/v1/sessions", json=given)
    assert (answered.status_code, said(answered)["code"]) == (401, "password_to_be_changed")
    anyone.post("/v1/sessions", json={**given, "new_password": "the one to come"})
    assert services.last["new_password"] == "the one to come"


def test_a_code_comes_without_a_new_password(anyone: FlaskClient, services: FakeServices) -> None:
    body = {"sign_in_id": "begun", "code": "123456", "new_password": "the one to come"}
    assert anyone.post("/v1/sessions", json=body).status_code == 422
    assert services.calls == []


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [("login", "open_login", {"login": "zhou.c"}), ("reset-login", "reset_login", {"reason": "忘记密码"})],
    ids=["login", "reset"],
)
@pytest.mark.parametrize("password", ["7kqm-x3vd-a9tn-hz4c", None], ids=["first", "again"])
def test_an_office_is_given_a_first_password_that_nothing_on_the_way_keeps(
    client: FlaskClient,
    services: FakeServices,
    caller: dict[str, Any],
    path: str,
    method: str,
    body: dict[str, str],
    password: str | None,
) -> None:
    given = {"person_id": "p-2", "login": "zhou.c", "password": password, "version": 1, "at": "2026-03-12T11:40:00Z"}
    services.outcomes[f"members.{method}"] = given
    answered = client.post(f"/v1/people/p-2/{path}", json=body, headers={"Idempotency-Key": "k"})
    assert (answered.status_code, answered.headers["Cache-Control"]) == (200, "no-store")
    assert said(answered) == {**given, "at": "2026-03-12T19:40:00+08:00"}
    assert {name: services.last[name] for name in ("caller", "person_id", *body)} == {
        "caller": caller,
        "person_id": "p-2",
        **body,
    }


@pytest.mark.parametrize("login", ["", "ab", "Zhou", "1zhou", "a" * 41])
def test_what_is_no_login_reaches_nobody(client: FlaskClient, services: FakeServices, login: str) -> None:
    assert client.post("/v1/people/p-2/login", json={"login": login}).status_code == 422
    assert services.calls == []


@pytest.mark.parametrize(
    "way", [{"login": "x", "password": "y"}, {"sign_in_id": "begun", "code": "123456"}], ids=["password", "code"]
)
def test_a_second_factor_is_asked_for_and_comes_along_either_way(
    anyone: FlaskClient, services: FakeServices, way: dict[str, str]
) -> None:
    for method in ("sign_in_with_password", "sign_in_with_code"):
        services.outcomes[f"members.{method}"] = Refusal("second_factor_needed")
    answered = anyone.post("/v1/sessions", json=way)
    assert (answered.status_code, said(answered)["code"]) == (401, "second_factor_needed")
    anyone.post("/v1/sessions", json={**way, "otp": "654321"})
    assert services.last["otp"] == "654321"


def test_a_second_factor_is_begun_with_the_password_and_shown_once(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    given = {"secret": "ABC", "uri": "otpauth://totp/x", "recovery_codes": ["7kqm-x3vd-a9tn"]}
    services.outcomes["members.begin_second_factor"] = given
    answered = client.post("/v1/me/second-factor", json={"password": "y"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert (answered.status_code, said(answered), answered.headers["Cache-Control"]) == (200, given, "no-store")
    assert services.last == {"caller": caller, "session_id": "s-1", "client": "192.0.2.7", "password": "y"}


def test_a_second_factor_is_confirmed_looked_at_and_ended(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    active = {"state": "active", "since": "2026-03-12T11:40:00Z", "recovery_left": 10}
    none = {"state": "none", "since": None, "recovery_left": 0}
    services.outcomes |= {
        "members.confirm_second_factor": active,
        "members.second_factor": active,
        "members.end_second_factor": none,
    }
    confirmed = client.post("/v1/me/second-factor/confirm", json={"code": "123456"})
    assert (confirmed.status_code, services.last) == (200, {"caller": caller, "session_id": "s-1", "code": "123456"})
    assert said(client.get("/v1/me/second-factor")) == said(confirmed)
    assert said(confirmed)["since"] == "2026-03-12T19:40:00+08:00"
    assert said(client.post("/v1/me/second-factor/end", json={"password": "y", "code": "123456"})) == none
    assert (services.last["session_id"], services.last["code"]) == ("s-1", "123456")


@pytest.mark.parametrize("path", ["", "/confirm", "/end"])
def test_what_lacks_password_or_code_reaches_nobody(client: FlaskClient, services: FakeServices, path: str) -> None:
    assert client.post(f"/v1/me/second-factor{path}", json={}).status_code == 422
    assert services.calls == []
