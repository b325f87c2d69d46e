"""A quarter against another: the figures of docs/domain.md §2.4, and where nothing can be divided there is nothing."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from cases.deadline import LOCAL
from cases.indicators.rates import Sums
from cases.policies.scoring import scoring, shipped
from cases.rate import percent
from cases.tally import Count
from cases.trend.efficiency import Efficiency, deltas, efficiency
from cases.trend.quarter import Quarter, at, named

RULES = scoring(shipped())


def sums(**counts: int) -> Sums:
    return Sums({Count(name): n for name, n in counts.items()})


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
    found = efficiency(sums(concluded=622, responded=615, answered=590, solved=561, satisfied=548), (), RULES)
    assert (found.response, found.resolution, found.satisfaction, found.coverage) == (98.87, 95.08, 92.88, 94.86)


def test_what_is_left_out_was_dispatched_and_what_was_answered_directly_was_not() -> None:
    found = efficiency(sums(closed=9, answered_directly=2, excluded=3, concluded=4), [10, 30, 80], RULES)
    assert (found.closed, found.dispatched, found.excluded, found.median_minutes) == (9, 7, 3, 30)


def test_what_partly_solved_is_worth_the_district_says() -> None:
    answers = sums(concluded=3, answered=3, solved=1, partly=1)
    assert efficiency(answers, (), RULES).resolution == 33.33
    assert efficiency(answers, (), replace(RULES, partly=Decimal("0.5"))).resolution == 50.0


def test_a_quarter_without_cases_says_nothing_rather_than_nought() -> None:
    nothing = efficiency(sums(), (), RULES)
    assert nothing == Efficiency(0, 0, 0, None, None, None, None, None)
    assert deltas(efficiency(sums(closed=1, concluded=1), [10], RULES), nothing)["median_minutes"] is None


def test_each_figure_has_its_delta() -> None:
    answered = {"answered": 1, "solved": 1, "satisfied": 1}
    now = efficiency(sums(closed=1, concluded=1, responded=1, **answered), [10], RULES)
    before = efficiency(sums(closed=2, concluded=2, responded=1, **answered), [40, 40], RULES)
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
