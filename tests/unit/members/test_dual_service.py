"""The rules of registrations, points, policies and evaluations, without any store."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.working_days import after_working_days
from members.evaluations import evaluation as evaluations
from members.evaluations.evaluation import Decision, Evaluation, Measure, Subject
from members.policies.span import Period, span
from members.registrations import registration as registrations
from members.registrations.rate import feedback, percent, rate
from members.registrations.registration import Kind, Registration
from members.service_points.entry import PointsEntry, Tally, reversal, tally, turn_of

NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
TODAY = date(2026, 3, 12)
FORM = Registration("r-1", Kind.MEMBER, "u-1", "360704100007", TODAY, TODAY, "p-1", person_id="p-1")
ENTRY = PointsEntry("e-1", "p-1", "360704100007", TODAY, "safety", 3, "activity:a-1", "p-2", NOW)
SHEET = Evaluation(
    "v-1",
    Subject.MEMBER,
    "p-1",
    "u-1",
    "360704100007",
    "2025",
    Measure("360704-points-year", 1, "points", 12, "fails", 11),
    "p-2",
    NOW,
)


@pytest.mark.parametrize(("act", "status"), list(product(registrations.Act, registrations.Status)))
def test_a_registration_moves_as_the_table_says_and_not_otherwise(
    act: registrations.Act, status: registrations.Status
) -> None:
    found = Registration(**{**vars(FORM), "status": status})
    target = registrations.MOVES[act].get(status)
    if target is None:
        with pytest.raises(Refusal, match="registration_not_open"):
            registrations.moved(found, act)
    else:
        assert registrations.moved(found, act).status is target


def test_it_holds_from_its_acceptance_until_its_end() -> None:
    accepted = registrations.accepted(FORM, "BD-1", TODAY)
    ended = registrations.ended(accepted, "moved", date(2026, 3, 20))
    days = [date(2026, 3, day) for day in (11, 12, 19, 20)]
    assert [ended.holds_on(day) for day in days] == [False, True, True, False]
    assert not FORM.holds_on(TODAY)
    assert not registrations.ended(FORM, "withdrawn", TODAY).holds_on(TODAY)


def test_a_slip_has_community_year_and_place() -> None:
    assert registrations.slip_number("360704100002", 2026, 123) == "BD-360704100002-2026-000123"


def test_rates_round_half_up_and_are_null_without_anybody() -> None:
    assert (percent(1, 3), percent(2, 3), percent(1, 16), percent(0, 0)) == (33.33, 66.67, 6.25, None)
    found = rate(["a", "b"], ["a", "gone"], ["a", "b"])
    assert (found["registered"], found["registration_rate"], found["served"]) == (1, 50.0, None)
    of_seven = rate("abcdefgh", "abcdefg", "abch")
    assert (of_seven["served"], of_seven["completion_rate"]) == (3, 42.86)


@pytest.mark.parametrize("served", ["", "ab", "abcde", "abcdefg"])
def test_that_a_few_or_all_have_served_or_have_not_is_not_told(served: str) -> None:
    found = rate("abcdefgh", "abcdefg", served)
    assert (found["served"], found["completion_rate"]) == (None, None)


def test_the_sums_of_a_few_are_nobodys_business() -> None:
    assert feedback(["a", "b"], {"a": 1}, {"a": 1})["points"] is None
    assert feedback(["a", "b", "c"], {"a": 1, "x": 9}, {"a": 1})["points"] == 1


@pytest.mark.parametrize(
    ("name", "period", "first", "last"),
    [
        ("2025", Period.YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        ("2024H1", Period.HALF, date(2024, 1, 1), date(2024, 6, 30)),
        ("2025H2", Period.HALF, date(2025, 7, 1), date(2025, 12, 31)),
        ("2024Q1", Period.QUARTER, date(2024, 1, 1), date(2024, 3, 31)),
        ("2025Q4", Period.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_span_has_its_first_and_last_day(name: str, period: Period, first: date, last: date) -> None:
    found = span(name)
    assert (found.period, found.first, found.last) == (period, first, last)


@pytest.mark.parametrize("name", ["25", "2025Q5", "2025H0", "2025-01", "1999"])
def test_what_names_no_span_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="is no span"):
        span(name)


def test_a_source_counts_again_only_after_it_was_taken_back() -> None:
    assert turn_of([]) == 0
    assert turn_of([ENTRY]) is None
    taken = reversal(ENTRY, "e-2", "p-3", NOW)
    assert turn_of([ENTRY, taken]) == 1
    with pytest.raises(Refusal, match="reversal_is_final"):
        reversal(taken, "e-3", "p-3", NOW)


@given(st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=50))
def test_the_sum_is_that_of_the_entries_that_stand(rows: list[tuple[int, bool]]) -> None:
    entries = [PointsEntry(**{**vars(ENTRY), "id": f"e-{n}", "points": points}) for n, (points, _) in enumerate(rows)]
    taken = [
        reversal(entry, f"r-{entry.id}", "p-3", NOW) for entry, (_, back) in zip(entries, rows, strict=True) if back
    ]
    standing = [points for points, back in rows if not back]
    assert tally([*entries, *taken]) == Tally(sum(standing), len(standing))


@pytest.mark.parametrize(("act", "status"), list(product(evaluations.Act, evaluations.Status)))
def test_an_evaluation_moves_as_the_table_says_and_not_otherwise(
    act: evaluations.Act, status: evaluations.Status
) -> None:
    until = datetime(2026, 3, 19, 10, tzinfo=UTC)
    found = Evaluation(**{**vars(SHEET), "status": status, "object_until": until})
    later = datetime(2026, 3, 20, tzinfo=UTC)
    decision = Decision("p-3", NOW, upheld=False, reason="x")
    plays = {
        evaluations.Act.SHOW: lambda: evaluations.shown(found, 11, until, ()),
        evaluations.Act.OBJECT: lambda: evaluations.objected(found, "x", NOW),
        evaluations.Act.DECIDE: lambda: evaluations.decided(found, decision, Caller("p-3"), 12),
        evaluations.Act.LAPSE: lambda: evaluations.lapsed(found, later),
    }
    target = evaluations.MOVES.get((status, act))
    if target is None:
        with pytest.raises(Refusal, match="evaluation_not_open"):
            plays[act]()
    else:
        assert plays[act]().status is target


def test_nobody_decides_on_what_they_evaluated_or_on_themselves() -> None:
    objected = Evaluation(**{**vars(SHEET), "status": evaluations.Status.OBJECTED})
    for by in ("p-1", "p-2"):
        with pytest.raises(Refusal, match="own_evaluation"):
            evaluations.decided(objected, Decision(by, NOW, upheld=True, reason="x"), Caller(by), 12)
    assert evaluations.decided(objected, Decision("p-3", NOW, upheld=True, reason="x"), Caller("p-3"), 12).measure.met


def test_the_minimum_itself_is_enough() -> None:
    assert not SHEET.measure.met
    assert Measure("p", 1, "points", 12, "fails", 12).met


@pytest.mark.parametrize(
    ("start", "until", "presumed"),
    [
        (datetime(2026, 2, 13, 12, tzinfo=UTC), datetime(2026, 2, 27, 10, tzinfo=UTC), ()),
        (datetime(2026, 9, 30, 2, tzinfo=UTC), datetime(2026, 10, 13, 10, tzinfo=UTC), ()),
        (datetime(2026, 4, 30, 2, tzinfo=UTC), datetime(2026, 5, 11, 10, tzinfo=UTC), ()),
        (datetime(2035, 1, 1, 2, tzinfo=UTC), datetime(2035, 1, 8, 10, tzinfo=UTC), (2035,)),
    ],
)
def test_five_working_days_are_those_of_the_official_calendar(
    start: datetime, until: datetime, presumed: tuple[int, ...]
) -> None:
    found = after_working_days(start, 5)
    assert (found.at, found.presumed_years) == (until, presumed)
