"""Series of service days (F43): the golden year, rules that never end, and dates that somebody moved or dropped."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from members.activities.activity import CANCELLED, CHANGED, Activity, State
from members.people.person import LOCAL
from members.series import recurrence, step
from members.series import series as rules
from members.series.recurrence import Plan, Recurrence
from members.series.series import Date, Fate, Series
from tests.unit.members.test_attendance import DAY

THURSDAY = 3
YEAR = Recurrence(THURSDAY, date(2026, 1, 1), until=date(2026, 12, 31))
BEFORE = datetime(2025, 12, 20, tzinfo=UTC)
PATTERN = replace(
    DAY,
    id="s",
    begins=datetime(2026, 1, 1, 8, 30, tzinfo=LOCAL),
    ends=datetime(2026, 1, 1, 11, tzinfo=LOCAL),
    sign_up_until=datetime(2026, 1, 1, 8, tzinfo=LOCAL),
)
SERIES = Series("s", YEAR, PATTERN)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
THE_12TH, THE_19TH = date(2026, 3, 12), date(2026, 3, 19)
OFFICIAL_2026 = (
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
"""The spans of public holidays in the notice of 2025-11-04."""


def codes(rule: Recurrence) -> list[str]:
    return [each.code for each in recurrence.faults(rule, BEFORE.date())]


def fate_of(series: Series, day: date) -> Date:
    return next(each for each in rules.dates(series) if each.day == day)


def published(series: Series = SERIES, *days: date) -> tuple[Series, dict[str, Activity]]:
    """The series with those days published, and their activities."""
    after = rules.with_published(series, [fate_of(series, day) for day in days])
    made = [rules.activity_on(series, fate_of(series, day)) for day in days]
    return after, {each.id: each for each in made}


def code_of(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*arguments)
    return refused.value.code


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    return datetime.combine(day, time(hour, minute), LOCAL)


def test_f43_the_thursdays_of_2026_are_50_and_three_are_skipped_by_name() -> None:
    """F43: every Thursday 08:30 through 2026: 50 dates; Jan 1, Feb 19 and Oct 1 are skipped, and why."""
    known = recurrence.occasions(YEAR)
    assert len(known) == 53
    assert sum(each.plan is Plan.PLANNED for each in known) == 50
    skipped = [(each.day.isoformat(), each.holiday) for each in known if each.plan is not Plan.PLANNED]
    assert skipped == [("2026-01-01", "元旦"), ("2026-02-19", "春节"), ("2026-10-01", "国庆节")]
    assert all(each.begins.astimezone(LOCAL).time() == time(8, 30) for each in rules.dates(SERIES))


def test_every_day_of_2026_is_skipped_exactly_when_the_notice_names_it() -> None:
    first = date(2026, 1, 1)
    for day in (first + timedelta(days=n) for n in range(365)):
        named = any(begin <= day.isoformat() <= end for begin, end in OFFICIAL_2026)
        assert (recurrence.occasion(day).plan is Plan.HOLIDAY) == named, day


def test_of_a_year_without_a_calendar_nothing_is_presumed() -> None:
    """F43: years that the calendar does not know are flagged, not guessed."""
    found = recurrence.occasions(Recurrence(THURSDAY, date(2090, 9, 21), count=3))
    assert [each.plan for each in found] == [Plan.UNKNOWN] * 3


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Recurrence(THURSDAY, date(2026, 1, 1)), ["recurrence_endless"]),
        (replace(YEAR, count=5), ["recurrence_ends_twice"]),
        (replace(YEAR, until=date(2025, 12, 31)), ["recurrence_ends_before_it_starts"]),
        (Recurrence(THURSDAY, date(2026, 1, 1), count=0), ["recurrence_without_dates"]),
        (Recurrence(THURSDAY, date(2026, 1, 2), until=date(2026, 1, 7)), ["recurrence_without_dates"]),
        (Recurrence(THURSDAY, date(2026, 1, 1), count=106), ["recurrence_too_long"]),
        (Recurrence(THURSDAY, date(2026, 1, 1), count=105), []),
        (Recurrence(THURSDAY, date(2026, 1, 1), until=date(9999, 12, 30)), ["recurrence_too_long"]),
        (Recurrence(THURSDAY, date(2026, 1, 1), count=28, every_weeks=4), ["recurrence_too_long"]),
        (Recurrence(THURSDAY, date(2026, 1, 1), count=27, every_weeks=4), []),
        (replace(YEAR, every_weeks=0), ["recurrence_interval_not_positive"]),
        (
            Recurrence(THURSDAY, date(2025, 12, 1), every_weeks=-1),
            ["recurrence_endless", "recurrence_interval_not_positive", "recurrence_starts_in_the_past"],
        ),
        (Recurrence(THURSDAY, date(2026, 1, 1), until=date(2027, 12, 30)), []),
        (replace(YEAR, starts=date(2026, 1, 1), until=date(2028, 4, 20)), ["recurrence_too_long"]),
    ],
)
def test_everything_that_is_wrong_with_a_rule_is_told_at_once(rule: Recurrence, expected: list[str]) -> None:
    """Bad input: a recurrence that never ends, and what else is wrong with one, each by its own code."""
    assert codes(rule) == expected


@given(
    st.integers(0, 6),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(1, 105),
    st.integers(1, 8),
)
def test_the_dates_of_a_rule_are_as_many_on_its_weekday_and_as_far_apart(
    weekday: int, starts: date, count: int, every: int
) -> None:
    found = recurrence.days(Recurrence(weekday, starts, count=count, every_weeks=every))
    assert len(found) == count
    assert {each.weekday() for each in found} == {weekday}
    assert {(b - a).days for a, b in pairwise(found)} <= {7 * every}
    assert 0 <= (found[0] - starts).days < 7 * every


def test_activities_are_published_four_weeks_ahead_each_once() -> None:
    due = rules.due(SERIES, MARCH)
    assert [each.day.isoformat() for each in due] == ["2026-03-05", "2026-03-12", "2026-03-19", "2026-03-26"]
    after = rules.with_published(SERIES, due)
    assert rules.due(after, MARCH) == []
    assert rules.awaiting(after, MARCH).next_at == at(date(2026, 4, 2)) - timedelta(days=28)
    assert [each.day.isoformat() for each in rules.due(after, MARCH + timedelta(days=7))] == ["2026-04-02"]


def test_an_activity_has_the_times_of_its_day_and_an_id_that_follows_from_it() -> None:
    made = rules.activity_on(SERIES, fate_of(SERIES, THE_12TH))
    assert (made.begins, made.ends, made.sign_up_until) == (at(THE_12TH), at(THE_12TH, 11, 0), at(THE_12TH, 8, 0))
    assert (made.series_id, made.day) == ("s", THE_12TH)
    assert made.id == rules.activity_on(SERIES, fate_of(SERIES, THE_12TH)).id
    assert made.id != rules.activity_on(SERIES, fate_of(SERIES, THE_19TH)).id


def test_what_nobody_knows_is_not_published_until_somebody_confirms_it() -> None:
    far = replace(SERIES, rule=Recurrence(THURSDAY, date(2090, 9, 21), count=2))
    now = at(date(2090, 9, 20))
    assert rules.due(far, now) == []
    assert rules.awaiting(far, now).next_at == now + timedelta(days=1)
    first = rules.dates(far)[0]
    confirmed = rules.moved(far, first.day, first.begins, "已核对日历", "p-1", now)
    assert [each.day for each in rules.due(confirmed, now)] == [first.day]


def test_f43_a_date_is_moved_with_a_reason_and_the_others_stay() -> None:
    """F43: an organiser may move one date; what is published of it moves along."""
    series, known = published(SERIES, THE_12TH, THE_19TH)
    after = rules.moved(series, THE_12TH, at(date(2026, 3, 13), 14, 0), "停水", "p-1", MARCH)
    assert (fate_of(after, THE_12TH).fate, fate_of(after, THE_12TH).reason) == (Fate.MOVED, "停水")
    assert fate_of(after, THE_19TH) == fate_of(series, THE_19TH)
    found = known[rules.activity_id("s", THE_12TH)]
    done = step.by_hand(after, THE_12TH, found, MARCH)
    assert done is not None
    assert (done.type, done.after.begins, done.after.minutes) == (CHANGED, at(date(2026, 3, 13), 14, 0), 150)
    assert done.after.id == found.id


def test_a_holiday_may_be_made_up_for_on_another_day() -> None:
    after = rules.moved(SERIES, date(2026, 2, 19), at(date(2026, 2, 25)), "补做", "p-1", BEFORE)
    assert fate_of(after, date(2026, 2, 19)).takes_place


@pytest.mark.parametrize(
    ("day", "begins", "now", "expected"),
    [
        (date(2026, 3, 13), at(date(2026, 3, 14)), MARCH, "date_not_found"),
        (THE_12TH, at(date(2026, 3, 14)), at(THE_12TH), "date_over"),
        (THE_19TH, at(date(2026, 3, 14)), at(date(2026, 3, 14)), "begins_in_the_past"),
        (THE_12TH, at(date(2026, 4, 10)), MARCH, "moved_too_far"),
        (date(2026, 4, 2), at(date(2026, 4, 4)), MARCH, "moved_onto_a_holiday"),
        (THE_12TH, at(THE_19TH, 14, 0), MARCH, "moved_onto_another_date"),
        (THE_12TH, at(THE_12TH), MARCH, "nothing_changed"),
    ],
)
def test_a_date_is_not_moved_just_anywhere(day: date, begins: datetime, now: datetime, expected: str) -> None:
    assert code_of(rules.moved, SERIES, day, begins, "原因", "p-1", now) == expected


def test_a_date_is_dropped_once_and_a_holiday_not_at_all() -> None:
    series, known = published(SERIES, THE_12TH)
    after = rules.dropped(series, THE_12TH, "暴雨", "p-1", MARCH)
    done = step.by_hand(after, THE_12TH, known[rules.activity_id("s", THE_12TH)], MARCH)
    assert done is not None
    assert (done.type, done.after.state, done.after.reason) == (CANCELLED, State.CANCELLED, "暴雨")
    assert code_of(rules.dropped, after, THE_12TH, "暴雨", "p-1", MARCH) == "date_dropped"
    assert code_of(rules.dropped, SERIES, date(2026, 10, 1), "放假", "p-1", MARCH) == "date_is_a_holiday"
    assert fate_of(after, THE_19TH).takes_place


def test_a_change_touches_only_days_to_come_that_nobody_touched() -> None:
    """F43: changes of the series touch only future dates that nobody moved by hand."""
    days = [date(2026, 3, 5), THE_12TH, THE_19TH, date(2026, 3, 26)]
    series, known = published(SERIES, *days)
    series = rules.moved(series, THE_12TH, at(date(2026, 3, 13)), "停水", "p-1", MARCH)
    moved = step.by_hand(series, THE_12TH, known[rules.activity_id("s", THE_12TH)], MARCH)
    assert moved is not None
    known[moved.after.id] = moved.after
    by_hand = rules.activity_id("s", THE_19TH)
    known[by_hand] = replace(known[by_hand], title="改过的")
    served = rules.activity_id("s", date(2026, 3, 26))
    known[served] = replace(known[served], compounds=("c-1",))
    after = rules.changed(series, {"starts_at": time(9), "title": "新的"}, at(date(2026, 3, 6)))
    [done] = step.steps(series, after, known, "调整", at(date(2026, 3, 6)))
    assert (done.after.id, done.type, done.after.title) == (served, CHANGED, "新的")
    assert (done.after.begins, done.after.compounds) == (at(date(2026, 3, 26), 9, 0), ("c-1",))


def test_what_lies_behind_an_earlier_end_is_called_off() -> None:
    series, known = published(SERIES, THE_12TH, THE_19TH)
    after = rules.changed(series, {"until": THE_12TH}, MARCH)
    [done] = step.steps(series, after, known, "调整", MARCH)
    assert (done.after.day, done.after.state, done.after.reason) == (THE_19TH, State.CANCELLED, "调整")
    assert fate_of(after, THE_19TH).fate is Fate.ENDED
    assert rules.awaiting(after, MARCH).next_at == at(date(2026, 3, 5)) - timedelta(days=28)


def test_an_ended_series_has_nothing_to_come_and_does_not_change() -> None:
    series, known = published(SERIES, THE_12TH, THE_19TH)
    after = rules.ended(series, at(THE_12TH, 7, 0))
    [done] = step.steps(series, after, known, "结束", at(THE_12TH, 7, 0))
    assert done.after.day == THE_19TH
    assert rules.awaiting(after, at(THE_12TH, 7, 0)).next_at is None
    assert code_of(rules.ended, after, MARCH) == "series_ended"
    assert code_of(rules.changed, after, {"title": "x"}, MARCH) == "series_ended"


def test_a_change_that_changes_nothing_and_an_end_in_the_past_are_refused() -> None:
    assert code_of(rules.changed, SERIES, {"title": PATTERN.title, "minutes": 150}, MARCH) == "nothing_changed"
    assert code_of(rules.changed, SERIES, {"until": date(2026, 2, 28)}, MARCH) == "recurrence_ends_in_the_past"
    longer = rules.changed(SERIES, {"minutes": 180, "sign_up_closes": 60}, MARCH)
    assert longer.pattern.minutes == 180
    assert longer.pattern.sign_up_until == at(date(2026, 1, 1), 7, 30)
