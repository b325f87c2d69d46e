"""The conventions that hold on every route: ids, tags, pages, repeats, languages, headers, errors of services."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, Unreachable
from gateway.app import create_app
from gateway.openapi import ANSWER_HEADERS
from gateway.problems import PROBLEMS, advised
from gateway.settings import Settings
from tests.unit.gateway.fakes import RECEIPT, FakeServices, said

CASE = {"case_id": "c-1", "number": "N-1", "version": 4, "status": "ACCEPTED", "reported_at": "2026-03-12T11:40:00Z"}


def case(services: FakeServices, **changes: Any) -> None:
    services.outcomes["cases.case"] = {**CASE, **changes}


def test_a_request_id_is_made_or_taken_and_goes_along(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    made = client.get("/v1/cases/c-1").headers["X-Request-ID"]
    given = client.get("/v1/cases/c-1", headers={"X-Request-ID": "front-1.2_3"}).headers["X-Request-ID"]
    replaced = client.get("/v1/cases/c-1", headers={"X-Request-ID": "a b\u00e4"}).headers["X-Request-ID"]
    assert given == "front-1.2_3"
    assert replaced not in {"a b\u00e4", made}
    assert services.request_ids == [made, given, replaced]


def test_what_was_read_is_not_sent_again(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    first = client.get("/v1/cases/c-1")
    again = client.get("/v1/cases/c-1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Content-Type" not in again.headers
    case(services, status="IN_PROGRESS", version=5)
    changed = client.get("/v1/cases/c-1", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_answers_are_private_to_who_asked(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    answer = client.get("/v1/cases/c-1")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization, Accept-Language"


def test_the_tag_of_a_case_guards_a_move(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    services.outcomes["cases.move"] = RECEIPT
    tag = client.get("/v1/cases/c-1").headers["ETag"]
    assert client.post("/v1/cases/c-1/accept", headers={"If-Match": tag}).status_code == 200
    assert services.last["if_version"] == 4
    for headers in ({}, {"If-Match": "*"}, {"If-Match": " * "}):
        client.post("/v1/cases/c-1/accept", headers=headers)
        assert "if_version" not in services.last


def test_a_case_that_moved_on_refuses_the_old_tag(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.move"] = Refusal("stale_version", version=5)
    response = client.post("/v1/cases/c-1/accept", headers={"If-Match": '"v4.00"'})
    assert (response.status_code, said(response)["code"]) == (412, "stale_version")
    assert said(response)["details"] == {"version": 5}


def test_the_same_key_of_the_same_caller_is_the_same_command(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = RECEIPT
    ids = []
    for headers in ({"Idempotency-Key": "k~!1"}, {"Idempotency-Key": "k~!1"}, {"Idempotency-Key": "k2"}, {}, {}):
        assert client.post("/v1/cases", json={"text": "x"}, headers=headers).status_code == 201
        ids.append(services.last["command_id"])
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4


def test_two_callers_may_use_the_same_key(client: FlaskClient, services: FakeServices, app: Flask, tokens: Any) -> None:
    services.outcomes["cases.report"] = RECEIPT
    other = tokens.issue("s-2", {"id": "p-2", "grants": [], "unit": None}, time.time())
    for headers in ({}, {"Authorization": f"Bearer {other}"}):
        client.post("/v1/cases", json={"text": "x"}, headers={"Idempotency-Key": "k", **headers})
    first, second = (arguments["command_id"] for _, arguments in services.calls)
    assert first != second


def test_a_list_leads_to_its_next_page(client: FlaskClient, services: FakeServices, caller: dict[str, Any]) -> None:
    services.outcomes["cases.cases"] = {"items": [CASE], "next": "position-1"}
    first = client.get("/v1/cases?status=ACCEPTED&limit=1&overdue=true")
    assert services.last == {
        "caller": caller,
        "filters": {"status": "ACCEPTED", "overdue": True},
        "after": None,
        "limit": 1,
    }
    link = first.headers["Link"]
    assert link.endswith('; rel="next"')
    assert "position-1" not in first.text

    services.outcomes["cases.cases"] = {"items": [], "next": None}
    last = client.get(link.split(">")[0][1:])
    assert services.last["after"] == "position-1"
    assert services.last["filters"] == {"status": "ACCEPTED", "overdue": True}
    assert said(last)["next"] is None
    assert "Link" not in last.headers


def test_a_cursor_is_good_for_its_own_filters_only(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.cases"] = {"items": [], "next": "position-1"}
    cursor = said(client.get("/v1/cases?status=ACCEPTED"))["next"]
    assert client.get("/v1/cases", query_string={"status": "CLOSED", "after": cursor}).status_code == 400
    assert client.get("/v1/cases", query_string={"status": "ACCEPTED", "after": cursor}).status_code == 200


def test_times_are_shown_on_the_local_clock(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    assert said(client.get("/v1/cases/c-1"))["reported_at"] == "2026-03-12T19:40:00+08:00"


@pytest.mark.parametrize(
    ("languages", "language", "title"),
    [
        (None, "zh-CN", "没有权限"),
        ("zh-CN,zh;q=0.9", "zh-CN", "没有权限"),
        ("en", "en", "Not permitted"),
        ("en-GB, zh;q=0.5", "en", "Not permitted"),
        ("fr", "zh-CN", "没有权限"),
        ("zh;q=0.1, en;q=0.9", "en", "Not permitted"),
    ],
)
def test_a_problem_is_told_in_the_callers_language(
    client: FlaskClient, services: FakeServices, languages: str | None, language: str, title: str
) -> None:
    services.outcomes["cases.case"] = Refusal("not_permitted", act="case")
    headers = {"Accept-Language": languages} if languages else {}
    response = client.get("/v1/cases/c-1", headers=headers)
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]
    assert said(response)["title"] == title


def test_field_errors_are_told_in_both_languages(client: FlaskClient) -> None:
    chinese = client.post("/v1/cases", json={"text": 5, "nonsense": 1})
    english = client.post("/v1/cases", json={"text": 5, "nonsense": 1}, headers={"Accept-Language": "en"})
    assert {each["detail"] for each in said(chinese)["errors"]} == {"应为文本。", "没有这个字段。"}
    assert {each["detail"] for each in said(english)["errors"]} == {"Not a valid string.", "Unknown field."}


def test_faults_that_a_service_finds_are_pointed_at_too(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = Refusal("invalid", errors=[{"pointer": "/category", "detail": "Odd."}])
    response = client.post("/v1/cases", json={"text": "x", "category": "9999"})
    assert response.status_code == 422
    assert said(response)["errors"] == [{"pointer": "/category", "detail": "Odd."}]


def test_each_of_several_faults_says_what_to_do_and_tells_the_local_time(
    client: FlaskClient, services: FakeServices
) -> None:
    free = [{"begins": "2026-04-03T03:00:00Z", "ends": "2026-04-03T10:00:00Z"}]
    faults = [
        {"pointer": "/begins", "code": "venue_taken", "detail": "venue_taken", "details": {"free": free}},
        {"pointer": "/capacity", "code": "capacity_not_positive", "detail": "capacity_not_positive"},
    ]
    services.outcomes["members.change_unit"] = Refusal("invalid", errors=faults)
    response = client.patch("/v1/units/u-1", json={"name": "x"}, headers={"Accept-Language": "en"})
    taken, capacity = said(response)["errors"]
    assert (capacity["detail"], capacity["advice"]) == ("It has no places", "Give a whole number of 1 or more.")
    assert taken["details"]["free"] == [{"begins": "2026-04-03T11:00:00+08:00", "ends": "2026-04-03T18:00:00+08:00"}]
    assert taken["advice"] == "What is free on that day stands in free."


@pytest.mark.parametrize(
    ("language", "advice"),
    [("en", "They add up to 0.9: change them."), ("zh-CN", "现为 0.9，请调整。")],
)
def test_what_to_do_says_the_very_number(
    client: FlaskClient, services: FakeServices, language: str, advice: str
) -> None:
    fault = {"pointer": "/weights", "code": "weights_not_one", "detail": "x", "details": {"sum": "0.9"}}
    services.outcomes["members.change_unit"] = Refusal("weights_not_one", errors=[fault], sum="0.9")
    answered = said(client.patch("/v1/units/u-1", json={"name": "x"}, headers={"Accept-Language": language}))
    assert (answered["detail"], answered["errors"][0]["advice"], answered["details"]) == (
        advice,
        advice,
        {"sum": "0.9"},
    )


def test_what_to_do_says_the_local_time_and_each_of_a_list(client: FlaskClient, services: FakeServices) -> None:
    def told(refusal: Refusal, language: str) -> str:
        services.outcomes["members.change_unit"] = refusal
        answer = client.patch("/v1/units/u-1", json={"name": "x"}, headers={"Accept-Language": language})
        return str(said(answer)["detail"])

    late = Refusal("extension_too_long", latest="2026-04-03T10:00:00Z")
    assert told(late, "en") == "The time in until may be 2026-04-03T18:00:00+08:00 at the latest."
    used = Refusal("category_in_use", categories=["0101", "0303"])
    assert (told(used, "en"), told(used, "zh-CN")) == ("Put 0101, 0303 back.", "请补上 0101、0303。")
    assert told(Refusal("physical_not_as_group", physical=True), "en") == "Leave physical out, or send true."


def test_what_only_the_faults_tell_is_named_where_it_stands(client: FlaskClient, services: FakeServices) -> None:
    """Of several faults each has its own; nothing is left of how the text is written."""
    services.outcomes["members.change_unit"] = Refusal("term_too_long")
    answered = said(client.patch("/v1/units/u-1", json={"name": "x"}, headers={"Accept-Language": "en"}))
    assert answered["detail"] == "It is details.longest at the most."
    assert "{" not in client.get("/docs").text.partition('id="problem-term_too_long"')[2].partition("</tr>")[0]


def test_faults_that_a_service_finds_in_a_query_are_of_parameters(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.cases"] = Refusal("invalid", errors=[{"pointer": "/filters/status", "detail": "Odd."}])
    response = client.get("/v1/cases?status=ODD")
    assert said(response)["errors"] == [{"parameter": "status", "detail": "Odd."}]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Not a grid code of 15 digits, or its first 6, 9 or 12.", "应为 15 位网格编码，或其前 6、9、12 位。"),
        ("Not a number of a case, like 360704-20260312-7K3F9Q.", "应为 360704-20260312-7K3F9Q 这样的案件编号。"),
    ],
)
def test_a_wrong_filter_is_explained_in_both_languages(
    client: FlaskClient, services: FakeServices, english: str, chinese: str
) -> None:
    services.outcomes["cases.cases"] = Refusal("invalid", errors=[{"pointer": "/filters/grid", "detail": english}])
    told = [
        said(client.get("/v1/cases?grid=1", headers={"Accept-Language": language}))["errors"][0]["detail"]
        for language in ("en", "zh-CN")
    ]
    assert told == [english, chinese]


def test_a_case_is_looked_for_by_its_number(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.cases"] = {"items": [CASE], "next": None}
    assert client.get("/v1/cases?number=360704-20260312-7K3F9Q").status_code == 200
    assert services.last["filters"] == {"number": "360704-20260312-7K3F9Q"}


def test_a_service_that_is_away_is_503_with_the_time_to_wait(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = Unreachable("the broker is away")
    response = client.post("/v1/cases", json={"text": "x"})
    assert (response.status_code, said(response)["code"]) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1
    assert "broker" not in response.text


def test_no_answer_in_time_is_504_with_the_request_id(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = DeadlineExceeded("cases.report")
    response = client.post("/v1/cases", json={"text": "x"}, headers={"X-Request-ID": "r-1"})
    assert (response.status_code, said(response)["code"]) == (504, "deadline_exceeded")
    assert said(response)["request_id"] == "r-1"


def test_an_unforeseen_error_is_500_and_keeps_its_text_to_itself(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = RuntimeError("phone 12000000001")
    response = client.post("/v1/cases", json={"text": "x"})
    assert (response.status_code, said(response)["code"]) == (500, "internal_error")
    assert "12000000001" not in response.text


def test_a_refusal_that_nobody_listed_is_500(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = Refusal("never_heard_of")
    response = client.post("/v1/cases", json={"text": "x"})
    assert (response.status_code, said(response)["code"]) == (500, "never_heard_of")


def test_a_refusal_with_a_wait_says_how_long(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.request_code"] = Refusal("too_many_codes", retry_after=41)
    response = anyone.post("/v1/sign-in/code", json={"phone": "12000000001"})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "41")
    assert "details" not in said(response)
    assert said(response)["detail"] == "请在 41 秒后再试。"


@pytest.mark.parametrize("code", ["too_many_codes", "too_many_sign_ins", "too_many_requests"])
@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0.4, "请在 1 秒后再试。", "Try again in 1 s."),
        (119, "请在 119 秒后再试。", "Try again in 119 s."),
        (121, "请在 3 分钟后再试。", "Try again in 3 min."),
        (86_400, "请在 24 小时后再试。", "Try again in 24 h."),
        (None, "请在片刻后再试。", "Try again in a moment."),
    ],
)
def test_whoever_asks_too_often_reads_how_long_to_wait(
    code: str, seconds: float | None, chinese: str, english: str
) -> None:
    known = {"retry_after": seconds}
    assert [advised(PROBLEMS[code], language, known) for language in ("zh-CN", "en")] == [chinese, english]


def test_who_works_on_a_case_of_another_area_is_told_nothing_false_of_it() -> None:
    """That it was given to their unit or not: who is a stranger to it, and whose area it is not, read the same."""
    row = PROBLEMS["not_assigned"]
    assert "派给" not in row.title.zh
    assert "负责区域内" in row.advice.zh
    assert "your own area" in row.advice.en


def test_every_answer_carries_the_protective_headers(client: FlaskClient, services: FakeServices) -> None:
    case(services)
    for path in ("/v1/cases/c-1", "/nothing", "/docs", "/openapi.json", "/"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Server" not in headers


def test_only_listed_origins_may_read(services: FakeServices, settings: Settings) -> None:
    app = create_app(services, replace(settings, web_origins=("https://front.example",)))
    front, other = {"Origin": "https://front.example"}, {"Origin": "https://front.example.evil"}
    assert app.test_client().get("/", headers=front).headers["Access-Control-Allow-Origin"] == front["Origin"]
    assert "Access-Control-Allow-Origin" not in app.test_client().get("/", headers=other).headers
    asked = app.test_client().options("/v1/cases", headers={**front, "Access-Control-Request-Method": "POST"})
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]


def test_a_page_of_a_listed_origin_reads_every_header_that_the_document_promises_and_what_a_file_is_called(
    services: FakeServices, settings: Settings
) -> None:
    app = create_app(services, replace(settings, web_origins=("https://front.example",)))
    told = app.test_client().get("/", headers={"Origin": "https://front.example"}).headers
    exposed = set(told["Access-Control-Expose-Headers"].split(", "))
    assert exposed == {*ANSWER_HEADERS, "Content-Disposition"}


def test_the_log_tells_the_route_and_not_the_content(
    client: FlaskClient, services: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    services.outcomes["cases.cases"] = {"items": [], "next": None}
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        client.get("/v1/cases?tag=12000000001", headers={"X-Request-ID": "r-1"})
        client.post("/v1/cases", json={"text": "12000000001", "x": 1})
        client.get("/12000000001")
    assert "12000000001" not in json.dumps(lines)
    first = lines[0]
    assert first["event"] == "answered"
    assert {name: first[name] for name in ("method", "route", "status", "request_id", "caller")} == {
        "method": "GET",
        "route": "/v1/cases",
        "status": 200,
        "request_id": "r-1",
        "caller": "p-1",
    }
    assert first["ms"] >= 0
    assert lines[-1]["route"] == "unmatched"


def test_an_anonymous_report_leaves_no_name_in_the_log(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.report"] = RECEIPT
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        client.post("/v1/cases", json={"text": "x", "anonymous": True})
        client.post("/v1/cases", json={"text": "x"})
    assert ["caller" in line for line in lines] == [False, True]


def test_what_a_service_says_of_a_field_is_translated(client: FlaskClient, services: FakeServices) -> None:
    errors = [{"pointer": "/name", "detail": "Nothing can be read in it."}]
    services.outcomes["members.change_unit"] = Refusal("invalid", errors=errors)
    response = client.patch("/v1/units/u-1", json={"name": " "})
    assert said(response)["errors"] == [{"pointer": "/name", "detail": "不能为空白。"}]
