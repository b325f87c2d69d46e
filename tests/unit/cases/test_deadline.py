"""Deadlines on the official Chinese calendar: the golden vectors of docs/domain.md §2.3, and what always holds."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadline import LOCAL, SHIFTS, Term, Unit, due, term
from chassis.working_days import is_working_day

HOLIDAYS_2026 = [
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
MAKE_UP_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
instants = st.integers(0, 700 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
units = st.sampled_from(list(Unit))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def days_of_2026() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2026-02-13 20:00", "1wd", "2026-02-14 18:00"),
        ("2026-02-13 20:00", "3wd", "2026-02-25 18:00"),
        ("2026-02-13 20:00", "5wd", "2026-02-27 18:00"),
        ("2026-09-30 09:00", "1wd", "2026-10-08 18:00"),
        ("2026-09-30 09:00", "5wd", "2026-10-13 18:00"),
        ("2026-04-30 17:59", "5wd", "2026-05-11 18:00"),
        ("2026-03-12 19:40", "3wd", "2026-03-17 18:00"),
        ("2026-03-12 19:40", "2h", "2026-03-12 21:40"),
        ("2026-03-12 19:40", "30m", "2026-03-12 20:10"),
        ("2026-03-12 19:40", "15d", "2026-03-27 19:40"),
        ("2026-03-12 19:40", "2wh", "2026-03-13 10:30"),
        ("2026-03-12 11:00", "2wh", "2026-03-12 15:30"),
        ("2026-03-12 13:00", "7wh", "2026-03-13 12:00"),
        ("2026-03-12 08:30", "7wh", "2026-03-12 18:00"),
        ("2026-02-13 17:00", "2wh", "2026-02-14 09:30"),
        ("2026-09-30 17:30", "4wh", "2026-10-08 12:00"),
    ],
)
def test_the_golden_vectors_hold(start: str, length: str, expected: str) -> None:
    assert due(local(start), term(length)).at == local(expected)


def test_2026_has_248_working_days() -> None:
    assert sum(is_working_day(day)[0] for day in days_of_2026()) == 248


def test_the_calendar_agrees_with_the_published_holidays_and_make_up_days_of_2026() -> None:
    holidays = {day for first, last in HOLIDAYS_2026 for day in days_of_2026() if first <= day.isoformat() <= last}
    make_up = {date.fromisoformat(day) for day in MAKE_UP_2026}
    for day in days_of_2026():
        expected = day in make_up or (day.weekday() < 5 and day not in holidays)
        assert is_working_day(day) == (expected, False), day


def test_50_of_the_53_thursdays_of_2026_are_working_days() -> None:
    thursdays = [day for day in days_of_2026() if day.weekday() == 3]
    assert (len(thursdays), sum(is_working_day(day)[0] for day in thursdays)) == (53, 50)


def test_a_year_whose_calendar_is_not_published_counts_by_weekday_and_says_so() -> None:
    start = datetime(2999, 12, 25, 9, tzinfo=LOCAL)
    deadline = due(start, term("1wd"))
    assert deadline.presumed_years == (2999,)
    assert deadline.at.astimezone(LOCAL).weekday() < 5
    assert due(start, term("2wh")).presumed_years == (2999,)
    assert due(start, term("9wd")).presumed_years == (2999, 3000)


def test_clock_time_presumes_nothing() -> None:
    assert not any(due(datetime(2999, 1, 1, tzinfo=UTC), term(text)).presumed_years for text in ("1m", "1h", "1d"))


@pytest.mark.parametrize("text", ["", "3", "wd", "0wd", "-1h", "3 wd", "1.5h", "3WD", "03wd", "1y", "1h "])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no term"):
        term(text)


@given(st.builds(Term, st.integers(1, 400), units))
def test_a_term_reads_as_it_is_written(length: Term) -> None:
    assert term(str(length)) == length


@given(instants, instants, st.integers(1, 25), units)
def test_an_earlier_start_is_never_due_later(one: datetime, other: datetime, count: int, unit: Unit) -> None:
    first, second = sorted((one, other))
    assert due(first, Term(count, unit)).at <= due(second, Term(count, unit)).at


@given(instants, st.integers(1, 25), units)
def test_a_longer_term_is_due_later(start: datetime, count: int, unit: Unit) -> None:
    assert start < due(start, Term(count, unit)).at < due(start, Term(count + 1, unit)).at


@given(instants, st.integers(1, 25))
def test_working_days_end_at_18_00_and_never_on_a_day_off(start: datetime, count: int) -> None:
    at = due(start, Term(count, Unit.WORKING_DAYS)).at.astimezone(LOCAL)
    assert at.time() == time(18)
    assert is_working_day(at.date())[0]


@given(instants, st.integers(1, 40))
def test_working_hours_never_end_outside_working_time(start: datetime, count: int) -> None:
    at = due(start, Term(count, Unit.WORKING_HOURS)).at.astimezone(LOCAL)
    assert is_working_day(at.date())[0]
    assert any(begin < at.time() <= end for begin, end in SHIFTS)


@given(instants)
def test_seven_working_hours_after_a_working_morning_begins_are_one_working_day(start: datetime) -> None:
    day = start.astimezone(LOCAL).date()
    if is_working_day(day)[0]:
        opening = datetime.combine(day, time(8, 30), LOCAL)
        assert due(opening, Term(7, Unit.WORKING_HOURS)).at == datetime.combine(day, time(18), LOCAL)
