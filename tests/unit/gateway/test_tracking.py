"""Anonymous reports over HTTP: without an account, with a link that is shown once, and nothing logged of either."""

from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.app import create_app
from gateway.browser_pages import HTML
from gateway.settings import Settings
from tests.unit.gateway.fakes import RECEIPT, FakePort, FakeServices, said

TOKEN = "tracking-token-of-a-test"
LINK = f"/v1/tracked-reports/{TOKEN}"
BROWSER = {"Accept": HTML}
REPORT = {"text": "路灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}}
SEEN: dict[str, Any] = {
    "number": "GX-20260312-7Q4M",
    "status": "REPORTED",
    "reported_at": "2026-03-12T11:40:00Z",
    "questions": [],
    "timeline": [],
    "acts": [],
}


@pytest.fixture
def filing(services: FakeServices) -> FakeServices:
    told = {**RECEIPT, "tracking_token": TOKEN}
    services.outcomes |= {
        "cases.report": told,
        "cases.report_by_anybody": told,
        "cases.tracked_report": SEEN,
        "cases.answer_by_link": {"number": "x", "version": 3, "status": "REPORTED", "act": "answer"},
    }
    return services


def test_somebody_without_an_account_reports_and_gets_a_link(anyone: FlaskClient, filing: FakeServices) -> None:
    answered = anyone.post("/v1/anonymous-reports", json=REPORT, headers={"Idempotency-Key": "random"})
    assert (answered.status_code, answered.headers["Cache-Control"]) == (201, "no-store")
    told = said(answered)
    assert told["tracking"] == {"token": TOKEN, "url": f"http://localhost/v1/tracked-reports/{TOKEN}"}
    assert "tracking_token" not in told
    [(call, given)] = filing.calls
    assert (call, {name: given[name] for name in REPORT}) == ("cases.report_by_anybody", REPORT)
    assert set(given) == {"command_id", *REPORT}
    anyone.post("/v1/anonymous-reports", json=REPORT, headers={"Idempotency-Key": "random"})
    assert filing.last["command_id"] == given["command_id"]


def test_who_reports_anonymously_with_an_account_gets_one_too(client: FlaskClient, filing: FakeServices) -> None:
    told = said(client.post("/v1/cases", json={**REPORT, "anonymous": True}))
    assert told["tracking"]["token"] == TOKEN
    filing.outcomes["cases.report"] = {**RECEIPT, "tracking_token": None}
    assert said(client.post("/v1/cases", json={**REPORT, "anonymous": True}))["tracking"] is None
    filing.outcomes["cases.report"] = RECEIPT
    assert "tracking" not in said(client.post("/v1/cases", json=REPORT))


@pytest.mark.parametrize("field", ["on_behalf_of", "source", "anonymous", "external_number", "patrol_id"])
def test_who_is_nobody_says_nothing_of_who_it_is(anyone: FlaskClient, filing: FakeServices, field: str) -> None:
    assert anyone.post("/v1/anonymous-reports", json={**REPORT, field: "x"}).status_code == 422
    assert filing.calls == []


def test_the_link_shows_the_report_to_whoever_has_it_and_no_cache_keeps_it(
    anyone: FlaskClient, filing: FakeServices
) -> None:
    answered = anyone.get(LINK)
    assert (answered.status_code, answered.headers["Cache-Control"]) == (200, "no-store")
    assert answered.headers["Referrer-Policy"] == "no-referrer"
    assert said(answered)["reported_at"] == "2026-03-12T19:40:00+08:00"
    assert filing.last == {"token": TOKEN}


def test_a_question_is_answered_by_the_link(anyone: FlaskClient, filing: FakeServices) -> None:
    answered = anyone.post(f"{LINK}/answer", json={"text": "在3栋"})
    assert answered.status_code == 200
    assert (filing.last["token"], filing.last["text"]) == (TOKEN, "在3栋")
    assert anyone.post(f"{LINK}/answer", json={}).status_code == 422


FOLLOWED: dict[str, Any] = {
    **SEEN,
    "status": "IN_PROGRESS",
    "category_name": {"zh": "路灯不亮/闪烁", "en": "Street lamp out or flickering"},
    "resolve_due": "2026-03-17T10:00:00Z",
    "overdue": True,
    "questions": [{"act": "ask", "at": "2026-03-12T12:00:00Z", "status": "REPORTED", "text": "请问是<几>号楼？"}],
    "timeline": [
        {"act": "report", "at": "2026-03-12T11:40:00Z", "status": "REPORTED", "text": None},
        {"act": "ask", "at": "2026-03-12T12:00:00Z", "status": "REPORTED", "text": "请问是<几>号楼？"},
        {"act": "start", "at": "2026-03-13T01:00:00Z", "status": "IN_PROGRESS", "text": None},
    ],
    "merged_into": None,
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN,zh;q=0.9", ("<h1>处置中</h1>", "路灯不亮/闪烁", "2026-03-17 18:00（已超时）", "开始处置", "请您答复")),
        ("en-GB,en;q=0.9", ("<h1>Work is under way</h1>", "flickering", "(overdue)", "Work began.", "You are asked")),
    ],
    ids=["in Chinese", "in English"],
)
def test_who_opens_the_link_in_a_browser_reads_a_page(
    anyone: FlaskClient, filing: FakeServices, language: str, words: tuple[str, ...]
) -> None:
    filing.outcomes["cases.tracked_report"] = FOLLOWED
    looked_at = anyone.get(LINK, headers={"Accept": HTML, "Accept-Language": language})
    assert (looked_at.status_code, looked_at.mimetype) == (200, HTML)
    assert (looked_at.headers["Cache-Control"], looked_at.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    page = looked_at.get_data(as_text=True)
    assert all(each in page for each in (*words, "2026-03-12 19:40", "请问是&lt;几&gt;号楼？"))
    filing.outcomes["cases.tracked_report"] = Refusal("tracked_report_not_found")
    missing = anyone.get("/v1/tracked-reports/wrong-token", headers={"Accept": HTML})
    assert (missing.status_code, missing.mimetype) == (404, HTML)
    assert "wrong-token" not in missing.text


def test_the_page_asks_and_its_form_is_answered_with_the_page_again(anyone: FlaskClient, filing: FakeServices) -> None:
    filing.outcomes["cases.tracked_report"] = FOLLOWED
    assert '<form method="post">' in anyone.get(LINK, headers=BROWSER).text
    filing.outcomes["cases.tracked_report"] = {**FOLLOWED, "questions": []}
    assert "<form" not in anyone.get(LINK, headers=BROWSER).text
    answered = anyone.post(LINK, data={"text": "在3栋\r\n东侧"}, headers=BROWSER)
    assert (answered.status_code, answered.headers["Location"], answered.data) == (303, LINK, b"")
    assert answered.headers["Cache-Control"] == "no-store"
    assert (filing.last["token"], filing.last["text"]) == (TOKEN, "在3栋\n东侧")


def test_a_form_that_answers_nothing_is_told_so_on_a_page(anyone: FlaskClient, filing: FakeServices) -> None:
    for form in ({"text": ""}, {"text": "a\x00"}, {"text": ["a", "b"]}, {"text": "a", "what": "b"}):
        refused = anyone.post(LINK, data=form, headers=BROWSER)
        assert (refused.status_code, refused.mimetype) == (422, HTML), form
    assert anyone.post(LINK, json={"text": "a"}).status_code == 415
    assert filing.calls == []
    filing.outcomes["cases.answer_by_link"] = Refusal("no_question_waiting")
    again = anyone.post(LINK, data={"text": "a"}, headers=BROWSER)
    assert (again.status_code, again.mimetype) == (409, HTML)


@pytest.mark.parametrize(
    ("language", "answer", "link", "nothing"),
    [
        ("zh-CN", "请写 1 至 4,000 字的答复", "请核对链接是否完整", "目前没有需要您答复的问题"),
        ("en", "Please write 1 to 4,000 characters", "check that it is complete", "Nothing is asked of you now"),
    ],
)
def test_what_is_wrong_is_told_to_who_writes_and_not_to_a_program(
    anyone: FlaskClient, filing: FakeServices, language: str, answer: str, link: str, nothing: str
) -> None:
    reader = {**BROWSER, "Accept-Language": language}

    def page(text: str) -> str:
        return anyone.post(LINK, data={"text": text}, headers=reader).text

    assert answer in (told := page(""))
    assert '<a href="">' in told
    for pointer, words in (("/text", answer), ("/token", link)):
        filing.outcomes["cases.answer_by_link"] = Refusal("invalid", errors=[{"pointer": pointer, "detail": "x"}])
        assert words in (told := page("　"))
        assert not any(each in told for each in ("errors", "pointer", "detail"))
    filing.outcomes["cases.tracked_report"] = Refusal("invalid", errors=[{"pointer": "/token", "detail": "x"}])
    assert link in anyone.get(LINK, headers=reader).text
    filing.outcomes["cases.answer_by_link"] = Refusal("no_question_waiting")
    assert nothing in page("在3栋")
    filing.outcomes["cases.answer_by_link"] = Refusal("tracked_report_not_found")
    assert answer not in page("在3栋")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_link_that_leads_nowhere_is_told_in_both_languages_and_not_repeated(
    anyone: FlaskClient, filing: FakeServices, language: str
) -> None:
    filing.outcomes["cases.tracked_report"] = Refusal("tracked_report_not_found")
    answered = anyone.get("/v1/tracked-reports/wrong-token", headers={"Accept-Language": language})
    assert (answered.status_code, said(answered)["code"]) == (404, "tracked_report_not_found")
    assert said(answered)["title"].isascii() is (language == "en")
    assert "wrong-token" not in answered.text


def test_neither_the_link_nor_who_asks_is_logged(
    client: FlaskClient, filing: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        client.get(LINK)
        client.post(f"{LINK}/answer", json={"text": "在3栋"})
        client.post("/v1/anonymous-reports", json=REPORT)
        client.post("/v1/cases", json={**REPORT, "anonymous": True})
    assert len(logged) == 4
    assert TOKEN not in repr(logged)
    assert "p-1" not in repr(logged)
    assert TOKEN not in capsys.readouterr().out


def test_a_photo_comes_before_a_report_without_an_account(
    anyone: FlaskClient, services: FakeServices, port: FakePort
) -> None:
    services.outcomes["cases.anybodys_photo_ticket"] = {"ticket": "t-1", "expires_at": "2026-03-12T11:41:00Z"}
    kept = b'{"photo_id": "ph-1", "media_type": "image/png", "width": 1, "height": 1, "size": 1}'
    port.answers["PUT", "/photos/t-1"] = (201, "application/json", kept)
    answered = anyone.post("/v1/anonymous-photos", data=b"\x89PNG", content_type="image/png")
    assert (answered.status_code, said(answered)["photo_id"]) == (201, "ph-1")
    assert set(services.last) == {"command_id"}
    assert anyone.post("/v1/anonymous-photos", data=b"x", content_type="text/plain").status_code == 415


ANSWERED = {"text": "在3栋"}


@pytest.mark.parametrize(
    ("setting", "path", "sent"),
    [
        ("anonymous_rate", "/v1/anonymous-reports", {"method": "POST", "json": REPORT}),
        ("reading_rate", LINK, {"method": "GET"}),
        ("reading_rate", f"{LINK}/answer", {"method": "POST", "json": ANSWERED}),
        ("reading_rate", LINK, {"method": "POST", "data": ANSWERED}),
    ],
    ids=["reports", "reading", "answering", "answering on the page"],
)
def test_one_address_does_it_so_often_and_no_more(
    services: FakeServices, filing: FakeServices, settings: Settings, setting: str, path: str, sent: dict[str, Any]
) -> None:
    anyone = create_app(services, Settings(**{**vars(settings), setting: "2 per minute"})).test_client()

    def status(address: str) -> int:
        return anyone.open(path, environ_base={"REMOTE_ADDR": address}, **sent).status_code

    first = [status("192.0.2.1") for _ in range(3)]
    assert first[2] == 429
    assert max(first[:2]) < 400
    assert status("192.0.2.7") < 400
