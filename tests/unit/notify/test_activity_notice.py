"""People hear what becomes of their places without their asking, from the samples that members makes."""

from pathlib import Path
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.activity_notice import TEMPLATES, notices, of_organisers, reminders
from notify.notices.activity_schemas import organiser_events, reminder_events, signup_event
from notify.wording.wording import texts
from tests.unit.notify.samples import sample

SAMPLES = Path(__file__).parents[2] / "contract" / "events"
ASKED_FOR = {"signup.signed_up", "signup.waiting", "signup.left"}


def told(type: str, **changes: Any) -> set[tuple[str, str]]:
    event = signup_event(sample(SAMPLES / f"{type}.json", **changes))
    return {(draft.recipient, draft.template) for draft in notices(event)}


def test_everything_is_told_but_what_people_do_themselves() -> None:
    assert {path.stem for path in SAMPLES.glob("signup.*.json")} - ASKED_FOR == TEMPLATES.keys()


def test_whoever_moves_up_hears_of_it_in_both_languages() -> None:
    """F12: rider 31 moves up and is notified."""
    assert told("signup.seated") == {("p-member", "activity_seated")}
    [draft] = notices(signup_event(sample(SAMPLES / "signup.seated.json")))
    found = texts(draft.template, draft.facts, {"360704100002001": "高新社区第一网格"})
    assert (draft.mandatory, draft.facts["activity_id"]) == (True, "0195f3c0-0000-7000-8000-0000000000d1")
    assert found["zh-CN"]["title"] == "轮到您了：扮靓周四：清扫楼道"
    for each in found.values():
        assert all(fact in each["body"] for fact in ("2026-03-19 09:00", "2026-03-19 11:00", "高新社区第一网格"))


def test_whoever_is_elsewhere_by_then_hears_that_it_was_moved_and_not_called_off() -> None:
    assert told("signup.called_off") == {("p-member", "activity_called_off")}
    assert told("signup.called_off", reason="overlaps") == {("p-member", "activity_overlaps")}


def test_an_event_that_does_not_say_whose_it_is_is_parked() -> None:
    with pytest.raises(Malformed):
        signup_event(sample(SAMPLES / "signup.seated.json", person_id=None))


def test_everybody_with_a_place_is_reminded_once_in_both_languages() -> None:
    events = reminder_events(sample(SAMPLES / "activity.reminder.json", people=["p-1", "p-2", "p-1"]))
    drafts = list(reminders(events))
    assert [(draft.recipient, draft.template) for draft in drafts] == [
        ("p-1", "activity_reminder"),
        ("p-2", "activity_reminder"),
    ]
    assert len({draft.id for draft in drafts}) == 2
    assert all(draft.facts["activity_id"] for draft in drafts)
    found = texts(drafts[0].template, drafts[0].facts, {"360704100002001": "高新社区第一网格"})
    assert found["zh-CN"]["title"] == "活动提醒：扮靓周四：清扫楼道"
    assert all("2026-03-19 09:00" in each["body"] for each in found.values())


def test_a_reminder_that_does_not_say_whom_it_is_for_is_parked() -> None:
    with pytest.raises(Malformed):
        reminder_events(sample(SAMPLES / "activity.reminder.json", people=None))


def test_who_organises_an_activity_hears_that_somebody_else_called_it_off() -> None:
    path = SAMPLES / "activity.cancelled.json"
    assert organiser_events(sample(path)) == []
    events = organiser_events(sample(path, by={"id": "members", "role": "members"}))
    [draft] = of_organisers(events)
    assert (draft.recipient, draft.template, draft.mandatory) == ("p-worker", "own_activity_called_off", True)
    found = texts(draft.template, draft.facts, {"360704100002001": "高新社区第一网格"})
    assert found["zh-CN"]["title"] == "您组织的活动已取消：扮靓周四：清扫楼道"
    assert all("2026-03-19 09:00" in each["body"] for each in found.values())


def test_an_activity_without_an_organiser_is_parked() -> None:
    with pytest.raises(Malformed):
        organiser_events(sample(SAMPLES / "activity.cancelled.json", organiser_id=None))
