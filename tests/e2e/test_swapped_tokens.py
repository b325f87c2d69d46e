"""Every word that opens something in this house, tried at another door; and a token of another district."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from dev.client import Client
from dev.lamp import COMPOUND
from gateway.tokens import Tokens
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite

NOW = "2026-03-24T10:00:00+08:00"


@pytest.fixture(autouse=True)
def the_time(suite: StagedSuite) -> None:
    suite.clock.set(NOW)


def entered(suite: StagedSuite, login: str) -> dict[str, Any]:
    """A session of its own, which may end."""
    body = {"login": login, "password": suite.secrets["DEMO_PASSWORD"]}
    return ok(suite.client().post("/v1/sessions", json=body), 201)


def refreshed(suite: StagedSuite, token: str) -> Any:
    return suite.client().post("/v1/sessions/refresh", json={"refresh_token": token})


@pytest.fixture(scope="module")
def session(suite: StagedSuite) -> dict[str, Any]:
    suite.clock.set(NOW)
    return entered(suite, "inspector")


@pytest.fixture(scope="module")
def words(suite: StagedSuite, people: dict[str, Client], session: dict[str, Any]) -> dict[str, str]:
    """What opens something else than the interface, by what it opens."""
    suite.clock.set(NOW)
    key = ok(people["admin"].post("/v1/api-keys", json={"district": "360704", "name": "换门程序"}), 201)
    calendar = ok(people["volunteer"].post("/v1/calendars"), 201)
    page = ok(people["dispatcher"].get("/v1/cases", params={"limit": 1}))
    ticket = "Vq0_" * 11
    until = datetime.now(UTC) + timedelta(minutes=30)
    tickets = suite.database("cases")["photo_tickets"]
    tickets.insert_one({"_id": ticket, "purpose": "download", "expires_at": until, "photo_id": "x", "size": "full"})
    return {
        "refresh": session["refresh_token"],
        "photo": ticket,
        "calendar": calendar["token"],
        "program": key["secret"],
        "cursor": page["next"] or "WyJ4IiwieCJd.x",
        "password": suite.secrets["DEMO_PASSWORD"],
    }


@pytest.mark.parametrize("of", ["refresh", "photo", "calendar", "program", "cursor", "password"])
def test_what_opens_something_else_is_no_access_token(suite: StagedSuite, words: dict[str, str], of: str) -> None:
    for method, path in (("GET", "/v1/me"), ("GET", "/v1/cases"), ("POST", "/v1/photos"), ("GET", "/v1/streams/inbox")):
        answer = suite.client(words[of]).request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid"), (method, path)


def test_an_access_token_opens_nothing_else(
    suite: StagedSuite, people: dict[str, Client], session: dict[str, Any]
) -> None:
    token, anyone = session["access_token"], suite.client()
    assert refreshed(suite, token).json()["code"] == "invalid", "longer than any refresh token"
    short = refreshed(suite, token[:500])
    assert (short.status_code, short.json()["code"]) == (401, "session_ended")
    assert anyone.get(f"/v1/calendars/{token}.ics").status_code in {404, 422}
    assert people["dispatcher"].get("/v1/cases", params={"after": token}).json()["code"] == "invalid_cursor"
    form = {"api_key": token, "service_code": "0101", "lat": "25.8531", "long": "115.0221"}
    assert anyone.post("/open311/v2/requests.json", data=form).status_code in {400, 403}
    cases = suite.internal_url("cases.1")
    for method in ("GET", "PUT"):
        assert requests.request(method, f"{cases}/photos/{token}", data=b"x", timeout=10).status_code in {404, 422}
    form = {"grant_type": "client_credentials", "client_id": "inspector", "client_secret": token}
    assert anyone.post("/v1/tokens", data=form).status_code in {400, 401}


def test_a_refresh_token_of_somebody_else_changes_nobodys_session(suite: StagedSuite, session: dict[str, Any]) -> None:
    """Who shows a token of a session in the place of that of another gets nothing, and both go on."""
    other = entered(suite, "auditor")
    mine, theirs = session["refresh_token"].split("."), other["refresh_token"].split(".")
    mixed = ".".join([theirs[0], *mine[1:]])
    refused = refreshed(suite, mixed)
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    for token, who in ((other["refresh_token"], "p-auditor"), (session["refresh_token"], "p-inspector")):
        assert ok(refreshed(suite, token))["person_id"] == who


def test_a_good_token_of_another_district_finds_nothing_of_this_one(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    report = {"text": "路灯不亮", "location": COMPOUND}
    case_id = ok(people["resident"].post("/v1/cases", json=report), 201)["case_id"]
    roles = ("dispatcher", "district_admin", "auditor", "inspector", "grid_worker", "party_office")
    elsewhere = {"id": "p-elsewhere", "grants": [{"role": role, "scope": "360703"} for role in roles], "unit": None}
    tokens = Tokens(suite.secrets["TOKEN_KEY"], 3600)
    stranger = suite.client(tokens.issue("s-elsewhere", elsewhere, time.time()))
    assert stranger.get("/v1/cases").json()["items"] == []
    for path in (f"/v1/cases/{case_id}", f"/v1/streams/cases/{case_id}", "/v1/people/p-resident"):
        assert stranger.get(path).status_code == 404, path
    for act, body in (("register", {"category": "0101"}), ("note", {"text": "x"}), ("accept", {})):
        assert stranger.post(f"/v1/cases/{case_id}/{act}", json=body).status_code == 404, act
    for path in ("/v1/ledgers/360704", "/v1/streams/desk?area=360704"):
        assert stranger.get(path).status_code == 403, path
    reason = {"reason": "核对位置"}
    ok(people["dispatcher"].post(f"/v1/cases/{case_id}/reporter-contact", json=reason))
    asked = {"service": "cases", "what": case_id}
    assert ok(people["auditor"].get("/v1/audit-trail", params=asked))["items"] != []
    assert ok(stranger.get("/v1/audit-trail", params=asked))["items"] == []
