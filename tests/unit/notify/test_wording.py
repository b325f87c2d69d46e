import re
from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from notify.calls import call
from notify.notices import activity_notice, dual_service_notice, hours_notice, session_notice, sign_in_notice
from notify.notices.case_notice import NOTICES
from notify.notices.match_list_notice import TOLD
from notify.notices.reminder import REMINDERS
from notify.notices.summons_notice import SUMMONS
from notify.templates import sample
from notify.templates.sample import NAMES
from notify.weeks import week
from notify.wording import wording
from notify.wording.catalogue import COUNTED, KINDS, PRIVATE, codes, counted, label, listed, number
from notify.wording.wording import (
    LANGUAGES,
    LIMITS,
    Place,
    Source,
    Text,
    Wording,
    built_in,
    templates,
    text,
    texts,
)
from notify.wording.words import COUNTS, VARIABLES, WEEK, discreet

FULL = {
    **sample.FULL,
    "number": "GX202603120001",
    "target_number": "GX202603120002",
    "needs": 1,
    "passes_on": "registered",
    "activity": "Thursday 31",
    "call": "Thursday 31",
    "call_reason": "Rain 31",
    **dict.fromkeys(WEEK, 31),
}
"""Everything there is to say, with numbers that stand out."""

LEAST = {name: FULL[name] for name in (*sample.ALWAYS, "passes_on")}
EVERY = sorted(templates())


def test_every_message_of_the_table_has_its_template_in_every_language() -> None:
    needed = {rule.template for rules in (*NOTICES.values(), *SUMMONS.values()) for rule in rules}
    needed |= {row.template for rows in TOLD.values() for row in rows}
    needed |= {row.template for rows in dual_service_notice.TOLD.values() for row in rows}
    needed |= {*activity_notice.TEMPLATES.values(), activity_notice.OVERLAPPING, activity_notice.OWN_CALLED_OFF}
    needed |= {activity_notice.REMINDER}
    needed |= {template for template, _ in hours_notice.HOURS.values()}
    needed |= {*session_notice.TEMPLATES.values(), *session_notice.BY_HAND.values()}
    needed |= {sign_in_notice.TEMPLATE}
    needed |= {call.TEMPLATE, call.OFF_TEMPLATE, week.TEMPLATE}
    needed |= {one.template for one in REMINDERS.values()}
    needed |= {rule.template for one in REMINDERS.values() for rule in one.also}
    assert (
        needed
        | {
            "call_by_hand",
            "tell_by_hand",
            "tell_followers_by_hand",
            "subscription_disabled",
            "delivery_parked",
            "digest",
            "one_time_code",
            "phone_changed",
        }
        == templates()
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", EVERY)
@pytest.mark.parametrize("facts", [FULL, LEAST], ids=["full", "least"])
def test_every_template_renders_in_every_language(template: str, language: str, facts: dict[str, object]) -> None:
    found = text(template, language, facts, NAMES)
    assert found.title
    assert found.body
    assert "None" not in found.title + found.body
    assert "{" not in found.title + found.body
    assert bool(re.search("[一-鿿]", found.title)) is (language == "zh-CN")


def test_a_built_in_text_that_asks_for_what_is_never_given_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = wording._source(wording._ENVIRONMENT, "{{ nunber }}")
    monkeypatch.setattr(wording, "built_in", lambda: {Place("registered", "en"): odd})
    with pytest.raises(UndefinedError):
        text("registered", "en", FULL, NAMES)


@pytest.mark.parametrize("make", [wording.edited, partial(wording._source, wording._ENVIRONMENT)])
def test_a_text_cannot_reach_into_python(make: Callable[[str], Source], monkeypatch: pytest.MonkeyPatch) -> None:
    odd = make("{{ number.__class__.__mro__ }}")
    monkeypatch.setattr(wording, "built_in", lambda: {Place("registered", "en"): odd})
    with pytest.raises((SecurityError, UndefinedError)):
        text("registered", "en", FULL, NAMES)


def test_an_edited_text_knows_no_functions() -> None:
    with pytest.raises(UndefinedError):
        wording.edited("{{ range(3) }}").rendered({})


@pytest.mark.parametrize("asks_next", [True, False])
def test_nobody_is_asked_to_dispatch_what_the_next_candidate_gets(asks_next: bool) -> None:
    facts = FULL | {"asks_next": asks_next}
    for language, words in (("en", "Please dispatch it again."), ("zh-CN", "请重新派单。")):
        assert (words in text("returned", language, facts, NAMES).body) is not asks_next


def test_times_are_shown_in_shanghai() -> None:
    body = text("registered", "zh-CN", FULL, NAMES).body
    assert "2026-03-12 21:40" in body
    assert "2026-03-17 18:00" in body


def test_dispatching_names_the_units_and_no_person() -> None:
    people = {**NAMES, "p-worker": "刘测014"}
    facts = {**FULL, "assignees": ["p-worker"]}
    assert "路灯管理所、高新社区居委会" in text("dispatched", "zh-CN", facts, people).body
    assert "路灯管理所, 高新社区居委会" in text("dispatched", "en", facts, people).body
    assert "刘测014" not in text("dispatched", "zh-CN", facts, people).body


def test_a_unit_whose_name_is_unknown_is_left_out() -> None:
    assert "承办人员" in text("dispatched", "zh-CN", {**FULL, "unit_ids": ["u-new"]}, NAMES).body


def test_the_category_is_named_in_the_language_of_the_text() -> None:
    found = texts("registered", FULL, NAMES)
    assert "路灯不亮/闪烁" in found["zh-CN"]["body"]
    assert "Street lamp out or flickering" in found["en"]["body"]


def test_a_task_tells_the_compound_rather_than_the_grid() -> None:
    assert "东源胜景小区" in text("assigned", "zh-CN", FULL, NAMES).body
    assert "高新社区第一网格" in text("assigned", "zh-CN", {**FULL, "compound_id": None}, NAMES).body


def test_what_is_to_be_told_by_hand_is_said_in_full() -> None:
    """F56: the worker reads what the reporter would have read."""
    for language, way in (("zh-CN", "上门"), ("en", "visit")):
        found, message = text("tell_by_hand", language, FULL, NAMES), text("registered", language, FULL, NAMES)
        assert way in found.body
        assert f"{message.title}\n{message.body}" in found.body


def test_who_has_no_account_is_not_sent_to_look_into_the_case() -> None:
    """F56: the worker who calls reads the answer there and says it."""
    for template, zh, en in (
        ("answered_directly", "请在案件中查看", "the answer is in the case"),
        ("rejected", "请在案件中查看", "The full explanation is in the case"),
    ):
        for language, look in (("zh-CN", zh), ("en", en)):
            assert look not in text("tell_by_hand", language, {**FULL, "passes_on": template}, NAMES).body
            assert look in text(template, language, {**FULL, "passes_on": None}, NAMES).body


def test_all_58_categories_have_a_label_in_every_language() -> None:
    assert len(codes("category", "en") - {PRIVATE}) == 58
    assert all(codes(kind, "en") == codes(kind, "zh-CN") != frozenset() for kind in KINDS)


def test_the_names_that_a_text_may_need_are_known_beforehand() -> None:
    category = {f"category/{FULL['grid_code'][:6]}/{FULL['category']}/{language}" for language in LANGUAGES}
    assert wording.named(FULL) == set(NAMES) | category
    assert wording.named(LEAST) == set()


@pytest.mark.parametrize("place", sorted(built_in()))
def test_a_built_in_text_asks_for_no_variable_that_there_is_not(place: Place) -> None:
    assert built_in()[place].asks <= VARIABLES.keys()


@pytest.mark.parametrize("template", EVERY)
def test_every_text_fits_its_channel_and_none_is_cut(template: str) -> None:
    otherwise = FULL | {"unassigned": False, "asks_next": False}
    for language, channel, facts in product(LANGUAGES, LIMITS, (FULL, otherwise, LEAST)):
        found = text(template, language, facts, NAMES, channel)
        assert len(str(found)) <= LIMITS[channel]
        assert not found.body.endswith("…") or template == "digest"
        assert found.title, (language, channel)
        assert found.body, (language, channel)
        assert "None" not in str(found)
        assert bool(re.search("[一-鿿]", found.title)) is (language == "zh-CN")


def test_a_channel_without_a_text_of_its_own_has_the_one_for_all() -> None:
    assert text("closed", "en", FULL, NAMES, "email") == text("closed", "en", FULL, NAMES)
    short = text("closed", "en", FULL, NAMES, "sms")
    assert len(str(short)) < len(str(text("closed", "en", FULL, NAMES)))
    assert text("closed", "zh-CN", FULL, NAMES, "sms") == text("closed", "zh-CN", FULL, NAMES)


def test_what_is_too_long_for_its_channel_loses_its_end_and_says_so() -> None:
    found = text("activity_moved", "en", FULL | {"activity": "Long " * 30}, NAMES, "sms")
    assert len(str(found)) <= LIMITS["sms"]
    assert found.body.endswith("…")
    assert Text("abc", "defgh").fitted(8) == Text("abc", "def…")
    assert Text("abc", "defg").fitted(8) == Text("abc", "defg")
    assert Text("abcdefgh", "ij").fitted(5) == Text("abc", "…")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 reports"), (1, "1 report"), (2, "2 reports"), (1_200, "1,200 reports")]
)
def test_what_is_counted_has_the_plural_of_its_language(count: int, said: str) -> None:
    assert counted("report", count, "en") == said
    assert "件反映" in counted("report", count, "zh-CN")


def test_every_thing_that_is_counted_has_its_forms_in_every_language() -> None:
    assert set(COUNTS.values()) == COUNTED.keys()
    for thing, many in COUNTED.items():
        assert [counted(thing, count, "en") for count in (1, 2)] == [f"1 {thing}", f"2 {many}"]
        assert re.fullmatch(r"2 ?[一-鿿]+", counted(thing, 2, "zh-CN"))


def test_one_of_a_kind_is_told_as_one() -> None:
    facts = FULL | {"cases": 1, "needs": 1, "calls": 1, "reports": 1}
    assert "1 problem and 1 need." in text("session_decided", "en", facts, NAMES).body
    assert "1 person left a phone" in text("session_done_by_hand", "en", facts, NAMES).body
    assert "stands for 1 report." in text("task_joined", "en", facts, NAMES).body


def test_a_code_that_is_its_own_label_is_no_missing_one() -> None:
    assert label("reason", "weather", "en") == "weather"
    assert label("reason", "no such", "en") is None
    assert label("category", None, "zh-CN") is None


def test_numbers_and_lists_are_told_as_the_language_does() -> None:
    assert number(1_500, "en") == "1,500"
    assert [listed(["a", "b"], language) for language in LANGUAGES] == ["a、b", "a, b"]


def test_an_edited_text_goes_before_the_built_in_one_and_falls_back_to_it() -> None:
    failed = []
    edited = {
        Place("registered", "en"): wording.edited("Hello {{ number }}\nPlace: {{ place }}{{ category }}"),
        Place("registered", "en", "sms"): wording.edited("Hi\n{{ nunber }}"),
    }
    found = Wording(edited, lambda place, reason: failed.append((place, reason)))
    assert str(found.text("registered", "en", LEAST, NAMES)) == "Hello GX202603120001\nPlace:"
    assert found.text("registered", "zh-CN", FULL, NAMES) == text("registered", "zh-CN", FULL, NAMES)
    assert failed == []
    assert found.text("registered", "en", FULL, NAMES, "sms") == text("registered", "en", FULL, NAMES, "sms")
    assert failed == [(Place("registered", "en", "sms"), "UndefinedError")]


@pytest.mark.parametrize("name", ["upper", "lower", "capitalize", "trim"])
def test_filters_of_nothing_give_nothing(name: str) -> None:
    nothing = wording.edited(f"Case\n[{{{{ category|{name} }}}}{{{{ none|{name} }}}}]")
    assert Wording({Place("registered", "en"): nothing}).text("registered", "en", LEAST, NAMES).body == "[]"
    either = wording.edited(f"Case\n{{{{ category|{name} or 'some' }}}}{{% if place|{name} %}} at a place{{% endif %}}")
    assert Wording({Place("registered", "en"): either}).text("registered", "en", LEAST, NAMES).body == "some"


@pytest.mark.parametrize(
    "expression",
    ["true", "false", "number == number", "not number", "asks_next", "asks_next|upper", "(number == number)|trim"],
)
@pytest.mark.parametrize("told", [True, False])
def test_truth_values_are_asked_and_never_said(expression: str, told: bool) -> None:
    found = Wording({Place("returned", "en"): wording.edited(f"Case\n[{{{{ {expression} }}}}]")})
    assert found.text("returned", "en", FULL | {"asks_next": told}, NAMES).body == "[]"
    asked = wording.edited("Case\n{% if asks_next|upper %}yes{% else %}no{% endif %}")
    found = Wording({Place("returned", "en"): asked})
    assert found.text("returned", "en", FULL | {"asks_next": told}, NAMES).body == ("yes" if told else "no")


@pytest.mark.parametrize(
    ("name", "said"), [("upper", "[AB C]"), ("lower", "[ab c]"), ("capitalize", "[Ab c]"), ("trim", "[aB c]")]
)
def test_filters_of_a_text_change_its_case_or_its_ends(name: str, said: str) -> None:
    found = Wording({Place("registered", "en"): wording.edited(f"Case\n[{{{{ number|{name} }}}}]")})
    assert found.text("registered", "en", {**LEAST, "number": "aB c"}, NAMES).body == said


@pytest.mark.parametrize("source", ["{% if place %}Title{% endif %}\nBody", "Title\n{% if place %}Body{% endif %}"])
def test_an_edited_text_that_says_nothing_of_the_case_at_hand_gives_way_to_the_built_in_one(source: str) -> None:
    failed = []
    found = Wording({Place("registered", "en"): wording.edited(source)}, lambda *each: failed.append(each))
    assert found.text("registered", "en", LEAST, {}) == text("registered", "en", LEAST, {})
    assert failed == [(Place("registered", "en"), "nothing said")]


def test_an_edited_template_has_no_text_of_a_channel_that_it_does_not_name() -> None:
    found = Wording({Place("closed", "en"): wording.edited("A\nb")})
    assert found.text("closed", "en", FULL, NAMES, "sms") == Text("A", "b")


def test_what_is_told_by_hand_is_what_the_edited_text_says() -> None:
    found = Wording({Place("registered", "en"): wording.edited("Edited {{ number }}\nb")})
    assert "Edited GX202603120001\nb" in found.text("tell_by_hand", "en", FULL, NAMES).body


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "template", sorted({*(row.template for rows in NOTICES.values() for row in rows), "tell_by_hand"})
)
def test_what_leaves_the_house_about_a_sensitive_case_says_no_category_place_or_unit(
    template: str, language: str
) -> None:
    facts = {**FULL, "restricted": True, "passes_on": None}
    said = str(text(template, language, discreet(facts), NAMES))
    telling = {label("category", facts["category"], language), *NAMES.values()}
    assert [each for each in telling if each and each in said] == []
    assert FULL["number"] in said or template not in {"assigned", "registered"}
    assert discreet(FULL) == FULL


@pytest.mark.parametrize(("language", "called"), [("zh-CN", "充电桩损坏"), ("en", "Charging post broken")])
def test_a_category_that_a_district_added_is_called_what_the_district_calls_it(language: str, called: str) -> None:
    facts = {**FULL, "category": "0199"}
    names = {**NAMES, "category/360704/0199/zh-CN": "充电桩损坏", "category/360704/0199/en": "Charging post broken"}
    assert wording.named(facts) - set(NAMES) == names.keys() - set(NAMES)
    assert called in text("registered", language, facts, names).body
    assert called not in text("registered", language, {**facts, "category": "0101"}, names).body


@pytest.mark.parametrize(("language", "called"), [("zh-CN", "路灯坏了"), ("en", "Lamp broken")])
def test_a_category_that_a_district_renamed_is_called_what_the_district_calls_it(language: str, called: str) -> None:
    names = {**NAMES, "category/360704/0101/zh-CN": "路灯坏了", "category/360704/0101/en": "Lamp broken"}
    assert called in text("registered", language, FULL, names).body
    elsewhere = {**FULL, "grid_code": "360703100002001"}
    assert str(label("category", "0101", language)) in text("registered", language, elsewhere, names).body
    private = text("registered", language, discreet({**FULL, "restricted": True}), names).body
    assert called not in private
