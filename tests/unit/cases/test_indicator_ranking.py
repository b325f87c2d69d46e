"""Rankings: the best first, equal ones together, who has no figure last, and by how much each has moved."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from cases.indicators.opinions import Opinions
from cases.indicators.permission import PUBLIC_RATES, Audience, audience_of_ranking
from cases.indicators.ranking import LOWER_IS_BETTER, RANKED_BY, Place, ranking
from cases.indicators.rates import RATES, Sums
from cases.indicators.selection import By, Selection
from cases.indicators.view import Told, places
from cases.policies.scoring import scoring, shipped
from cases.tally import Count
from chassis.caller import Caller
from tests.unit.cases.play import CONTACT, DISPATCHER, RESIDENT, caller, code_of

RULES = scoring(shipped())
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
BY_GRID = Selection("360704", *MARCH, By.GRID)


def order(rate: str = "composite", **values: float | None) -> list[tuple[str, int | None]]:
    return [(place.of, place.rank) for place in ranking(rate, values, {})]


def test_the_best_comes_first_and_equal_figures_share_a_rank() -> None:
    assert order(a=90.0, b=95.45, c=90.0, d=12.5) == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]


def test_who_has_no_figure_comes_last_without_a_rank() -> None:
    """docs/domain.md §2.4: what is divided by nothing is no 0 and no 100."""
    assert order(a=None, b=0.0, c=None, d=50.0) == [("d", 1), ("b", 2), ("a", None), ("c", None)]
    assert order(a=None) == [("a", None)]
    assert order() == []


@pytest.mark.parametrize("rate", sorted(LOWER_IS_BETTER))
def test_of_what_should_not_happen_the_least_is_the_best(rate: str) -> None:
    assert rate in RATES
    assert order(rate, a=3.0, b=0.0, c=None) == [("b", 1), ("a", 2), ("c", None)]


def test_a_change_is_told_where_both_figures_are_known() -> None:
    found = ranking("closure", {"a": 95.1, "b": 90.0, "c": None, "d": 80.0}, {"a": 95.3, "c": 50.0, "d": None})
    assert found == [
        Place("a", 1, 95.1, -0.2),
        Place("b", 2, 90.0, None),
        Place("d", 3, 80.0, None),
        Place("c", None, None, None),
    ]


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 1), date(2026, 3, 30), (date(2026, 1, 30), date(2026, 2, 28))),
        (date(2026, 2, 2), date(2026, 2, 28), (date(2026, 1, 6), date(2026, 2, 1))),
        (date(2026, 3, 5), date(2026, 3, 5), (date(2026, 3, 4), date(2026, 3, 4))),
        (date(2026, 1, 1), date(2026, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_the_period_before_has_as_many_months_or_days_and_ends_where_the_other_begins(
    first: date, last: date, before: tuple[date, date]
) -> None:
    asked = Selection("360704", first, last, By.GRID, "u-1", "0101")
    assert asked.before == Selection("360704", *before, By.GRID, "u-1", "0101")


def sums(**counts: int) -> Sums:
    return Sums(Counter({Count(name): n for name, n in counts.items()}))


def test_nobody_is_ranked_in_public_by_opinions_of_few() -> None:
    """docs/domain.md §5, small groups: not by the place either."""
    few = sums(concluded=9, responded=9, answered=9, solved=9, satisfied=9, due=3, due_closed=1)
    many = sums(concluded=10, responded=10, answered=10, solved=1, satisfied=1, due=3, due_closed=3)
    found = {"few": few, "many": many}
    public = Opinions({"2026-03": frozenset({"few"})})

    def told(rate: str, opinions: Opinions | None) -> list[tuple[str, int | None]]:
        seen = Told(BY_GRID, found, RULES, opinions=opinions)
        return [(place["of"], place["rank"]) for place in places(rate, seen, seen)]

    assert told("composite", None) == [("few", 1), ("many", 2)]
    assert told("composite", public) == [("many", 1), ("few", None)]
    assert told("closure", public) == [("many", 1), ("few", 2)]
    seen = Told(BY_GRID, found, RULES, opinions=public)
    hidden = places("satisfaction", seen, seen)[1]
    assert (hidden["value"], hidden["change"], hidden["rates"]["satisfaction"], hidden["coverage"]) == (
        None,
        None,
        None,
        100.0,
    )


def test_people_without_a_unit_and_cases_without_a_category_are_not_ranked() -> None:
    found = Told(replace(BY_GRID, by=By.UNIT), {"": sums(due=1), "u-1": sums(due=1, due_closed=1)}, RULES)
    assert [place["of"] for place in places("closure", found, found)] == ["u-1"]


@pytest.mark.parametrize(
    ("who", "by", "rate", "told"),
    [
        (DISPATCHER, By.UNIT, "overdue", Audience.ALL),
        (DISPATCHER, By.GRID, "composite", Audience.ALL),
        (caller("p", "auditor", scope="360704"), By.COMMUNITY, "rework", Audience.ALL),
        (RESIDENT, By.GRID, "composite", Audience.PUBLIC),
        (RESIDENT, By.COMMUNITY, "on_time", Audience.PUBLIC),
        (CONTACT, By.GRID, "closure", Audience.PUBLIC),
        (RESIDENT, By.GRID, "overdue", None),
        (RESIDENT, By.UNIT, "composite", None),
        (RESIDENT, By.CATEGORY, "closure", None),
        (CONTACT, By.UNIT, "closure", None),
    ],
)
def test_who_may_rank_what(who: Caller, by: By, rate: str, told: Audience | None) -> None:
    asked = Selection("360704", *MARCH, by)
    if told is None:
        assert code_of(audience_of_ranking, who, asked, rate) == "out_of_scope"
    else:
        assert audience_of_ranking(who, asked, rate) is told


def test_what_is_public_is_among_the_rates() -> None:
    assert set(PUBLIC_RATES) <= set(RATES)
    assert set(RANKED_BY) == set(By) - {By.DAY, By.MONTH}
