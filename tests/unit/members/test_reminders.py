"""When people are reminded, and what is made of what they say afterwards (F12)."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Refusal
from members.activities.activity import Activity, Kind, State
from members.feedback.feedback import Feedback, check_may_say, summed
from members.people.person import LOCAL
from members.reminders.reminder import When, announcement, due, reminder_id

BEGINS = datetime(2026, 3, 19, 9, tzinfo=LOCAL)
SAMPLES = Path(__file__).parents[2] / "contract" / "events"
SWEEPING = Activity(
    id="0195f3c0-0000-7000-8000-0000000000d1",
    kind=Kind.ACTIVITY,
    title="扮靓周四：清扫楼道",
    text="x",
    grid_code="360704100002001",
    organiser_id="p-worker",
    begins=BEGINS,
    ends=BEGINS + timedelta(hours=2),
    place="x",
    muster=(115.0058, 25.8672),
    sign_up_until=BEGINS,
    conditions="x",
    sign_up_way="x",
    risks="x",
    protection="x",
)


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (datetime(2026, 3, 18, 17, 59, tzinfo=LOCAL), None),
        (datetime(2026, 3, 18, 18, 0, tzinfo=LOCAL), When.EVENING_BEFORE),
        (datetime(2026, 3, 19, 7, 59, tzinfo=LOCAL), When.EVENING_BEFORE),
        (datetime(2026, 3, 19, 8, 0, tzinfo=LOCAL), When.HOUR_BEFORE),
        (datetime(2026, 3, 19, 8, 59, tzinfo=LOCAL), When.HOUR_BEFORE),
        (BEGINS, None),
    ],
)
def test_people_are_reminded_the_evening_before_and_an_hour_before(now: datetime, when: When | None) -> None:
    assert due(SWEEPING, now) is when
    assert due(replace(SWEEPING, state=State.CANCELLED), now) is None


def test_a_reminder_is_another_one_when_the_activity_was_moved() -> None:
    later = replace(SWEEPING, begins=BEGINS + timedelta(hours=1))
    ids = {reminder_id(each, when) for each in (SWEEPING, later) for when in When}
    assert len(ids) == 4


def test_a_reminder_is_announced_as_the_sample_shows() -> None:
    found = json.loads((SAMPLES / "activity.reminder.json").read_text(encoding="utf-8"))
    assert announcement(SWEEPING, When.EVENING_BEFORE, ["p-member", "p-rider"]) == found["data"]
    assert found["subject"] == f"reminder/{reminder_id(SWEEPING, When.EVENING_BEFORE)}"


def said(mark: int, text: str | None = None) -> Feedback:
    return Feedback("x", SWEEPING.id, "360704", "p", mark, text, BEGINS)


def test_of_fewer_than_three_answers_nothing_is_shown_but_how_many() -> None:
    nothing: dict[str, Any] = {"average": None, "marks": None, "texts": []}
    assert summed([said(1, "只有我"), said(5)]) == {"answers": 2, **nothing}
    assert summed([]) == {"answers": 0, **nothing}


def test_three_answers_have_an_average_their_marks_and_their_words_in_no_order_of_time() -> None:
    assert summed([said(5, "乙"), said(4), said(5, "丙"), said(4, "一")]) == {
        "answers": 4,
        "average": 4.5,
        "marks": {"1": 0, "2": 0, "3": 0, "4": 2, "5": 2},
        "texts": sorted(["乙", "丙", "一"]),
    }
    assert summed([said(5), said(5), said(4)])["average"] == 4.67


@pytest.mark.parametrize(
    ("activity", "after", "was_there", "before", "code"),
    [
        (replace(SWEEPING, state=State.CANCELLED), 3, True, False, "activity_cancelled"),
        (SWEEPING, 1, True, False, "activity_not_over"),
        (SWEEPING, 2, False, False, "was_not_there"),
        (SWEEPING, 2, True, True, "feedback_given"),
    ],
)
def test_only_who_was_there_says_something_after_the_end_and_once(
    activity: Activity, after: int, was_there: bool, before: bool, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_may_say(activity, BEGINS + timedelta(hours=after), was_there=was_there, said=before)
    assert refused.value.code == code


def test_who_was_there_may_say_something_from_the_end_on() -> None:
    check_may_say(SWEEPING, BEGINS + timedelta(hours=2), was_there=True, said=False)
