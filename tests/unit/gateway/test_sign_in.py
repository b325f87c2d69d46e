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
