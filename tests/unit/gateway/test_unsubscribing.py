"""The page behind the link in a message: looked at it changes nothing, posted to it unsubscribes, for anybody."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from chassis.rpc import Unreachable
from gateway.app import create_app
from gateway.settings import Settings
from tests.unit.gateway.fakes import FakeServices, said

LINK = "/v1/unsubscribe/gAAA-_=="


class Forms(HTMLParser):
    """The methods of forms, and what their inputs send."""

    def __init__(self) -> None:
        super().__init__()
        self.methods: list[str | None] = []
        self.sent: dict[str | None, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            assert "action" not in found  # it goes where the page came from
            self.methods.append(found["method"])
        if tag == "input":
            self.sent[found["name"]] = found["value"]


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN,zh;q=0.9", ('<html lang="zh-CN">', "“活动与报名”“行动号召”", "退订</button>")),
        ("en-GB,en;q=0.9", ('<html lang="en">', "activities and sign-ups, calls to action?", "Unsubscribe</button>")),
    ],
)
def test_the_link_leads_to_a_page_in_the_language_of_its_reader_with_a_button(
    anyone: FlaskClient, services: FakeServices, language: str, words: tuple[str, ...]
) -> None:
    services.outcomes["notify.linked"] = {"kinds": ["activity", "call"]}
    answer = anyone.get(LINK, headers={"Accept-Language": language, **BROWSER})
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert services.calls == [("notify.linked", {"token": "gAAA-_=="})]
    assert answer.headers["Content-Language"] in language
    page = answer.get_data(as_text=True)
    assert all(each in page for each in words)
    forms = Forms()
    forms.feed(page)
    assert (forms.methods, forms.sent) == (["post"], {"List-Unsubscribe": "One-Click"})


def test_nothing_of_the_page_is_loaded_kept_or_framed_elsewhere(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.linked"] = {"kinds": ["activity"]}
    headers = anyone.get(LINK).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in headers["Content-Security-Policy"]


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_mail_programs_unsubscribe_in_one_click(
    anyone: FlaskClient, services: FakeServices, body: dict[str, str], kind: str
) -> None:
    """RFC 8058 §3.2: posted as a form of either type, without cookies or signing in, and no redirect."""
    services.outcomes["notify.unsubscribe"] = {"kinds": ["activity"]}
    answer = anyone.post(LINK, data=body, content_type=kind)
    assert answer.status_code == 200
    assert services.calls == [("notify.unsubscribe", {"token": "gAAA-_=="})]
    page = answer.get_data(as_text=True)
    assert "已退订" in page
    assert "<form" not in page


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("trouble", "status", "said_en", "said_zh"),
    [
        (Refusal("link_not_found"), 404, "There is no such link to unsubscribe", "没有这个退订链接"),
        (Refusal("mandatory_kind", kind="own_case"), 422, "cannot be declined", "不能退订"),
        (Unreachable("notify"), 503, "The service is away for a moment", "服务暂时不可用"),
    ],
)
def test_a_browser_gets_a_page_of_what_is_wrong(
    anyone: FlaskClient,
    services: FakeServices,
    method: str,
    trouble: Exception,
    status: int,
    said_en: str,
    said_zh: str,
) -> None:
    services.outcomes["notify.linked"] = services.outcomes["notify.unsubscribe"] = trouble
    for language, words in (("en", said_en), ("zh-CN", said_zh)):
        answer = anyone.open(LINK, method=method, headers={"Accept-Language": language, **BROWSER})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert words in page
        assert "<form" not in page
        assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
        assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_none_is_a_problem(anyone: FlaskClient, services: FakeServices, method: str) -> None:
    services.outcomes["notify.linked"] = services.outcomes["notify.unsubscribe"] = Refusal("link_not_found")
    answer = anyone.open(LINK, method=method)
    assert (answer.status_code, said(answer)["code"]) == (404, "link_not_found")


def test_one_address_does_not_try_links_without_end(services: FakeServices, settings: Settings) -> None:
    anyone = create_app(services, replace(settings, reading_rate="2 per minute")).test_client()
    services.outcomes["notify.linked"] = Refusal("link_not_found")
    assert [anyone.get(LINK).status_code for _ in range(3)] == [404, 404, 429]


def test_preferences_are_handed_on_as_they_come(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.choose"] = {"zone": "Asia/Shanghai"}
    body = {"quiet": None, "declined": {"task": ["sms"]}, "gathered": ["desk"], "digest_at": "18:00"}
    assert client.put("/v1/inbox/preferences", json=body).status_code == 200
    assert {name: value for name, value in services.last.items() if name != "caller"} == body


def test_each_fault_of_a_choice_has_its_place(client: FlaskClient) -> None:
    body = {"declined": {"weather": ["sms"], "task": ["sms", "sms"]}, "gathered": [7], "digest_at": "noon"}
    answer = client.put("/v1/inbox/preferences", json=body)
    assert {each["pointer"] for each in said(answer)["errors"]} == {
        "/declined/weather",
        "/declined/task",
        "/gathered/0",
        "/digest_at",
    }
