"""Edited templates on a real store: versions, who may, what is refused, what is sent, and by which instance."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from nameko.testing.services import worker_factory
from pymongo.database import Database
from structlog.testing import capture_logs

from chassis.errors import Refusal
from chassis.mongo import Home
from notify.service import NotifyService
from notify.templates.store import FELL_BACK, TemplateStore
from notify.wording.wording import sources
from tests.component.notify.samples import MembersStandIn, caller, event, person
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_messages import Provider
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

ADMIN = caller("p-admin", "district_admin")
PARTY = caller("p-party", "party_office")
AUDITOR = caller("p-auditor", "auditor")
XIE = caller("p-xie")
DRAFT = {
    "zh-CN": {"plain": "已立案 {{ number }}\n类别：{{ category }}。"},
    "en": {"plain": "Case {{ number }}\nIt is one."},
}
ACTIVITY = {
    "zh-CN": {"plain": "有位子 {{ activity }}\n请来。"},
    "en": {"plain": "A place: {{ activity }}\nPlease come."},
}


def save(service: NotifyService, based_on: int = 0, **more: Any) -> dict[str, Any]:
    asked = {"caller": ADMIN, "command_id": f"k-{based_on}", "template": "registered", "reason": "clearer"}
    texts = {} if "reverts_to" in more else {"texts": DRAFT}
    answer: dict[str, Any] = service.save_template(**{**asked, **texts, "based_on": based_on, **more})
    return answer


def refused(service: NotifyService, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        save(service, **more)
    return caught.value


def title(service: NotifyService) -> str:
    [shown] = service.inbox(XIE)["items"]
    return str(shown["texts"]["zh-CN"]["title"])


@pytest.fixture
def told(service: NotifyService) -> NotifyService:
    service.tell(event("case.registered"))
    return service


def test_a_saved_text_holds_at_once_in_the_inbox_and_outside(told: NotifyService) -> None:
    provider = Provider("sms")
    told.channels = (provider,)
    assert title(told) == "已立案 GX-c-1"
    saved = save(
        told, texts={**DRAFT, "zh-CN": {"plain": "您的案件 {{ number }}\n已立案。", "sms": "{{ number }}\n已立案"}}
    )
    assert (saved["version"], saved["by"], saved["reason"], saved["at"]) == (
        1,
        "p-admin",
        "clearer",
        "2026-03-12T11:40:00Z",
    )
    assert title(told) == "您的案件 GX-c-1"
    told.send_outside()
    assert [(each.title, each.body) for each in provider.took] == [("GX-c-1", "已立案")]


def test_versions_are_kept_and_reverting_is_a_new_one(told: NotifyService) -> None:
    save(told)
    save(told, 1, texts={**DRAFT, "en": {"plain": "Another {{ number }}\nText."}})
    save(told, 2, reverts_to=1, reason="the other was worse")
    first = told.template_versions(ADMIN, "registered", limit=3)
    assert [each["version"] for each in first["items"]] == [3, 2, 1]
    assert [each["reverts_to"] for each in first["items"]] == [1, None, None]
    assert first["items"][0]["texts"] == first["items"][2]["texts"] == DRAFT
    rest = told.template_versions(ADMIN, "registered", after=first["next"], limit=3)
    assert [(each["version"], each["by"], each["texts"]) for each in rest["items"]] == [
        (0, None, sources("registered"))
    ]
    assert rest["next"] is None
    assert told.template_versions(ADMIN, "registered", after=0) == {"items": [], "next": None}
    save(told, 3, reverts_to=0)
    assert told.message_template(ADMIN, "registered")["texts"] == sources("registered")
    assert title(told) == "已立案 GX-c-1"


def test_each_newer_version_holds_on_an_instance_that_has_seen_an_older_one(told: NotifyService) -> None:
    save(told)
    assert title(told) == "已立案 GX-c-1"
    save(told, 1, texts={**DRAFT, "zh-CN": {"plain": "第二版 {{ number }}\n正文。"}})
    assert title(told) == "第二版 GX-c-1"


def test_back_to_the_built_in_text_is_back_to_that_of_every_later_release(
    told: NotifyService, database: Stored
) -> None:
    save(told)
    save(told, 1, reverts_to=0)
    database["template_versions"].update_one(
        {"number": 2}, {"$set": {"texts.zh-CN.plain": "上一版 {{ number }}\n旧文。"}}
    )
    assert title(told) == "已立案 GX-c-1"
    assert told.message_template(ADMIN, "registered")["texts"] == sources("registered")


def test_pages_of_versions_end_with_the_built_in_one(told: NotifyService) -> None:
    save(told)
    seen, after = [], None
    for _ in range(2):
        page = told.template_versions(AUDITOR, "registered", after=after, limit=1)
        seen += [each["version"] for each in page["items"]]
        after = page["next"]
    assert (seen, after) == ([1, 0], None)


def test_the_reason_keeps_nobodys_number(told: NotifyService) -> None:
    save(told, reason="asked for by 12000000001")
    assert told.template_versions(ADMIN, "registered")["items"][0]["reason"] == "asked for by 120****0001"


def test_a_text_keeps_no_identity_number_and_may_say_whom_to_call(told: NotifyService) -> None:
    said = {each: {"plain": "立案 {{ number }}\n请带999999199001010016来,电话12000000001"} for each in DRAFT}
    kept = str(save(told, texts=said))
    assert "19900101" not in kept
    shown = str(told.inbox(XIE)["items"])
    assert ("19900101" in shown, "12000000001" in shown) == (False, True)


def test_who_edits_what_was_edited_meanwhile_is_told(told: NotifyService) -> None:
    save(told)
    found = refused(told, command_id="k-other")
    assert (found.code, found.details["version"]) == ("template_changed", 1)
    assert refused(told, based_on=7, command_id="k-7").code == "template_changed"


def test_a_command_is_carried_out_once(told: NotifyService) -> None:
    assert save(told) == save(told)
    assert refused(told, reason="something else").code == "command_id_reused"
    assert [each["version"] for each in told.template_versions(ADMIN, "registered")["items"]] == [1, 0]


def test_of_many_who_save_at_once_one_wins_and_no_number_is_twice(told: NotifyService, store: NotifyStores) -> None:
    def one(number: int) -> str:
        try:
            save(told, command_id=f"k{number}", template=("registered", "reported")[number % 2])
        except Refusal as error:
            return error.code
        return "saved"

    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(one, range(32)))
    assert sorted(set(ends)) == ["saved", "template_changed"]
    assert ends.count("saved") == 2
    assert store.templates.numbers() == {"registered": 1, "reported": 1}


def test_everything_that_is_wrong_is_told_and_nothing_is_kept(told: NotifyService, database: Stored) -> None:
    texts = {
        "zh-CN": {"plain": "标题\n{{ nunber }}"},
        "en": {"plain": "Case {{ number }}\nBody", "sms": "Title\n\n{% for a in b %}{% endfor %}"},
    }
    found = refused(told, texts=texts)
    assert found.code == "template_refused"
    assert [(each["pointer"], each["code"], each["details"]["line"]) for each in found.details["errors"]] == [
        ("/texts/zh-CN/plain", "unknown_template_variable", 2),
        ("/texts/en/sms", "template_loop", 3),
    ]
    assert database["template_versions"].count_documents({}) == 0


def test_what_is_asked_is_read_strictly(told: NotifyService) -> None:
    assert refused(told, texts={"en": {"plain": "a\nb"}}).details["errors"][0]["pointer"] == "/texts/zh-CN"
    assert refused(told, texts=DRAFT, reverts_to=0).details["errors"][0]["pointer"] == ""
    assert refused(told, reverts_to=4).code == "unknown_template_version"
    for reason in ("", "  ", "a\x07b", "a\nb"):
        assert refused(told, reason=reason).details["errors"][0]["pointer"] == "/reason"
    assert refused(told, template="no_such").code == "template_not_found"
    with pytest.raises(Refusal, match="template_not_found"):
        told.message_template(ADMIN, "../secrets")


@pytest.mark.parametrize("template", ["registered", "one_time_code", "activity_seated"])
@pytest.mark.parametrize(
    "who", [XIE, caller("p-desk", "dispatcher"), AUDITOR, caller("p-town", "district_admin", "360704100")]
)
def test_who_may_not_change_what_messages_say(told: NotifyService, who: dict[str, Any], template: str) -> None:
    assert refused(told, caller=who, template=template).code == "not_permitted"


def test_the_party_office_changes_what_is_said_to_members(told: NotifyService) -> None:
    assert save(told, caller=PARTY, template="activity_seated", texts=ACTIVITY)["by"] == "p-party"
    assert refused(told, caller=PARTY).code == "not_permitted"
    assert told.message_template(PARTY, "registered")["version"] == 0
    with pytest.raises(Refusal, match="not_permitted"):
        told.message_templates(XIE)


def test_the_list_names_variables_and_versions(told: NotifyService) -> None:
    save(told)
    items = {each["template"]: each for each in told.message_templates(AUDITOR)["items"]}
    assert (items["registered"]["version"], items["reported"]["version"]) == (1, 0)
    assert items["registered"]["kind"] == "own_case"
    assert {"name": "resolve_due", "form": "time", "needed": False} in items["registered"]["variables"]
    assert items["one_time_code"]["variables"][0] == {"name": "code", "form": "plain", "needed": True}


def test_a_preview_shows_every_language_channel_and_sample_and_keeps_nothing(
    told: NotifyService, database: Stored
) -> None:
    shown = told.preview_template(PARTY, "registered", texts=DRAFT)["items"]
    assert len(shown) == 2 * 5 * 2
    [one] = [each for each in shown if (each["language"], each["channel"], each["sample"]) == ("en", "sms", "full")]
    assert (one["title"], one["body"], one["most"]) == ("Case 360704-20260312-7K3F9Q", "It is one.", 201)
    now = told.preview_template(PARTY, "registered")["items"]
    assert now[0]["body"].startswith("您反映的问题“路灯不亮/闪烁”已立案。")
    with pytest.raises(Refusal, match="template_refused"):
        told.preview_template(PARTY, "registered", texts={**DRAFT, "en": {"plain": "{{"}})
    assert database["template_versions"].count_documents({}) == 0


def test_another_instance_says_it_too_with_its_next_round(
    told: NotifyService, database: Stored, members: MembersStandIn, clock: SetClock
) -> None:
    provider = Provider("sms")
    told.channels = (provider,)
    told.send_outside()
    elsewhere = worker_factory(
        NotifyService, templates_kept=TemplateStore(Home(database)), clock=clock, members=members
    )
    save(elsewhere)
    told.tell(event("case.registered", case="c-2", sequence=1))
    told.send_outside()
    assert [each.body for each in provider.took][1:] == ["类别：路灯不亮/闪烁。"]


def test_of_a_database_that_was_put_back_nothing_newer_holds(told: NotifyService, database: Stored) -> None:
    """Neither a later version of a template that it knows, nor one of a template that was not edited yet."""
    save(told)
    later = {"zh-CN": {"plain": "改了 {{ number }}\n类别：{{ category }}。"}, "en": DRAFT["en"]}
    save(told, based_on=1, texts=later)
    save(told, command_id="k-other", template="closed", texts=DRAFT)
    assert title(told).startswith("改了")
    database["template_versions"].delete_many({"_id": {"$gt": 1}})
    assert title(told).startswith("已立案")
    assert {each.template for each in told.templates_kept.wording().edited} == {"registered"}


def test_a_round_looks_for_new_versions_once_however_many_messages_it_sends(
    service: NotifyService, members: MembersStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    looks, look = [], TemplateStore._newest

    def counted(store: TemplateStore) -> int:
        looks.append(store)
        return look(store)

    monkeypatch.setattr(TemplateStore, "_newest", counted)
    members.people |= {f"p-{n}": person(f"p-{n}", f"1200001{n:04}", channels=["sms"]) for n in range(30)}
    for n in range(30):
        service.tell(event("case.registered", case=f"c-{n}", reporter_id=f"p-{n}"))
    service.send_outside()
    assert len(provider.took) == 30
    assert len(looks) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "已立案 {{ nunber }}\n{{ number.x.y }}",
        "{{",
        "{% for a in range(3) %}{{ a }}{% endfor %}",
        "a\n{{ number.__class__() }}",
    ],
)
def test_a_kept_text_that_fails_is_replaced_by_the_built_in_one_and_reported(
    told: NotifyService, database: Stored, broken: str
) -> None:
    """As after a release that has taken a variable away: nothing is lost, and somebody hears of it."""
    provider = Provider("sms")
    told.channels = (provider,)
    save(told)
    database["template_versions"].update_one({}, {"$set": {"texts.zh-CN.plain": broken}})
    before = FELL_BACK.labels("registered")._value.get()
    with capture_logs() as logs:
        told.send_outside()
    assert [each.title for each in provider.took] == ["已立案 GX-c-1"]
    assert FELL_BACK.labels("registered")._value.get() > before
    assert {each["event"] for each in logs if each["log_level"] == "error"} == {"edited template failed"}
    assert told.message_template(ADMIN, "registered")["faults"][0]["pointer"] == "/texts/zh-CN/plain"


def test_a_code_goes_out_in_edited_words(service: NotifyService) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    draft = {"zh-CN": {"plain": "验证码\n{{ code }}，请勿外传。"}, "en": {"plain": "Code\n{{ code }}"}}
    save(service, template="one_time_code", texts=draft)
    service.send_code("12000000001", "123456", "2026-03-12T11:45:00Z")
    assert [each.body for each in provider.took] == ["123456，请勿外传。"]
