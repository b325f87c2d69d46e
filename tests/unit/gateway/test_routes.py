"""Each route asks the right service the right thing, and passes the answer on."""

import time
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.acts import ACTS
from gateway.app import create_app
from gateway.settings import Settings
from gateway.tokens import Tokens
from tests.unit.gateway.fakes import RECEIPT, FakeServices, said

SESSION = {
    "account_id": "a-1",
    "person_id": "p-1",
    "session_id": "s-9",
    "refresh_token": "s-9.0.secret",
    "caller": {"id": "p-1", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": "u-1"},
}


def test_a_code_is_asked_for_without_a_token(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.request_code"] = {"sign_in_id": "begun", "expires_in": 300}
    response = anyone.post("/v1/sign-in/code", json={"phone": "12000000001"})
    assert (response.status_code, said(response)) == (202, {"sign_in_id": "begun", "expires_in": 300})
    assert services.calls == [("members.request_code", {"phone": "12000000001", "client": "127.0.0.1"})]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "method"),
    [
        ({"sign_in_id": "begun", "code": "123456"}, "members.sign_in_with_code"),
        ({"login": "dispatcher", "password": "correct horse"}, "members.sign_in_with_password"),
    ],
)
def test_signing_in_gives_a_token_that_works(
    anyone: FlaskClient, services: FakeServices, tokens: Tokens, body: dict[str, str], method: str
) -> None:
    services.outcomes[method] = SESSION
    response = anyone.post("/v1/sessions", json=body)
    assert response.status_code == 201
    [(asked, told)] = services.calls
    assert (asked, {name: told[name] for name in body}) == (method, body)
    assert told["client"] == "127.0.0.1"
    given = said(response)
    assert {name: given[name] for name in ("token_type", "expires_in", "refresh_token", "person_id")} == {
        "token_type": "Bearer",
        "expires_in": 900,
        "refresh_token": "s-9.0.secret",
        "person_id": "p-1",
    }
    identity = tokens.verify(given["access_token"], time.time())
    assert (identity.caller, identity.session_id) == (SESSION["caller"], "s-9")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sign_in_id": "begun"},
        {"sign_in_id": "begun", "password": "x"},
        {"sign_in_id": "begun", "code": "1", "login": "x", "password": "x"},
        {"phone": "12000000001", "code": "123456"},
    ],
)
def test_a_sign_in_goes_one_way(anyone: FlaskClient, services: FakeServices, body: dict[str, str]) -> None:
    assert anyone.post("/v1/sessions", json=body).status_code == 422
    assert services.calls == []


def test_a_wrong_code_is_401(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.sign_in_with_code"] = Refusal("bad_code", tries_left=4)
    response = anyone.post("/v1/sessions", json={"sign_in_id": "begun", "code": "000000"})
    assert (response.status_code, said(response)["code"]) == (401, "bad_code")
    assert said(response)["details"] == {"tries_left": 4}
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sandan"'


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Check it and enter it again; once no tries are left, ask for a new one."),
        ("zh-CN", "请核对后重新输入；次数用完后请重新获取验证码。"),
    ],
)
@pytest.mark.parametrize("told", [{"tries_left": 4}, {"tries_left": 0}, {}])
def test_what_to_do_about_a_wrong_code_is_true_of_the_last_try_too(
    anyone: FlaskClient, services: FakeServices, told: dict[str, int], language: str, says: str
) -> None:
    services.outcomes["members.sign_in_with_code"] = Refusal("bad_code", **told)
    body = {"sign_in_id": "begun", "code": "000000"}
    response = anyone.post("/v1/sessions", json=body, headers={"Accept-Language": language})
    assert said(response)["detail"] == says


def test_a_refresh_token_is_exchanged(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.refresh"] = {**SESSION, "refresh_token": "s-9.1.next"}
    response = anyone.post("/v1/sessions/refresh", json={"refresh_token": "s-9.0.secret"})
    assert (response.status_code, said(response)["refresh_token"]) == (200, "s-9.1.next")


def test_signing_out_ends_the_session_of_the_token(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    services.outcomes["members.sign_out"] = {"session_id": "s-1", "ended": True}
    response = client.delete("/v1/sessions/current")
    assert (response.status_code, response.data) == (204, b"")
    assert services.last == {"session_id": "s-1", "caller": caller}


def test_whoever_changes_their_phone_goes_on_where_they_are(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.change_phone"] = {"person_id": "p-1", "version": 2, "at": "2026-03-12T11:40:00Z"}
    code = {"phone": "12000000001", "sign_in_id": "x", "code": "123456"}
    assert client.post("/v1/me/phone", json=code).status_code == 200
    assert services.last == {**services.last, **code, "session_id": "s-1"}


def test_a_sign_in_says_what_device_it_is(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.sign_in_with_password"] = Refusal("bad_credentials")
    anyone.post("/v1/sessions", json={"login": "x", "password": "y"}, headers={"User-Agent": "a" * 300})
    assert services.last["agent"] == "a" * 200


def test_the_session_that_asks_is_marked(client: FlaskClient, services: FakeServices) -> None:
    shown = {"agent": "", **dict.fromkeys(("opened_at", "last_used_at", "expires_at"), "2026-03-12T19:40:00+08:00")}
    services.outcomes["members.sessions"] = {"items": [{"session_id": id, **shown} for id in ("s-1", "s-2")]}
    items = client.get("/v1/sessions").get_json()["items"]
    assert [(each["session_id"], each["current"]) for each in items] == [("s-1", True), ("s-2", False)]


def test_a_flood_of_sign_ins_from_one_address_is_stopped(services: FakeServices, settings: Settings) -> None:
    anyone = create_app(services, replace(settings, sign_in_rate="5 per minute")).test_client()
    services.outcomes["members.sign_in_with_code"] = Refusal("bad_code")
    body = {"sign_in_id": "begun", "code": "000000"}
    first = anyone.post("/v1/sessions", json=body)
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("5", "4")
    for _ in range(4):
        anyone.post("/v1/sessions", json=body)
    response = anyone.post("/v1/sessions", json=body)
    assert (response.status_code, said(response)["code"]) == (429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert len(services.calls) == 5
    assert anyone.post("/v1/sessions", json=body, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401


def test_the_page_of_a_compound_is_open_to_everybody_cached_and_limited(
    services: FakeServices, settings: Settings
) -> None:
    anyone = create_app(services, replace(settings, reading_rate="3 per minute")).test_client()
    services.outcomes["cases.compound_page"] = {"compound_id": "c-1", "open": []}
    first = anyone.get("/v1/compounds/c-1/page")
    assert services.calls == [("cases.compound_page", {"compound_id": "c-1"})]
    assert (first.headers["Cache-Control"], first.headers["X-RateLimit-Remaining"]) == ("public, max-age=60", "2")
    again = anyone.get("/v1/compounds/c-1/page", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert [anyone.get("/v1/compounds/c-1/page").status_code for _ in range(2)] == [200, 429]
    services.outcomes["members.sign_in_with_code"] = Refusal("bad_code")
    assert anyone.post("/v1/sessions", json={"sign_in_id": "x", "code": "000000"}).status_code == 401


def test_the_address_is_the_one_that_our_own_proxy_names(services: FakeServices, settings: Settings) -> None:
    behind = create_app(services, replace(settings, sign_in_rate="1 per minute", proxies=1)).test_client()
    services.outcomes["members.request_code"] = {"sign_in_id": "begun", "expires_in": 300}
    asked = [
        behind.post(
            "/v1/sign-in/code", json={"phone": "12000000001"}, headers={"X-Forwarded-For": f"6.6.6.6, {client}"}
        )
        for client in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    assert [response.status_code for response in asked] == [202, 202, 429]


def test_a_store_of_rates_that_is_away_keeps_nobody_out(services: FakeServices, settings: Settings) -> None:
    store = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50"
    anyone = create_app(services, replace(settings, rate_store=store)).test_client()
    services.outcomes["members.request_code"] = {"sign_in_id": "begun", "expires_in": 300}
    assert anyone.post("/v1/sign-in/code", json={"phone": "12000000001"}).status_code == 202


def test_a_report_is_created_where_it_says(client: FlaskClient, services: FakeServices, caller: dict[str, Any]) -> None:
    services.outcomes["cases.report"] = RECEIPT
    body = {"text": "灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}, "tags": ["elderly"]}
    response = client.post("/v1/cases", json=body)
    assert (response.status_code, response.headers["Location"]) == (201, "/v1/cases/c-1")
    assert said(response)["resolve_due"] == "2026-03-17T18:00:00+08:00"
    arguments = dict(services.last)
    assert arguments.pop("command_id")
    assert arguments == {"caller": caller, **body}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_each_act_has_its_path(client: FlaskClient, services: FakeServices, caller: dict[str, Any], act: Any) -> None:
    services.outcomes["cases.move"] = RECEIPT
    body = act.example or {}
    for name, field in act.body.items():
        if field.required and name not in body:
            body = {**body, name: "x"}
    response = client.post(f"/v1/cases/c-1/{act.name.replace('_', '-')}", json=body)
    assert response.status_code == 200, response.text
    arguments = dict(services.last)
    assert arguments.pop("command_id")
    assert arguments == {"caller": caller, "case_id": "c-1", "act": act.name, "fields": body}


def test_an_act_without_fields_needs_no_body(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.move"] = RECEIPT
    assert client.post("/v1/cases/c-1/accept").status_code == 200
    assert services.last["fields"] == {}


def test_the_clock_cannot_be_played_from_outside(client: FlaskClient) -> None:
    assert client.post("/v1/cases/c-1/time-out").status_code == 404


def test_the_rest_of_the_questions_reach_their_service(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    questions: dict[str, tuple[str, dict[str, Any]]] = {
        "/v1/me": ("members.me", {}),
        "/v1/grids/locate?lon=115.0058&lat=25.8672": ("members.locate", {"lon": 115.0058, "lat": 25.8672}),
        "/v1/cases/c-1/proposal": ("cases.proposal", {"case_id": "c-1"}),
        "/v1/cases/c-1/duplicates": ("cases.duplicates", {"case_id": "c-1"}),
        "/v1/assets?kind=0118&retired=true": (
            "cases.assets",
            {"filters": {"kind": "0118", "retired": True}, "after": None, "limit": 20},
        ),
        "/v1/assets/near?lon=115.0058&lat=25.8672": ("cases.assets_near", {"lon": 115.0058, "lat": 25.8672}),
        "/v1/assets/a-1": ("cases.asset", {"asset_id": "a-1"}),
        "/v1/mechanisms/360704?since=2026-01-01T00:00:00Z": (
            "cases.mechanisms",
            {"area": "360704", "since": "2026-01-01T00:00:00Z"},
        ),
        "/v1/case-policies?area=360704&kind=scoring": (
            "cases.case_policies",
            {"area": "360704", "kind": "scoring", "after": None, "limit": 20},
        ),
        "/v1/surveys?area=360704&status=open": (
            "cases.surveys",
            {"area": "360704", "status": "open", "after": None, "limit": 20},
        ),
        "/v1/surveys/s-1": ("cases.survey", {"survey_id": "s-1"}),
        "/v1/surveys/s-1/results": ("cases.survey_results", {"survey_id": "s-1"}),
        "/v1/summons/s-1": ("cases.one_summons", {"summons_id": "s-1"}),
        "/v1/summons?status=called": (
            "cases.list_summons",
            {"filters": {"status": "called"}, "after": None, "limit": 20},
        ),
        "/v1/summons/scores?area=360704": ("cases.summons_scores", {"area": "360704"}),
        "/v1/inbox?limit=5": ("notify.inbox", {"after": None, "limit": 5}),
        "/v1/subscriptions": ("notify.subscriptions", {}),
        "/v1/subscriptions/s-1": ("notify.subscription", {"subscription_id": "s-1"}),
        "/v1/subscriptions/s-1/deliveries": (
            "notify.deliveries",
            {"subscription_id": "s-1", "after": None, "limit": 20},
        ),
    }
    for path, (method, arguments) in questions.items():
        services.outcomes[method] = {"items": [], "next": None, "version": 1}
        response = client.get(path)
        assert response.status_code == 200, response.text
        assert response.headers["ETag"]
        assert services.calls[-1] == (method, {"caller": caller, **arguments})


def test_a_survey_is_changed_and_moved_at_the_version_that_was_read(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    services.outcomes["cases.survey"] = {"survey_id": "s-1", "version": 3}
    tag = client.get("/v1/surveys/s-1").headers["ETag"]
    draft = {
        "area": "360704",
        "title": {"zh": "甲", "en": "A"},
        "method": {"zh": "乙", "en": "B"},
        "first_day": "2026-06-01",
        "last_day": "2026-06-14",
    }
    said_by = {"scores": {"sense_of_gain": 4}, "grid_code": None}
    meant = {"survey_id": "s-1", "if_version": 3}
    commands: list[tuple[str, str, dict[str, Any] | None, str, dict[str, Any], int]] = [
        ("POST", "", draft, "draft_survey", draft, 201),
        ("PATCH", "/s-1", {"last_day": "2026-06-21"}, "change_survey", {**meant, "last_day": "2026-06-21"}, 200),
        ("POST", "/s-1/open", None, "move_survey", {**meant, "act": "open"}, 200),
        ("POST", "/s-1/close", None, "move_survey", {**meant, "act": "close"}, 200),
        ("POST", "/s-1/publish", None, "move_survey", {**meant, "act": "publish"}, 200),
        ("POST", "/s-1/answers", said_by, "answer_survey", {"survey_id": "s-1", **said_by}, 200),
    ]
    for verb, path, sent, method, arguments, status in commands:
        services.outcomes[f"cases.{method}"] = {"survey_id": "s-1", "version": 4}
        response = client.open(f"/v1/surveys{path}", method=verb, json=sent, headers={"If-Match": tag})
        assert response.status_code == status, response.text
        called, given = services.calls[-1]
        assert called == f"cases.{method}"
        assert len(given.pop("command_id")) >= 32
        assert given == {"caller": caller, **arguments}
    assert client.post("/v1/surveys", json=draft).headers["Location"] == "/v1/surveys/s-1"


def test_the_categories_are_open_to_everyone(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.categories"] = {"version": "2025.1", "items": []}
    assert anyone.get("/v1/categories?version=2025.1").status_code == 200
    assert services.calls == [("cases.categories", {"version": "2025.1"})]


def test_the_categories_are_asked_for_in_the_name_of_who_shows_a_token(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    services.outcomes["cases.categories"] = {"version": "2025.1", "items": []}
    assert client.get("/v1/categories").status_code == 200
    assert services.calls == [("cases.categories", {"caller": caller})]
    refused = anyone.get("/v1/categories", headers={"Authorization": "Bearer nonsense"})
    assert (refused.status_code, said(refused)["code"]) == (401, "token_invalid")
    assert len(services.calls) == 1


def test_commands_to_notify_carry_caller_and_command(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    one = {"subscription_id": "s-1"}
    body = {"url": "https://partner.example/hook", "types": ["case.*"]}
    feed = {"way": "feed", "types": ["case.*"], "categories": ["01"], "participant_id": "u-1"}
    change: dict[str, Any] = {"categories": [], "participant_id": None}
    hours = {"overlap_hours": 0}
    since = {"since": "2026-03-12T00:00:00+08:00"}
    commands: list[tuple[str, str, Any, str, dict[str, Any], int]] = [
        ("POST", "/v1/inbox/e-1:p-1:closed/read", None, "notify.mark_read", {"notice_id": "e-1:p-1:closed"}, 200),
        ("POST", "/v1/subscriptions", body, "notify.open_subscription", body, 201),
        ("POST", "/v1/subscriptions/s-1/pause", None, "notify.pause_subscription", one, 200),
        ("POST", "/v1/subscriptions/s-1/resume", None, "notify.resume_subscription", one, 200),
        ("DELETE", "/v1/subscriptions/s-1", None, "notify.remove_subscription", one, 204),
        ("POST", "/v1/subscriptions", feed, "notify.open_subscription", feed, 201),
        ("PATCH", "/v1/subscriptions/s-1", change, "notify.change_subscription", {**one, **change}, 200),
        ("POST", "/v1/subscriptions/s-1/rotate-secret", hours, "notify.rotate_secret", {**one, **hours}, 200),
        ("POST", "/v1/subscriptions/s-1/rotate-secret", None, "notify.rotate_secret", one, 200),
        ("POST", "/v1/subscriptions/s-1/end-old-secret", None, "notify.end_old_secret", one, 200),
        ("POST", "/v1/subscriptions/s-1/test", None, "notify.test_subscription", one, 202),
        ("POST", "/v1/subscriptions/s-1/replay", since, "notify.replay_range", {**one, **since}, 200),
        (
            "POST",
            "/v1/subscriptions/s-1/deliveries/d-1/replay",
            None,
            "notify.replay_delivery",
            {**one, "delivery_id": "d-1"},
            200,
        ),
    ]
    for verb, path, sent, method, arguments, status in commands:
        services.outcomes[method] = {"subscription_id": "s-1", "secret": "whsec_x", "state": "pending"}
        response = client.open(path, method=verb, json=sent)
        assert response.status_code == status, response.text
        called, given = services.calls[-1]
        assert called == method
        assert len(given.pop("command_id")) >= 32
        assert given == {"caller": caller, **arguments}


def test_what_can_be_edited_reaches_members(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    edits: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
        ("/v1/me", {"free_times": [{"weekday": 3, "start": "18:00", "end": "21:00"}]}, "change_profile", {}),
        ("/v1/grids/g-1", {"name": "X"}, "change_grid", {"grid_code": "g-1"}),
        ("/v1/compounds/c-1", {"property_company_id": None}, "change_compound", {"compound_id": "c-1"}),
        ("/v1/units/u-1", {"grid_codes": ["g-1"]}, "change_unit", {"unit_id": "u-1"}),
    ]
    for path, body, method, named in edits:
        services.outcomes[f"members.{method}"] = {"version": 2}
        assert said(client.patch(path, json=body)) == {"version": 2}
        called, given = services.calls[-1]
        assert called == f"members.{method}"
        assert given.pop("command_id")
        assert given == {"caller": caller, **named, **body}


def test_the_contact_of_a_reporter_is_kept_by_no_cache(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.reporter_contact"] = {"name": "谢**", "phone": "12000000001", "callback": "voice"}
    response = client.post("/v1/cases/c-1/reporter-contact", json={"reason": "核实位置"})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert (services.last["case_id"], services.last["reason"]) == ("c-1", "核实位置")


def test_a_secret_is_not_kept_by_caches(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.open_subscription"] = {"subscription_id": "s-1", "secret": "whsec_x", "state": "pending"}
    response = client.post("/v1/subscriptions", json={"url": "https://partner.example/hook", "types": ["case.*"]})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Location"] == "/v1/subscriptions/s-1"


def test_the_feed_is_a_batch_of_cloudevents_and_leads_on(
    client: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    texts = ['{"id":"e-1","data":{"at":"2026-03-12T11:46:00Z"}}', '{"id":"e-2","data":{}}']
    services.outcomes["notify.events"] = {"events": texts, "next": "bz-9"}
    response = client.get("/v1/events?type=case.closed&category=01&limit=2")
    assert response.data.decode() == f"[{texts[0]},{texts[1]}]"
    assert response.content_type == "application/cloudevents-batch+json"
    assert response.headers["Link"] == '</v1/events?type=case.closed&category=01&limit=2&after=bz-9>; rel="next"'
    assert response.headers["Cache-Control"] == "no-store"
    assert services.last == {"caller": caller, "type": "case.closed", "category": "01", "limit": 2}


def test_an_empty_log_leads_nowhere(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.events"] = {"events": [], "next": None}
    response = client.get("/v1/events")
    assert (response.data, "Link" in response.headers, services.last["limit"]) == (b"[]", False, 100)


def test_a_cursor_that_is_over_is_gone_and_tells_where_to_go_on(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.events"] = Refusal("cursor_too_old", oldest="b2xk")
    response = client.get("/v1/events?after=bz-9")
    assert (response.status_code, said(response)["details"]) == (410, {"oldest": "b2xk"})


def test_the_log_of_deliveries_is_searched_by_state(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.deliveries"] = {"items": [], "next": None}
    assert client.get("/v1/subscriptions/s-1/deliveries?state=parked").status_code == 200
    assert services.last["state"] == "parked"
    assert client.get("/v1/subscriptions/s-1/deliveries?state=lost").status_code == 422


def test_the_root_says_where_to_go(anyone: FlaskClient) -> None:
    assert said(anyone.get("/"))["docs"] == "/docs"


def test_the_keys_are_published(anyone: FlaskClient, tokens: Tokens) -> None:
    assert said(anyone.get("/.well-known/jwks.json")) == tokens.public_keys()


def test_it_lives_without_any_service(anyone: FlaskClient) -> None:
    assert said(anyone.get("/health/live")) == {"status": "live"}
