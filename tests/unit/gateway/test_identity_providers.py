"""The routes of signing in with identity providers: what goes along, what is answered, and what is kept by nobody."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from tests.unit.gateway.fakes import FakeServices, said

BEGUN = {"url": "https://id.example.cn/authorize?x", "state": "st", "secret": "se", "expires_in": 600}
BACK = {"provider": "district", "code": "c" * 2_048, "state": "st", "secret": "se"}
LINKED = {
    "identity_id": "i-1",
    "issuer": "https://id.example.cn",
    "provider": "district",
    "names": {"zh-CN": "区", "en": "District"},
    "linked_at": "2026-03-12T11:40:00Z",
}


def test_everybody_is_told_the_providers(anyone: FlaskClient, services: FakeServices) -> None:
    listed = {"items": [{"provider": "district", "names": {"zh-CN": "区", "en": "District"}}]}
    services.outcomes["members.identity_providers"] = listed
    answered = anyone.get("/v1/identity-providers")
    assert (answered.status_code, said(answered)) == (200, listed)
    assert anyone.get("/v1/identity-providers", headers={"If-None-Match": answered.headers["ETag"]}).status_code == 304


def test_a_sign_in_is_begun_by_anybody_and_kept_by_no_cache(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.begin_provider_sign_in"] = BEGUN
    asked = {"provider": "district", "redirect_uri": "https://sandan.example.cn/in"}
    answered = anyone.post("/v1/sign-in/provider", json=asked)
    assert (answered.status_code, said(answered), answered.headers["Cache-Control"]) == (200, BEGUN, "no-store")
    assert services.last == asked


@pytest.mark.parametrize("more", [{}, {"iss": "https://id.example.cn"}, {"otp": "123456"}], ids=["", "iss", "otp"])
def test_what_comes_back_opens_a_session_like_any_other(
    anyone: FlaskClient, services: FakeServices, caller: dict[str, Any], more: dict[str, str]
) -> None:
    opened = {"session_id": "s-9", "caller": caller, "refresh_token": "r", "person_id": "p-1"}
    services.outcomes["members.sign_in_with_provider"] = opened
    answered = anyone.post("/v1/sessions", json=BACK | more, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert (answered.status_code, said(answered)["refresh_token"]) == (201, "r")
    assert answered.headers["Cache-Control"] == "no-store"
    assert services.last == {**BACK, **more, "client": "192.0.2.7", "agent": services.last["agent"]}


@pytest.mark.parametrize(
    "body",
    [
        {**BACK, "sign_in_id": "x"},
        {**BACK, "login": "x"},
        {**BACK, "new_password": "x"},
        {**BACK, "code": "c" * 2_049},
        {**BACK, "email": "x@example.cn"},
        *({name: each for name, each in BACK.items() if name != gone} for gone in BACK),
    ],
    ids=range(9),
)
def test_what_is_no_such_sign_in_reaches_nobody(
    anyone: FlaskClient, services: FakeServices, body: dict[str, str]
) -> None:
    assert anyone.post("/v1/sessions", json=body).status_code == 422
    assert services.calls == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("identity_not_linked", 401),
        ("provider_sign_in_used", 401),
        ("id_token_signature", 401),
        ("identity_provider_unfit", 502),
        ("unknown_identity_provider", 422),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_why_nobody_is_let_in_is_told_in_both_languages(
    anyone: FlaskClient, services: FakeServices, code: str, status: int, language: str
) -> None:
    services.outcomes["members.sign_in_with_provider"] = Refusal(code)
    answered = anyone.post("/v1/sessions", json=BACK, headers={"Accept-Language": language})
    assert (answered.status_code, said(answered)["code"]) == (status, code)
    assert said(answered)["title"].isascii() is (language == "en")
    assert BACK["code"] not in answered.text


def test_a_provider_that_is_away_says_when_to_come_again(anyone: FlaskClient, services: FakeServices) -> None:
    away = Refusal("identity_provider_away", provider="district", retry_after=5)
    services.outcomes["members.begin_provider_sign_in"] = away
    answered = anyone.post("/v1/sign-in/provider", json={"provider": "district"})
    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "5")


def test_an_identity_is_linked_looked_at_and_unlinked(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    services.outcomes |= {
        "members.begin_linking": BEGUN,
        "members.link_identity": LINKED,
        "members.linked_identities": {"items": [LINKED]},
        "members.unlink_identity": {"identity_id": "i-1"},
    }
    begun = client.post("/v1/me/linked-identities/begin", json={"provider": "district"})
    assert (begun.status_code, begun.headers["Cache-Control"]) == (200, "no-store")
    assert services.last == {"caller": caller, "provider": "district"}
    linked = client.post("/v1/me/linked-identities", json=BACK)
    assert (linked.status_code, said(linked)["linked_at"]) == (201, "2026-03-12T19:40:00+08:00")
    assert services.last == {"caller": caller, **BACK}
    assert said(client.get("/v1/me/linked-identities"))["items"] == [said(linked)]
    assert client.delete("/v1/me/linked-identities/i-1").status_code == 204
    assert services.last == {"caller": caller, "identity_id": "i-1", "session_id": "s-1"}


def test_only_who_is_signed_in_links_and_unlinks(anyone: FlaskClient, services: FakeServices) -> None:
    for answered in (
        anyone.get("/v1/me/linked-identities"),
        anyone.post("/v1/me/linked-identities", json=BACK),
        anyone.post("/v1/me/linked-identities/begin", json={"provider": "district"}),
        anyone.delete("/v1/me/linked-identities/i-1"),
    ):
        assert (answered.status_code, said(answered)["code"]) == (401, "token_missing")
    assert services.calls == []
