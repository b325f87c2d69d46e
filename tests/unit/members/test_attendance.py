"""Who came and went (F44): the code of the day, the hours in which scans count, and each refusal by its own code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from members.activities.activity import Activity, Kind, State
from members.attendance import attendance as rules
from members.attendance import muster_code
from members.attendance.attendance import Act, Attendance, How, Mark, Stint
from members.attendance.muster_code import MusterCode

BEGINS = datetime(2026, 3, 12, 1, tzinfo=UTC)  # Thursday 09:00 in Asia/Shanghai
ENDS = BEGINS + timedelta(hours=2)
DAY = Activity(
    id="a-day",
    kind=Kind.SERVICE_DAY,
    title="扮靓周四",
    text="清扫楼道",
    grid_code="360704100007001",
    organiser_id="p-organiser",
    begins=BEGINS,
    ends=ENDS,
    place="广场社区",
    muster=(115.006, 25.86),
    sign_up_until=BEGINS,
    conditions="无",
    sign_up_way="在线",
    risks="无",
    protection="手套",
)
KEY = b"a key for tests"
CODE = MusterCode("a-day", date(2026, 3, 12))
ABSENT = rules.first_of(DAY, "p-1", has_place=True)


def local(hour: int, minute: int, days: int = 0) -> datetime:
    return datetime(2026, 3, 12, tzinfo=UTC) + timedelta(days=days, hours=hour - 8, minutes=minute)


def scan(act: Act, at: datetime, how: How = How.SCAN) -> Mark:
    return Mark(act, at, how)


def code_of(call: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*arguments)
    return refused.value.code


def inside(at: datetime | None = None) -> Attendance:
    return rules.marked(ABSENT, scan(Act.IN, at or local(9, 2)), DAY)


def test_f44_a_scan_at_0902_and_one_at_1105_are_one_stint_of_123_minutes() -> None:
    """F44: checked in 09:02 and out 11:05 of a day planned 09:00 to 11:00: what hours are credited from."""
    [stint] = rules.marked(inside(), scan(Act.OUT, local(11, 5)), DAY).stints
    assert stint.left is not None
    assert (stint.left - stint.came).total_seconds() / 60 == 123
    assert stint.how == "scan"


def test_a_code_says_again_what_it_was_issued_for() -> None:
    assert muster_code.read(muster_code.issued(CODE, KEY), KEY) == CODE


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_code(text: str) -> None:
    assert code_of(muster_code.read, text, KEY) == "muster_code_forged"


@given(st.integers(min_value=0), st.characters(codec="utf-8"))
def test_a_code_of_which_one_character_was_changed_is_forged(place: int, character: str) -> None:
    text = muster_code.issued(CODE, KEY)
    place %= len(text)
    changed = text[:place] + character + text[place + 1 :]
    if changed != text:
        assert code_of(muster_code.read, changed, KEY) == "muster_code_forged"


def test_a_code_made_with_another_key_is_forged() -> None:
    assert code_of(muster_code.read, muster_code.issued(CODE, b"another"), KEY) == "muster_code_forged"


@pytest.mark.parametrize(
    ("code", "at", "refused"),
    [
        (MusterCode("a-day", date(2026, 3, 5)), local(9, 2), "code_of_another_day"),
        (MusterCode("a-last-week", date(2026, 3, 5)), local(9, 2), "code_of_another_day"),
        (CODE, local(9, 2, days=1), "code_of_another_day"),
        (CODE, local(23, 0, days=-1), "code_of_another_day"),
        (MusterCode("a-other", date(2026, 3, 12)), local(9, 2), "code_of_another_activity"),
    ],
)
def test_a_code_is_for_its_activity_on_its_local_day(code: MusterCode, at: datetime, refused: str) -> None:
    rules.check_code(CODE, DAY, local(9, 2))
    assert code_of(rules.check_code, code, DAY, at) == refused


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (local(7, 59), "check_in_too_early"),
        (local(8, 0), None),
        (local(11, 0), None),
        (local(11, 1), "check_in_too_late"),
    ],
)
def test_people_come_from_an_hour_before_the_beginning_until_the_end(at: datetime, refused: str | None) -> None:
    if refused is None:
        assert inside(at).inside
    else:
        assert code_of(rules.marked, ABSENT, scan(Act.IN, at), DAY) == refused


def test_people_go_until_two_hours_after_the_end() -> None:
    assert not rules.marked(inside(), scan(Act.OUT, local(13, 0)), DAY).inside
    assert code_of(rules.marked, inside(), scan(Act.OUT, local(13, 1)), DAY) == "check_out_too_late"


def test_who_has_not_come_cannot_go_and_nobody_goes_before_coming() -> None:
    assert code_of(rules.marked, ABSENT, scan(Act.OUT, local(11, 0)), DAY) == "not_checked_in"
    for early in (local(9, 1), local(9, 2)):
        assert code_of(rules.marked, inside(), scan(Act.OUT, early), DAY) == "check_out_before_check_in"


def test_nobody_comes_twice_without_going_nor_goes_twice_without_coming() -> None:
    assert code_of(rules.marked, inside(), scan(Act.IN, local(9, 3)), DAY) == "already_checked_in"
    gone = rules.marked(inside(), scan(Act.OUT, local(10, 0)), DAY)
    assert code_of(rules.marked, gone, scan(Act.OUT, local(10, 1)), DAY) == "already_checked_out"


def test_who_comes_again_later_has_a_second_stint_and_never_one_that_overlaps() -> None:
    gone = rules.marked(inside(), scan(Act.OUT, local(10, 0)), DAY)
    assert code_of(rules.marked, gone, scan(Act.IN, local(9, 59)), DAY) == "check_in_overlaps"
    again = rules.marked(gone, scan(Act.IN, local(10, 30)), DAY)
    assert [each.came for each in again.stints] == [local(9, 2), local(10, 30)]


def test_somebody_who_comes_and_goes_all_the_time_is_told_to_stop() -> None:
    full = replace(ABSENT, stints=tuple(Stint(local(9, n), local(9, n), "scan") for n in range(rules.MOST_STINTS)))
    assert code_of(rules.marked, full, scan(Act.IN, local(10, 0)), DAY) == "too_many_stints"


def test_a_service_day_takes_who_comes_by_and_notes_it_and_an_activity_does_not() -> None:
    assert rules.first_of(DAY, "p-1", has_place=False).walk_in
    assert not ABSENT.walk_in
    course = replace(DAY, kind=Kind.ACTIVITY)
    with pytest.raises(Refusal, match="not_signed_up"):
        rules.first_of(course, "p-1", has_place=False)
    assert not rules.first_of(course, "p-1", has_place=True).walk_in


@pytest.mark.parametrize(
    ("mark", "now", "refused"),
    [
        (scan(Act.IN, local(9, 2)), local(8, 57), None),
        (scan(Act.IN, local(9, 2)), local(8, 56), "scanned_in_the_future"),
        (scan(Act.IN, local(9, 2)), local(9, 2, days=3), None),
        (scan(Act.IN, local(9, 2)), local(9, 3, days=3), "scan_too_old"),
        (scan(Act.OUT, local(11, 5)), local(11, 6, days=3), "scan_too_old"),
        (scan(Act.OUT, local(11, 5), How.CONFIRMED), local(11, 0, days=7), None),
        (scan(Act.OUT, local(11, 5), How.CONFIRMED), local(11, 1, days=7), "confirmation_too_late"),
    ],
)
def test_what_is_told_later_counts_for_a_while(mark: Mark, now: datetime, refused: str | None) -> None:
    """F44: scans from a phone without network for 72 hours, the organiser's word of who went for seven days."""
    if refused is None:
        rules.check_told(mark, DAY, now)
    else:
        assert code_of(rules.check_told, mark, DAY, now) == refused


def test_nobody_comes_to_what_is_called_off() -> None:
    off = replace(DAY, state=State.CANCELLED)
    assert code_of(rules.check_told, scan(Act.IN, local(9, 2)), off, local(9, 2)) == "activity_cancelled"


def test_whose_going_nobody_told_is_presumed_to_have_stayed_until_the_end_and_marked_so() -> None:
    """F44: the planned end, flagged, until the organiser confirms within seven days."""
    assert rules.shown(inside(), DAY, local(11, 0))["unverified"] is False
    seen = rules.shown(inside(), DAY, local(11, 1))
    assert (seen["unverified"], seen["inside"]) == (True, False)
    assert seen["presumed_left_at"] == "2026-03-12T03:00:00Z"
    assert seen["confirm_until"] == "2026-03-19T03:00:00Z"
    mark = rules.listed(Act.OUT, local(10, 30), DAY, local(20, 0))
    confirmed = rules.marked(inside(), mark, DAY)
    assert confirmed.stints == ((local(9, 2), local(10, 30), "confirmed"),)
    assert not rules.unverified(confirmed, DAY, local(20, 0))


def test_on_the_spot_the_list_says_list() -> None:
    assert rules.listed(Act.OUT, local(10, 30), DAY, local(10, 31)).how is How.LIST
    assert rules.listed(Act.IN, local(9, 2), DAY, local(20, 0)).how is How.LIST
