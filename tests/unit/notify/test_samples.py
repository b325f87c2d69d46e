"""What notify reads of others' events is what they send: held to the samples that both sides share."""

import json
from dataclasses import replace

import pytest

from chassis.event import Event
from notify.events.logged_event import partner_body
from notify.events.schemas import logged_event
from notify.names.schemas import name as told_name
from notify.notices.audience import Audience
from notify.notices.case_notice import NOTICES, SILENT, notices
from notify.notices.case_schemas import case_event
from notify.notices.reminder import REMINDED
from notify.notices.summons_notice import SUMMONS
from notify.partners.subscription import Interest, wants
from notify.wording import wording
from notify.wording.catalogue import codes
from tests.unit.notify.samples import SAMPLES, sample

AROUND = Audience(
    grid_workers=("p-grid",),
    dispatchers=("p-desk-2",),
    office=("p-office",),
    inspectors=("p-inspector",),
)


CASES = {event.type: event for event in map(sample, sorted(SAMPLES.glob("case.*.json")))}
CALLS = {event.type: event for event in map(sample, sorted(SAMPLES.glob("summons.*.json")))}
BEFORE_REGISTRATION = {
    "case.reported",
    "case.verification_asked",
    "case.verified",
    "case.rejected",
    "case.merged",
    "case.withdrawn",
}
OF_DISPUTES = {"case.mediated", "case.met", "case.settled"}
"""Sensitive as disputes are: partners get none of them."""

NAMED = [sample(path) for kind in ("grid", "compound", "unit") for path in sorted(SAMPLES.glob(f"{kind}.*.json"))]


def test_every_event_of_a_case_is_either_told_or_silent_for_a_reason() -> None:
    assert set(CASES) == NOTICES.keys() | SILENT.keys() | {REMINDED}


@pytest.mark.parametrize("type", sorted(NOTICES))
def test_every_notice_that_an_event_causes_can_be_read_in_every_language(type: str) -> None:
    event = case_event(CASES[type])
    drafts = notices(event, AROUND)
    assert drafts or not event.assignees
    for draft in drafts:
        for language in wording.LANGUAGES:
            found = wording.text(draft.template, language, draft.facts, {})
            assert event.number in found.title
            assert "None" not in found.title + found.body


@pytest.mark.parametrize("type", sorted(SUMMONS))
def test_every_notice_about_a_summons_can_be_read_in_every_language(type: str) -> None:
    event = case_event(CALLS[type])
    drafts = notices(event, AROUND)
    assert drafts
    for draft in drafts:
        for language in wording.LANGUAGES:
            found = wording.text(draft.template, language, draft.facts, {"u-power": "供电公司"})
            assert event.number in found.title
            assert "None" not in found.title + found.body


def test_every_event_of_a_summons_is_told() -> None:
    assert set(CALLS) == SUMMONS.keys()


def test_a_unit_reads_when_it_is_to_be_on_the_spot() -> None:
    drafts = notices(case_event(CALLS["summons.called"]), Audience())
    [draft] = [each for each in drafts if each.recipient == "u-power"]
    assert "2026-03-13 15:00" in wording.text(draft.template, "zh-CN", draft.facts, {}).body


@pytest.mark.parametrize("type", sorted(CASES))
def test_the_reason_that_an_event_gives_has_a_label(type: str) -> None:
    code = CASES[type].data.get("reason_code")
    assert code is None or code in codes("reason", "en")


@pytest.mark.parametrize(
    ("type", "words"),
    [
        ("case.closed", "2026-03-20 19:10"),
        ("case.registered", "2026-03-12 21:40"),
        ("case.dispatched", "2026-03-17 18:00"),
    ],
)
def test_the_reporter_reads_the_times_that_the_event_gives(type: str, words: str) -> None:
    event = case_event(CASES[type])
    [draft] = [each for each in notices(event, Audience()) if each.recipient == event.reporter_id]
    assert words in wording.text(draft.template, "zh-CN", draft.facts, {}).body


def test_the_reporter_of_a_suspended_case_reads_when_it_is_reviewed() -> None:
    event = case_event(CASES["case.suspended"])
    [draft] = [each for each in notices(event, Audience()) if each.recipient == event.reporter_id]
    assert CASES["case.suspended"].data["review_on"] in wording.text(draft.template, "en", draft.facts, {}).body


def test_a_merge_names_its_target_and_who_joined_is_a_follower_from_then_on() -> None:
    assert case_event(CASES["case.merged"]).facts["target_number"]
    assert case_event(CASES["case.joined"]).followers == ("p-neighbour",)


def test_whoever_works_on_a_case_reads_how_many_reports_it_stands_for() -> None:
    [draft, *_] = notices(case_event(CASES["case.joined"]), AROUND)
    assert "2 reports" in wording.text(draft.template, "en", draft.facts, {}).body


@pytest.mark.parametrize("type", sorted(CASES))
def test_every_event_can_be_logged_and_judged_for_partners(type: str) -> None:
    event = CASES[type]
    logged = logged_event(event)
    assert logged.body == event.body
    assert f"case/{logged.case_id}" == logged.subject
    asked = Interest((type,), logged.grid_code or "", None)
    assert wants(asked, logged.seen_as()) is not logged.restricted


def test_a_unit_gets_the_events_of_a_case_from_its_registration_on() -> None:
    logged = {type: logged_event(event).seen_as() for type, event in CASES.items()}
    withheld = {type for type, each in logged.items() if not wants(Interest((type,), "", "u-partner"), each)}
    assert withheld == BEFORE_REGISTRATION | OF_DISPUTES


@pytest.mark.parametrize("missing", ["category", "deadlines"])
def test_a_case_without_a_category_or_without_deadlines_is_not_registered(missing: str) -> None:
    event = CASES["case.registered"]
    names = ["category"] if missing == "category" else ["respond_due", "resolve_due"]
    data = {**event.data, **dict.fromkeys(names)}
    assert logged_event(event).registered
    assert not logged_event(replace(event, data=data)).registered


@pytest.mark.parametrize("type", sorted(CASES))
def test_no_partner_is_posted_the_id_of_a_person(type: str) -> None:
    body = partner_body(logged_event(CASES[type]))
    assert b'"p-' in CASES[type].body
    assert b'"p-' not in body
    data = json.loads(body)
    assert data.keys().isdisjoint({"reporter_id", "followers", "complained_unit_id", "joined_case_id", "joined_number"})
    assert data["by"] == {"role": CASES[type].data["by"]["role"]}
    assert data["case_id"] == CASES[type].data["case_id"]


@pytest.mark.parametrize("event", NAMED, ids=[event.type for event in NAMED])
def test_every_place_and_unit_tells_its_name(event: Event) -> None:
    assert told_name(event.type, event.data) == (event.subject.partition("/")[2], event.data["name"])
