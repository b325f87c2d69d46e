"""A program that works for its unit exchanges its key for a token, as RFC 6749 lays down."""

import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded
from gateway.tokens import Tokens
from tests.unit.gateway.fakes import FakeServices, said

GRANTS = [{"role": "unit_contact", "scope": "360704100"}]
SPEAKER = {"id": "k-1", "grants": GRANTS, "unit": "u-1", "program": True}
KEY = {"client_id": "k-1", "client_secret": "secret"}
ASKED = {"grant_type": "client_credentials", **KEY}


def test_a_key_is_exchanged_for_a_token_that_works(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.program_session"] = {"session_id": "k-1", "caller": SPEAKER}
    given = anyone.post("/v1/tokens", data=ASKED)
    assert services.last == KEY
    told = said(given)
    assert (given.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 900)
    assert given.headers["Cache-Control"] == "no-store"
    assert set(told) == {"access_token", "token_type", "expires_in"}
    services.outcomes["cases.cases"] = {"items": [], "next": None}
    anyone.get("/v1/cases", headers={"Authorization": f"Bearer {told['access_token']}"})
    assert services.last["caller"] == SPEAKER


def test_a_client_may_show_itself_by_http_basic(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.program_session"] = {"session_id": "k-1", "caller": SPEAKER}
    given = anyone.post("/v1/tokens", data={"grant_type": "client_credentials", "scope": "x"}, auth=("k-1", "secret"))
    assert given.status_code == 200
    assert services.last == KEY


@pytest.mark.parametrize(
    ("language", "over", "ended"),
    [
        (
            "en",
            "Ask for a new one at POST /v1/tokens with the key.",
            "Ask an administrator of the district for another",
        ),
        ("zh-CN", "请用密钥在 POST /v1/tokens 换取新的凭证。", "请向区管理员申请新的密钥"),
    ],
)
def test_a_program_is_told_of_its_key_and_not_to_sign_in(
    anyone: FlaskClient, services: FakeServices, tokens: Tokens, language: str, over: str, ended: str
) -> None:
    def shown(token: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        return anyone.get("/v1/cases", headers=headers)

    now = time.time()
    old = shown(tokens.issue("k-1", SPEAKER, now - 1000))
    assert (old.status_code, said(old)["code"], said(old)["detail"]) == (401, "token_expired", over)
    assert "details" not in said(old)
    services.endings.end_session("k-1")
    revoked = shown(tokens.issue("k-1", SPEAKER, now))
    assert (revoked.status_code, said(revoked)["code"]) == (401, "token_revoked")
    assert said(revoked)["detail"].startswith(ended)
    assert 'error="invalid_token"' in revoked.headers["WWW-Authenticate"]
    person = {name: value for name, value in SPEAKER.items() if name != "program"}
    for seconds in (0, 1000):
        assert "/v1/tokens" not in shown(tokens.issue("k-1", person, now - seconds)).text


def test_a_wrong_key_is_refused_and_one_that_is_missing_is_not_even_asked_for(
    anyone: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["members.program_session"] = Refusal("client_refused")
    wrong = anyone.post("/v1/tokens", data=ASKED)
    assert (wrong.status_code, said(wrong)["code"]) == (401, "client_refused")
    asked = len(services.calls)
    for without in ("client_id", "client_secret"):
        missing = anyone.post("/v1/tokens", data={name: value for name, value in ASKED.items() if name != without})
        assert (missing.status_code, said(missing)["code"]) == (401, "client_refused")
    assert len(services.calls) == asked


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {**ASKED, "grant_type": "password"}}, 400),
        ({"data": KEY}, 400),
        ({"data": "grant_type=client_credentials&client_id=a&client_id=b&client_secret=c"}, 400),
        ({"json": ASKED}, 415),
        ({"data": {**ASKED, "client_secret": "x" * 201}}, 400),
    ],
    ids=["another grant", "no grant", "twice", "json", "too long"],
)
def test_what_is_no_such_form_is_refused(
    anyone: FlaskClient, services: FakeServices, sent: dict[str, object], status: int
) -> None:
    kind = {"content_type": "application/x-www-form-urlencoded"} if isinstance(sent.get("data"), str) else {}
    refused = anyone.post("/v1/tokens", **sent, **kind)
    assert refused.status_code == status
    assert ("application/x-www-form-urlencoded" in said(refused)["detail"]) == (status == 415)
    assert services.calls == []


def test_libraries_for_oauth_read_what_is_wrong(anyone: FlaskClient, services: FakeServices) -> None:
    """RFC 6749 §5.2: `error`, and a challenge of the scheme by which the client showed itself."""
    services.outcomes["members.program_session"] = Refusal("client_refused")
    wrong = anyone.post("/v1/tokens", data=ASKED)
    assert (said(wrong)["error"], wrong.headers["WWW-Authenticate"]) == ("invalid_client", 'Bearer realm="sandan"')
    basic = anyone.post("/v1/tokens", data={"grant_type": "client_credentials"}, auth=("k-1", "wrong"))
    assert (said(basic)["error"], basic.headers["WWW-Authenticate"]) == ("invalid_client", 'Basic realm="sandan"')
    for sent, error in (({**ASKED, "grant_type": "password"}, "unsupported_grant_type"), (KEY, "invalid_request")):
        told = said(anyone.post("/v1/tokens", data=sent))
        assert (told["code"], told["error"]) == ("token_request_unfit", error)
    services.outcomes["members.program_session"] = DeadlineExceeded("members")
    assert "error" not in said(anyone.post("/v1/tokens", data=ASKED))
