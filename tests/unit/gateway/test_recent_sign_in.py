"""What changes or ends that by which people sign in is done soon after they did; a token alone is not enough."""

import time

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.tokens import RECENT_SECONDS, Tokens
from tests.unit.gateway.fakes import FakeServices

NOW = 1_780_000_000.5
GUARDED = [
    ("POST", "/v1/me/phone/code", {"phone": "12000000001"}),
    ("POST", "/v1/me/linked-identities/begin", {"provider": "district"}),
    ("DELETE", "/v1/me/linked-identities/i-1", None),
    ("POST", "/v1/me/deletion", None),
    ("PATCH", "/v1/me", {"addresses": {"email": "xie@example.org"}}),
]


@pytest.mark.parametrize("signed_in_at", [int(NOW), int(NOW) - RECENT_SECONDS + 1])
def test_a_sign_in_is_recent_for_a_quarter_of_an_hour(
    tokens: Tokens, caller: dict[str, object], signed_in_at: int
) -> None:
    tokens.verify(tokens.issue("s-1", caller, NOW, signed_in_at=signed_in_at), NOW).check_recent(NOW)


@pytest.mark.parametrize("signed_in_at", [int(NOW) - RECENT_SECONDS, 0])
def test_after_that_or_of_a_program_it_is_not(tokens: Tokens, caller: dict[str, object], signed_in_at: int) -> None:
    who = tokens.verify(tokens.issue("s-1", caller, NOW, signed_in_at=signed_in_at), NOW)
    with pytest.raises(Refusal) as refused:
        who.check_recent(NOW)
    assert (refused.value.code, refused.value.details) == ("sign_in_not_recent", {"minutes": 15})


@pytest.mark.parametrize(("method", "path", "body"), GUARDED, ids=[each[1] for each in GUARDED])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whoever_has_signed_in_long_ago_signs_in_anew_first(
    client: FlaskClient,
    tokens: Tokens,
    services: FakeServices,
    caller: dict[str, object],
    method: str,
    path: str,
    body: dict[str, str] | None,
    language: str,
) -> None:
    now = time.time()
    old = tokens.issue("s-1", caller, now, signed_in_at=int(now) - RECENT_SECONDS - 1)
    headers = {"Authorization": f"Bearer {old}", "Accept-Language": language}
    refused = client.open(path, method=method, json=body, headers=headers)
    said = refused.get_json(force=True)
    assert (refused.status_code, said["code"], "15" in said["detail"]) == (403, "sign_in_not_recent", True)
    assert services.calls == []


def test_a_profile_without_new_addresses_is_changed_however_long_ago_somebody_has_signed_in(
    client: FlaskClient, tokens: Tokens, services: FakeServices, caller: dict[str, object]
) -> None:
    services.outcomes["members.change_profile"] = {"person_id": "p-1", "version": 2}
    headers = {"Authorization": f"Bearer {tokens.issue('s-1', caller, time.time())}"}
    changes: list[dict[str, object]] = [{"language": "en"}, {"addresses": {}}]
    for body in changes:
        assert client.patch("/v1/me", json=body, headers=headers).status_code == 200


def test_a_program_is_told_that_people_do_it_themselves(
    client: FlaskClient, tokens: Tokens, caller: dict[str, object]
) -> None:
    token = tokens.issue("k-1", {**caller, "program": True}, time.time())
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    said = client.post("/v1/me/deletion", headers=headers).get_json(force=True)
    assert (said["code"], said["title"]) == ("sign_in_not_recent", "A key does not do this")
    assert "sign in anew" not in said["detail"]


def test_a_session_that_is_renewed_is_as_old_as_its_sign_in(
    anyone: FlaskClient, tokens: Tokens, services: FakeServices, caller: dict[str, object]
) -> None:
    services.outcomes["members.refresh"] = {
        "caller": caller,
        "session_id": "s-1",
        "refresh_token": "s-1.1.x",
        "person_id": "p-1",
        "signed_in_at": 1_700_000_000,
    }
    renewed = anyone.post("/v1/sessions/refresh", json={"refresh_token": "s-1.0.x"}).get_json()
    assert tokens.verify(renewed["access_token"], time.time()).signed_in_at == 1_700_000_000
