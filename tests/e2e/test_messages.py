"""What people choose to be told and where, on the whole suite, and what offices see of messages to them."""

from datetime import date
from typing import Any

import pytest

from dev.client import Client, sign_in_with_code
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

PHONE = "12000009941"
NOON = "2026-03-12T12:00:00+08:00"
CHOICE = {"zone": "Asia/Urumqi", "quiet": None, "declined": {"activity": ["sms"]}, "gathered": ["session"]}


@pytest.fixture(scope="module")
def newcomer(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """Somebody whom no other test knows, born long enough ago."""
    suite.clock.set(NOON)
    body = {"name": "周测941", "phone": PHONE, "tenant": "360704", "born": str(date(1980, 1, 1))}
    assert people["admin"].post("/v1/people", json=body).status_code == 201
    client = suite.client(sign_in_with_code(Client(suite.url), suite.console_file, PHONE))
    client.hooks["response"] = list(people["worker"].hooks["response"])
    return client


def test_people_choose_what_they_are_told(newcomer: Client) -> None:
    before = newcomer.get("/v1/inbox/preferences").json()
    assert (before["zone"], before["quiet"]) == ("Asia/Shanghai", {"begins": "22:00", "ends": "07:00"})
    chosen = newcomer.put("/v1/inbox/preferences", json=CHOICE).json()
    assert {name: chosen[name] for name in CHOICE} == CHOICE
    assert newcomer.get("/v1/inbox/preferences").json() == chosen
    refused = newcomer.put("/v1/inbox/preferences", json={"declined": {"own_case": ["sms"]}})
    assert (refused.status_code, refused.json()["code"]) == (422, "mandatory_kind")
    wrong = newcomer.put("/v1/inbox/preferences", json={"zone": "Mars", "declined": {"task": ["fax"]}})
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"/zone", "/declined/task/0"}
    assert newcomer.get("/v1/inbox/preferences").json() == chosen


def test_people_say_where_they_are_reached_and_see_it_masked(newcomer: Client) -> None:
    body: dict[str, Any] = {"addresses": {"email": "zhou.ce@example.org", "ntfy": "zhou-941"}}
    assert newcomer.patch("/v1/me", json=body).ok
    assert newcomer.get("/v1/me").json()["addresses"] == {"email": "z***@example.org", "ntfy": "zh****41"}
    assert newcomer.get("/v1/me/data").json()["addresses"] == body["addresses"]
    wrong = {"addresses": {"email": "zhou.ce@", "bark": "?"}}
    refused = newcomer.patch("/v1/me", json=wrong, headers={"Accept-Language": "zh-CN"})
    assert [(each["pointer"], each["detail"]) for each in refused.json()["errors"]] == [
        ("/addresses/email", "不是电子邮箱地址，应形如 name@example.cn。"),
        ("/addresses/bark", "不是 Bark 设备密钥，应为 8 到 64 个字母和数字。"),
    ]


def test_an_office_sees_what_became_of_a_message(
    suite: StagedSuite, people: dict[str, Client], newcomer: Client
) -> None:
    docket = Docket(suite, people | {"newcomer": newcomer})
    docket.set(NOON)
    docket.report("newcomer", category="0101")
    docket.act("dispatcher", "register", category="0101")
    query = {"case_id": docket.case_id, "template": "registered"}

    def sent() -> list[dict[str, Any]]:
        return list(people["dispatcher"].get("/v1/messages", params={**query, "state": "sent"}).json()["items"])

    [message] = eventually(sent)
    assert [(each["provider"], each["outcome"]) for each in message["attempts"]] == [("console", "sent")]
    assert PHONE not in str(message)
    one = people["dispatcher"].get(f"/v1/messages/{message['message_id']}")
    assert one.json() == message
    again = people["dispatcher"].post(f"/v1/messages/{message['message_id']}/resend")
    assert (again.status_code, again.json()["details"]) == (409, {"state": "sent"})
    made = people["dispatcher"].post("/v1/message-resends", json={"case_id": docket.case_id})
    assert (made.status_code, made.json()["messages"], made.json()["done"]) == (201, 0, True)
    assert people["dispatcher"].get(made.headers["Location"]).json() == made.json()
    for who in ("resident", "worker", "inspector"):
        assert people[who].get("/v1/messages").status_code == 403


def test_a_link_that_is_none_leads_nowhere(suite: StagedSuite) -> None:
    for method in ("GET", "POST"):
        answer = suite.client().request(method, "/v1/unsubscribe/gAAAAAB")
        assert (answer.status_code, answer.json()["code"]) == (404, "link_not_found")


BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"}


def test_the_link_of_a_message_is_opened_in_a_browser_and_its_button_stops_more(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    """Looking changes nothing, as a program that checks links does; the button does, and anybody may press it."""
    docket = Docket(suite, people)
    docket.set(NOON)

    def asked() -> list[dict[str, Any]]:
        """What the worker was sent of this case."""
        wanted = {"case_id": docket.case_id, "recipient": "p-worker", "template": "verify_please"}
        return [line for line in suite.console() if wanted.items() <= line.items()]

    assert people["worker"].put("/v1/inbox/preferences", json={}).ok
    docket.report("resident", category="0101")
    docket.act("dispatcher", "ask-verify")
    link = eventually(asked)[0]["unsubscribe"]
    assert link.startswith(f"{suite.url}/v1/unsubscribe/")
    link = link.removeprefix(suite.url)
    anybody = suite.client()
    page = anybody.get(link, headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Stop messages about tasks given to you?" in page.text
    assert people["worker"].get("/v1/inbox/preferences").json()["declined"] == {}
    assert "Unsubscribed" in anybody.post(link, headers=BROWSER).text
    assert set(people["worker"].get("/v1/inbox/preferences").json()["declined"]) == {"task"}
    broken = anybody.get(link[:-9], headers=BROWSER)
    assert (broken.status_code, "There is no such link" in broken.text) == (404, True)
    assert people["worker"].put("/v1/inbox/preferences", json={}).ok


def test_who_holds_a_post_reads_on_monday_how_their_grids_stand(suite: StagedSuite, people: dict[str, Client]) -> None:
    """Once for the week, from the posts that members keeps and the sums of the ledger of cases."""
    suite.clock.set("2026-03-23T08:30:00+08:00")

    def weeks() -> list[dict[str, Any]]:
        items = people["worker"].get("/v1/inbox", params={"limit": 100}).json()["items"]
        titles = [(each, each["texts"]["en"]["title"]) for each in items if each["template"] == "week_of_posts"]
        return [each for each, title in titles if title.endswith("2026-03-16 – 2026-03-22")]

    [week] = eventually(weeks, 90)
    assert "Open now: " in week["texts"]["en"]["body"]
    assert "week" in {each["kind"] for each in people["worker"].get("/v1/inbox/preferences").json()["kinds"]}
