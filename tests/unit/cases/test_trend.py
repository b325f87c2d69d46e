"""A quarter against another: the figures of docs/domain.md §2.4, and where nothing can be divided there is nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cases.deadline import LOCAL
from cases.exclusion import Ground
from cases.policies.scoring import scoring, shipped
from cases.rate import percent
from cases.rating import Rating, Solved
from cases.trend.efficiency import Closed, Efficiency, deltas, efficiency
from cases.trend.quarter import Quarter, at, named

RULES = scoring(shipped())
START = datetime(2026, 1, 5, 9, tzinfo=LOCAL)


def mark(solved: Solved = Solved.YES, satisfaction: int = 4) -> Rating:
    return Rating(
        1, START, "p-xie", by_proxy=False, channel="app", contacted=True, solved=solved, satisfaction=satisfaction
    )


def case(minutes: int, *, late: bool = False, dispatched: bool = True, rating: Rating | None = None) -> Closed:
    contact = START + timedelta(hours=3 if late else 1)
    return Closed(START, START + timedelta(minutes=minutes), dispatched, START + timedelta(hours=2), contact, rating)


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        (911, 972, 93.72),
        (737, 972, 75.82),
        (996, 1054, 94.50),
        (3112, 3456, 90.05),
        (1, 800, 0.13),
        (0, 5, 0.0),
        (0, 0, None),
    ],
)
def test_a_rate_has_two_decimals_and_halves_go_up(part: int, whole: int, rate: float | None) -> None:
    """The published figures of docs/domain.md §2.4 to the digit."""
    assert percent(part, whole) == rate


def test_the_golden_rates_of_the_demo() -> None:
    """docs/domain.md §8.3: 622 closed, 615 in time, 590 answered, 561 solved, 548 satisfied."""
    answers = [mark(Solved.YES if n < 561 else Solved.NO, 4 if n < 548 else 2) for n in range(590)]
    cases = [case(60, late=n >= 615, rating=answers[n] if n < 590 else None) for n in range(622)]
    found = efficiency(cases, RULES)
    assert (found.response, found.resolution, found.satisfaction, found.coverage) == (98.87, 95.08, 92.88, 94.86)


def test_only_cases_that_somebody_was_sent_to_count_in_time_and_rates() -> None:
    found = efficiency([case(10), case(30), case(80), case(1, dispatched=False, rating=mark())], RULES)
    assert (found.closed, found.dispatched, found.median_minutes, found.coverage) == (4, 3, 30, 0.0)


def test_partly_solved_is_not_solved_and_basically_satisfied_is_satisfied() -> None:
    found = efficiency([case(10, rating=mark(Solved.PARTLY, 3)), case(10, rating=mark(Solved.YES, 2))], RULES)
    assert (found.resolution, found.satisfaction) == (50.0, 50.0)


def test_what_partly_solved_is_worth_the_district_says() -> None:
    answers = [
        case(10, rating=mark(Solved.PARTLY)),
        case(10, rating=mark(Solved.YES)),
        case(10, rating=mark(Solved.NO)),
    ]
    assert efficiency(answers, RULES).resolution == 33.33
    assert efficiency(answers, replace(RULES, partly=Decimal("0.5"))).resolution == 50.0


def test_what_is_left_out_counts_in_no_rate_and_is_counted_itself() -> None:
    bad = replace(case(10, late=True, rating=mark(Solved.NO, 1)), ground=Ground.MALICIOUS)
    found = efficiency([case(10, rating=mark()), case(30), bad], RULES)
    assert (found.closed, found.dispatched, found.excluded) == (3, 3, 1)
    assert (found.response, found.resolution, found.satisfaction, found.coverage) == (100.0, 100.0, 100.0, 50.0)
    fewer = replace(RULES, exclusions=frozenset({Ground.DUPLICATE}))
    assert (efficiency([bad], fewer).excluded, efficiency([bad], fewer).resolution) == (0, 0.0)


def test_a_quarter_without_cases_says_nothing_rather_than_nought() -> None:
    nothing = efficiency([], RULES)
    assert nothing == Efficiency(0, 0, 0, None, None, None, None, None)
    assert deltas(efficiency([case(10)], RULES), nothing)["median_minutes"] is None


def test_each_figure_has_its_delta() -> None:
    now = efficiency([case(10, rating=mark())], RULES)
    before = efficiency([case(40, late=True), case(40, rating=mark())], RULES)
    assert deltas(now, before) == {
        "closed": -1,
        "dispatched": -1,
        "excluded": 0,
        "median_minutes": -30,
        "response": 50.0,
        "resolution": 0.0,
        "satisfaction": 0.0,
        "coverage": 50.0,
    }


def test_quarters_follow_the_local_calendar() -> None:
    assert at(datetime(2025, 12, 31, 23, 59, tzinfo=LOCAL)) == Quarter(2025, 4)
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2025, 4).after.begins == datetime(2026, 1, 1, tzinfo=LOCAL)
    assert named("2026Q1").name == "2026Q1"
    assert [named(name).last for name in ("2026Q1", "2025Q4")] == [date(2026, 3, 31), date(2025, 12, 31)]
    for wrong in ("2026Q5", "26Q1", "2026Q1 "):
        with pytest.raises(ValueError, match="no quarter"):
            named(wrong)
