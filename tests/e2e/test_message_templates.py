"""What messages say is changed by an operator, on the whole suite: read by people, refused where it breaks."""

from typing import Any

from dev.client import Client
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

ONE = "/v1/message-templates/reported"
GRID = "360704100002001"
DRAFT = {
    "zh-CN": {"plain": "我们收到了 {{ number }}\n谢谢您的反映。如有危险，请拨打 110、119 或 120。"},
    "en": {
        "plain": "We have {{ number }}\nThank you. If anyone is in danger, call 110, 119 or 120.",
        "sms": "{{ number }}\nThank you.",
    },
}


def ok(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def titles(client: Client) -> list[str]:
    items = client.get("/v1/inbox", params={"limit": 100}).json()["items"]
    return [each["texts"]["zh-CN"]["title"] for each in items if each["template"] == "reported"]


def save(client: Client, **body: Any) -> Any:
    return client.post(f"{ONE}/versions", json={"reason": "kinder", **body})


def test_an_operator_changes_what_a_message_says_and_takes_it_back(
    people: dict[str, Client], suite: StagedSuite
) -> None:
    suite.clock.set("2026-03-12T19:40:00+08:00")
    admin, resident = people["admin"], people["resident"]
    ok(resident.post("/v1/cases", json={"category": "0301", "text": "楼下垃圾没人收", "grid_code": GRID}), 201)
    before = eventually(lambda: titles(resident))
    assert before[0].startswith("已收到您的反映")
    shown = ok(admin.get(ONE))
    assert {each["name"] for each in shown["variables"]} >= {"number", "category", "place"}
    samples = ok(admin.post(f"{ONE}/preview", json={"texts": DRAFT}))["items"]
    assert {(each["language"], each["channel"], each["sample"]) for each in samples} >= {("en", "sms", "least")}
    saved = ok(save(admin, based_on=shown["version"], texts=DRAFT), 201)
    try:
        assert eventually(lambda: titles(resident)[0].startswith("我们收到了"))
        stale = save(admin, based_on=shown["version"], texts=DRAFT, reason="another")
        assert (stale.status_code, stale.json()["code"]) == (409, "template_changed")
    finally:
        again = ok(save(admin, based_on=saved["version"], reverts_to=0), 201)
    assert titles(resident) == before
    versions = ok(admin.get(f"{ONE}/versions"))["items"]
    assert [each["version"] for each in versions][:2] == [again["version"], saved["version"]]
    assert versions[-1]["by"] is None


def test_what_would_break_is_refused_in_the_readers_language_with_its_line(people: dict[str, Client]) -> None:
    admin, based_on = people["admin"], ok(people["admin"].get(ONE))["version"]
    texts = {**DRAFT, "en": {"plain": "Title\n\n{{ number.__class__ }} {{ nunber }}"}}
    body = {"reason": "x", "based_on": based_on, "texts": texts}
    for language, title in (("en", "There is no such variable"), ("zh-CN", "没有这个变量")):
        answer = admin.post(f"{ONE}/versions", json=body, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["code"]) == (422, "template_refused")
        forbidden, unknown = answer.json()["errors"]
        assert (forbidden["code"], forbidden["details"]["line"]) == ("template_forbidden", 3)
        assert (unknown["pointer"], unknown["detail"]) == ("/texts/en/plain", title)
    unread = {**body, "texts": {**DRAFT, "en": {"plain": "Title\n{{ number"}}}
    for language, reason in (("en", "unexpected end of template, expected '}}'."), ("zh-CN", "缺少 }}。")):
        answer = admin.post(f"{ONE}/versions", json=unread, headers={"Accept-Language": language})
        [fault] = answer.json()["errors"]
        assert (fault["code"], fault["details"]) == ("template_syntax", {"line": 2, "said": reason})
    assert ok(admin.get(ONE))["version"] == based_on


def test_only_whose_policy_it_is_changes_messages(people: dict[str, Client]) -> None:
    for who in ("resident", "dispatcher", "worker"):
        assert save(people[who], based_on=0, texts=DRAFT).status_code == 403
        assert people[who].get("/v1/message-templates").status_code == 403
    missing = people["admin"].get("/v1/message-templates/no-such")
    assert (missing.status_code, missing.json()["code"]) == (404, "template_not_found")
