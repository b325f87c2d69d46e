"""The formulas of docs/domain.md §2.4 to two decimals, who is told which of them, and counters that only add up."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.act import Act
from cases.deadline import LOCAL
from cases.indicators.counter import NO_DAY, Counted, Cut, Key, changed, counted, difference
from cases.indicators.permission import READERS, Audience, audience, told_by
from cases.indicators.ranking import RANKED_BY
from cases.indicators.rates import MADE_OF, RATES, SHOWN, Sums, cohort_of, exact, figures
from cases.indicators.selection import By, Selection, days
from cases.indicators.view import Told, category_names, scoring, shown
from cases.policies.scoring import scoring as rules_of
from cases.policies.scoring import shipped
from cases.tally import Cohort, Count, Open, tally
from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    ELSEWHERE,
    GRID,
    INSPECTOR,
    NEIGHBOUR,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
)

NOW = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
RULES = rules_of(shipped())


def sums(overdue: int = 0, **counts: int) -> Sums:
    return Sums(Counter({Count(name): n for name, n in counts.items()}), overdue)


@pytest.mark.parametrize(
    ("rate", "counts", "value"),
    [
        ("registration", {"registered": 996, "reported": 1054}, 94.50),
        ("closure", {"due_closed": 911, "due": 972}, 93.72),
        ("on_time", {"in_time": 737, "due": 972}, 75.82),
        ("resolution", {"solved": 3112, "answered": 3456}, 90.05),
        ("registration", {"registered": 652, "reported": 684}, 95.32),
        ("closure", {"due_closed": 622, "due": 640}, 97.19),
        ("on_time", {"in_time": 601, "due": 640}, 93.91),
        ("rework", {"reworked": 9, "fed_back": 622}, 1.45),
        ("closure_running", {"due_closed": 622, "due": 640, "running": 636}, 97.80),
        ("on_time_running", {"in_time": 601, "due": 640, "running": 636}, 94.50),
        ("extension", {"extended": 1, "registered": 800}, 0.13),
        ("right_dispatch", {"not_returned": 3, "dispatched": 4}, 75.0),
        ("handling", {"handled": 1, "due": 3}, 33.33),
        ("handling_on_time", {"handled_in_time": 2, "due": 3}, 66.67),
        ("urgent_closure", {"urgent_closed": 5, "urgent": 5}, 100.0),
        ("local_grid", {"settled_grid": 1, "settled": 8}, 12.5),
        ("local_district", {"settled_district": 8, "settled": 8}, 100.0),
    ],
)
def test_the_golden_vectors(rate: str, counts: dict[str, int], value: float) -> None:
    """F54: given the checks of §2.4, when they are computed, then they agree to two decimals."""
    assert figures(sums(**counts), RULES)["rates"][rate] == value


def test_the_rates_of_the_fixture() -> None:
    """F54: the fixture of docs/domain.md §8.3; the composite comes of rates that were not rounded."""
    found = figures(sums(concluded=622, responded=615, answered=590, solved=561, satisfied=548), RULES)["rates"]
    three = {name: found[name] for name in ("response", "resolution", "satisfaction", "coverage", "composite")}
    assert three == {
        "response": 98.87,
        "resolution": 95.08,
        "satisfaction": 92.88,
        "coverage": 94.86,
        "composite": 95.45,
    }


def test_the_composite_is_weighed_before_anything_is_rounded() -> None:
    counts = sums(concluded=10000, responded=9996, answered=3000, solved=2, satisfied=2)
    assert round(exact(counts, RULES)["composite"] or 0, 4) == Decimal("30.0347")
    found = figures(counts, RULES)["rates"]
    from_rounded = 0.30 * found["response"] + 0.35 * found["resolution"] + 0.35 * found["satisfaction"]
    assert (found["composite"], round(from_rounded, 2)) == (30.03, 30.04)


def test_nothing_is_divided_by_nothing() -> None:
    """A denominator of 0 gives null, never 0 and never 100; so does a composite of which a part is unknown."""
    assert set(figures(sums(), RULES)["rates"].values()) == {None}
    assert figures(sums(concluded=4, responded=4), RULES)["rates"]["composite"] is None
    assert figures(sums(due=4), RULES)["rates"]["closure"] == 0.0


def test_partly_solved_counts_nothing_unless_it_is_configured() -> None:
    found = sums(concluded=10, responded=10, answered=10, solved=6, partly=2, satisfied=6)
    assert figures(found, RULES)["rates"]["resolution"] == 60.0
    half = replace(RULES, partly=Decimal("0.5"))
    assert figures(found, half)["rates"]["resolution"] == 70.0
    assert figures(found, half)["rates"]["composite"] == 75.5


def test_the_weights_are_those_that_the_district_has_decided() -> None:
    weights = {"response": Decimal("0.1"), "resolution": Decimal("0.5"), "satisfaction": Decimal("0.4")}
    counts = sums(concluded=10, responded=5, answered=10, solved=8, satisfied=9)
    assert figures(counts, replace(RULES, weights=weights))["rates"]["composite"] == 81.0
    assert figures(counts, RULES)["rates"]["composite"] == 74.5


@pytest.mark.parametrize(("area", "basis"), [(GRID, "district"), ("360704", "district"), ("36", "shipped")])
def test_the_scoring_says_whose_version_it_is(area: str, basis: str) -> None:
    assert scoring(RULES, area) == {
        "response": 0.3,
        "resolution": 0.35,
        "satisfaction": 0.35,
        "partly": 0.0,
        "version": "2025.1",
        "basis": basis,
    }


def test_overdue_is_what_was_closed_late_and_what_is_open_past_its_time() -> None:
    assert figures(sums(overdue=3, due=200, late=2), RULES)["rates"]["overdue"] == 1.5
    assert figures(sums(overdue=3, due=200, late=2), RULES)["counts"]["overdue"] == 3


def test_missed_is_what_others_found_where_somebody_patrolled() -> None:
    """docs/domain.md §2.4: both sides of the rate count in patrolled grids alone."""
    found = figures(Sums(sums(found_on_patrol=6, found_by_others=9).counts, missed=2), RULES)
    assert (found["counts"]["missed"], found["counts"]["found"], found["rates"]["missed"]) == (2, 8, 25.0)
    assert figures(sums(found_by_others=9), RULES)["rates"]["missed"] is None


def test_sums_of_parts_are_the_sum_of_the_whole() -> None:
    both = sums(overdue=1, due=2, closed=1) + sums(overdue=2, due=3)
    assert (both.of("due"), both.of("closed"), both.of("overdue")) == (5, 1, 3)
    assert (Sums({}, 1, 2) + Sums({}, 1, 3)).of("missed") == 5


def test_every_number_that_a_rate_is_made_of_can_be_asked_for() -> None:
    assert {name for pair in MADE_OF.values() for name in pair} <= set(SHOWN)
    assert set(figures(sums(), RULES)["counts"]) == set(SHOWN)
    assert set(figures(sums(), RULES)["rates"]) == set(RATES)
    assert (cohort_of("overdue"), cohort_of("solved")) == (Cohort.DUE, Cohort.CLOSED)
    assert (cohort_of("missed"), cohort_of("found")) == (Cohort.REPORTED, Cohort.REPORTED)


# Who is told.

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


OF_ALL = caller("p-contact", "unit_contact", scope="360704", unit="u-lighting")
"""Who speaks for a unit in all of the district; `CONTACT` does in one grid."""


def asked(area: str, **which: Any) -> Selection:
    return Selection(area, *MARCH, **which)


@pytest.mark.parametrize(
    ("who", "which", "told"),
    [
        (DISPATCHER, asked("360704", by=By.UNIT), Audience.ALL),
        (WORKER, asked(GRID, by=By.CATEGORY), Audience.ALL),
        (caller("p", "union_cadre"), asked(GRID), Audience.ALL),
        (caller("p", "auditor", scope="36"), asked("36", by=By.DISTRICT), Audience.ALL),
        (caller("p", "auditor", scope=""), asked("36"), Audience.ALL),
        (caller("p", "auditor", scope="36"), asked("360704", by=By.MONTH), Audience.ALL),
        (caller("p", "auditor", scope="36"), asked("36", category="0101"), Audience.ALL),
        (caller("p", "auditor", scope="36"), asked("36", by=By.COMMUNITY), None),
        (caller("p", "auditor", scope="36"), asked("360704", by=By.GRID), None),
        (caller("p", "auditor", scope="36"), asked("360704", by=By.UNIT), None),
        (caller("p", "auditor", scope="36"), asked("36", unit="u-lighting"), None),
        (caller("p", "auditor", scope="36"), asked(GRID), None),
        (caller("p", "auditor", scope="36"), asked(GRID[:12]), None),
        (caller("p", "auditor", scope="3607"), asked("360704", by=By.DISTRICT), Audience.ALL),
        (caller("p", "auditor", scope="3607"), asked("36"), None),
        (OF_ALL, asked("360704", unit="u-lighting", by=By.CATEGORY), Audience.ALL),
        (CONTACT, asked(GRID, unit="u-lighting", by=By.CATEGORY), Audience.ALL),
        (CONTACT, asked("360704", unit="u-lighting", by=By.CATEGORY), None),
        (CONTACT, asked("360704"), Audience.PUBLIC),
        (RESIDENT, asked("360704", by=By.GRID), Audience.PUBLIC),
        (WORKER, asked(ELSEWHERE), Audience.PUBLIC),
        (VOLUNTEER, asked(GRID, by=By.MONTH), Audience.PUBLIC),
        (RESIDENT, asked("360704", by=By.UNIT), None),
        (RESIDENT, asked("360704", by=By.DAY), None),
        (RESIDENT, asked("360704", category="0101"), None),
        (CONTACT, asked("360704", unit="u-power"), None),
        (RESIDENT, asked(OTHER_DISTRICT), None),
        (DISPATCHER, asked("36"), None),
        (RESIDENT, asked("36"), None),
    ],
)
def test_everybody_is_told_by_the_row_of_the_table(who: Any, which: Selection, told: Audience | None) -> None:
    """The row "indicators" of docs/domain.md §5."""
    if told is None:
        with pytest.raises(Refusal, match="out_of_scope"):
            audience(who, which)
    else:
        assert audience(who, which) is told


@pytest.mark.parametrize(
    ("who", "which", "among", "open_"),
    [
        pytest.param(
            RESIDENT, asked("360704", by=By.UNIT), By, ["district", "community", "grid", "month"], id="a resident"
        ),
        pytest.param(
            RESIDENT, asked("360704", by=By.UNIT), RANKED_BY, ["district", "community", "grid"], id="of a ranking"
        ),
        pytest.param(
            caller("p", "auditor", scope="36"),
            asked("36", by=By.GRID),
            By,
            ["district", "category", "day", "month"],
            id="the province",
        ),
        pytest.param(RESIDENT, asked(OTHER_DISTRICT, by=By.GRID), By, None, id="another district"),
        pytest.param(DISPATCHER, asked("36"), By, None, id="nothing is told apart"),
    ],
)
def test_who_is_not_told_it_apart_in_one_way_hears_of_the_others(
    who: Any, which: Selection, among: Any, open_: list[str] | None
) -> None:
    with pytest.raises(Refusal, match="out_of_scope") as refused:
        audience(who, which, among)
    errors = refused.value.details.get("errors", [])
    told = [(each["pointer"], each["code"], each["details"]) for each in errors]
    assert told == ([] if open_ is None else [("/by", "breakdown_not_open", {"open": open_})])


@pytest.mark.parametrize(
    ("which", "pointers"),
    [
        (asked("360704", category="0101", by=By.GRID), ["/category"]),
        (asked(GRID, unit="u-1", category="0101"), ["/unit_id", "/category"]),
        (asked(OTHER_DISTRICT, category="0101"), []),
    ],
)
def test_who_is_told_of_all_together_hears_which_filter_is_too_much(which: Selection, pointers: list[str]) -> None:
    with pytest.raises(Refusal, match="out_of_scope") as refused:
        audience(RESIDENT, which)
    errors = refused.value.details.get("errors", [])
    assert [(each["pointer"], each["code"]) for each in errors] == [(each, "filter_not_open") for each in pointers]


@pytest.mark.parametrize(
    ("who", "which", "may"),
    [
        (DISPATCHER, asked("360704"), True),
        (WORKER, asked(GRID), True),
        (OF_ALL, asked("360704", unit="u-lighting"), True),
        (CONTACT, asked(GRID, unit="u-lighting"), True),
        (CONTACT, asked("360704", unit="u-lighting"), False),
        (CONTACT, asked("360704"), False),
        (RESIDENT, asked(GRID), False),
        (WORKER, asked("360704"), False),
        (caller("p", "auditor", scope="36"), asked("360704"), False),
        (caller("p", "auditor", scope="36"), asked("36"), False),
        (caller("p", "auditor", scope=""), asked("360704"), False),
        (caller("p", "auditor", scope="360704"), asked("360704"), True),
    ],
)
def test_the_cases_of_a_number_are_for_who_sees_them(who: Any, which: Selection, may: bool) -> None:
    """F57: whoever reads several districts has their sums, and no case of either."""
    if may:
        told_by(who, which)
    else:
        with pytest.raises(Refusal, match="out_of_scope"):
            told_by(who, which)


@pytest.mark.parametrize("role", READERS)
def test_whoever_oversees_several_districts_has_sums_by_district_in_whichever_role(role: str) -> None:
    """F57: given two districts, when the province opens the board, then sums and no personal data of either."""
    who = caller("p-province", role, scope="36")
    assert audience(who, asked("36", by=By.DISTRICT)) is Audience.ALL
    for which in (asked("36", by=By.GRID), asked("360704", by=By.UNIT), asked(GRID)):
        with pytest.raises(Refusal, match="out_of_scope"):
            audience(who, which)
    with pytest.raises(Refusal, match="out_of_scope"):
        told_by(who, asked("360704"))


def test_who_lives_in_a_district_besides_is_told_its_public_set() -> None:
    both = Caller("p-both", (Grant("auditor", "36"), Grant("resident", "360704")))
    assert audience(both, asked("360704", by=By.GRID)) is Audience.PUBLIC
    assert audience(both, asked("360704", by=By.DISTRICT)) is Audience.ALL
    with pytest.raises(Refusal, match="out_of_scope"):
        told_by(both, asked("360704"))


def test_the_public_set_tells_opinions_or_none() -> None:
    some = sums(reported=9, registered=9, concluded=9, responded=9, answered=9, solved=9, satisfied=9)
    told = shown(some, RULES, Audience.PUBLIC, opinions=False)
    assert {name: told["rates"][name] for name in ("registration", "response", "resolution", "composite")} == {
        "registration": 100.0,
        "response": 100.0,
        "resolution": None,
        "composite": None,
    }
    assert not {"answered", "solved", "satisfied", "partly"} & set(told["counts"])
    assert shown(some, RULES, Audience.PUBLIC, opinions=True)["rates"]["satisfaction"] == 100.0
    assert shown(some, RULES, Audience.ALL, opinions=False)["rates"]["satisfaction"] == 100.0


def test_parts_go_by_their_codes() -> None:
    told = Told(asked("360704", by=By.UNIT), {"b": sums(), "": sums(), "a": sums()}, RULES)
    assert [part["of"] for part in told.parts()] == ["", "a", "b"]


def test_each_month_is_made_by_its_own_rules_and_says_so_where_they_differ() -> None:
    """docs/domain.md §2.4: a new version of the scoring leaves the months before as they were."""
    half = replace(RULES, version="s-2", partly=Decimal("0.5"))
    partly = sums(concluded=1, responded=1, answered=1, partly=1, satisfied=1)
    quarter = Selection("360704", date(2026, 2, 1), date(2026, 3, 31), By.MONTH)
    told = Told(quarter, {"2026-02": partly, "2026-03": partly}, half, {"2026-02": RULES, "2026-03": half})
    february, march = told.parts()
    assert [part["rates"]["resolution"] for part in (february, march, told.total())] == [0.0, 50.0, 50.0]
    assert (february["scoring"]["version"], "scoring" in march) == ("2025.1", False)


@pytest.mark.parametrize(
    ("by", "span", "ends"),
    [
        (By.MONTH, "2026-02", date(2026, 2, 28)),
        (By.MONTH, "2026-03", date(2026, 3, 20)),
        (By.DAY, "2026-02-05", date(2026, 2, 5)),
    ],
)
def test_a_month_or_day_has_a_last_day_of_its_own(by: By, span: str, ends: date) -> None:
    assert Selection("360704", date(2026, 2, 1), date(2026, 3, 20), by).ends_of(span) == ends


def test_categories_have_both_names() -> None:
    assert set(category_names(["0101", "9999"], "360704")) == {"0101"}
    assert set(category_names(["0101"], "36")["0101"]) == {"zh", "en"}


# When.


def test_the_month_so_far_unless_days_are_named() -> None:
    assert days(None, None, NOW) == MARCH
    assert days(date(2026, 3, 5), None, NOW) == (date(2026, 3, 5), MARCH[1])
    assert days(None, date(2026, 2, 10), NOW) == (date(2026, 2, 1), date(2026, 2, 10))
    assert days(date(2026, 5, 1), None, NOW) == (date(2026, 5, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("by", "first", "last", "spans"),
    [
        (By.MONTH, date(2025, 11, 30), date(2026, 2, 1), ["2025-11", "2025-12", "2026-01", "2026-02"]),
        (By.DAY, date(2026, 2, 27), date(2026, 3, 1), ["2026-02-27", "2026-02-28", "2026-03-01"]),
        (By.DAY, date(2026, 3, 1), date(2026, 3, 1), ["2026-03-01"]),
        (By.GRID, date(2026, 3, 1), date(2026, 3, 31), []),
        (None, date(2026, 3, 1), date(2026, 3, 31), []),
    ],
)
def test_a_trend_has_every_month_or_day_of_its_period(by: By, first: date, last: date, spans: list[str]) -> None:
    assert Selection("360704", first, last, by).spans == spans


def test_a_period_ends_no_earlier_than_it_begins_and_has_an_end() -> None:
    assert days(date(2026, 3, 5), date(2026, 3, 5), NOW) == (date(2026, 3, 5), date(2026, 3, 5))
    with pytest.raises(Refusal, match="period_reversed"):
        days(date(2026, 3, 6), date(2026, 3, 5), NOW)
    with pytest.raises(Refusal, match="period_too_long"):
        days(date(2006, 3, 6), date(2026, 3, 5), NOW)
    year = (date(2025, 3, 4), date(2026, 3, 5))
    assert days(*year, NOW, By.DAY) == year
    with pytest.raises(Refusal, match="period_too_long") as refused:
        days(date(2025, 3, 3), date(2026, 3, 5), NOW, By.DAY)
    assert refused.value.details == {"days": 366}
    assert days(date(2025, 3, 3), date(2026, 3, 5), NOW, By.MONTH)


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [
        (date(1, 1, 5), date(1, 2, 5), "/from"),
        (date(1899, 12, 31), date(1900, 1, 5), "/from"),
        (None, date(1, 1, 20), "/to"),
    ],
)
def test_days_that_have_none_before_them_are_refused(first: date | None, last: date, pointer: str) -> None:
    with pytest.raises(Refusal) as refused:
        days(first, last, NOW)
    assert (refused.value.code, refused.value.details["errors"][0]["pointer"]) == ("invalid", pointer)


def test_a_day_begins_and_ends_on_the_local_clock() -> None:
    span = asked(GRID)
    assert (span.begins.isoformat(), span.ends.isoformat()) == (
        "2026-03-01T00:00:00+08:00",
        "2026-04-01T00:00:00+08:00",
    )


@pytest.mark.parametrize(
    ("which", "cut"),
    [
        ({}, Cut.GRID),
        ({"by": By.MONTH}, Cut.GRID),
        ({"by": By.UNIT}, Cut.UNIT),
        ({"by": By.CATEGORY}, Cut.CATEGORY),
        ({"by": By.GRID, "unit": "u"}, Cut.UNIT),
        ({"category": "0101"}, Cut.CATEGORY),
        ({"by": By.CATEGORY, "unit": "u"}, Cut.FULL),
        ({"by": By.UNIT, "category": "0101"}, Cut.FULL),
        ({"area": "360704", "by": By.CATEGORY}, Cut.DISTRICT),
        ({"area": "36", "by": By.DISTRICT, "category": "0101"}, Cut.DISTRICT),
        ({"area": "360704", "by": By.GRID, "category": "0101"}, Cut.CATEGORY),
        ({"area": "360704", "by": By.CATEGORY, "unit": "u"}, Cut.FULL),
    ],
)
def test_the_few_counters_are_summed_where_they_tell_enough(which: dict[str, Any], cut: Cut) -> None:
    assert asked(**{"area": GRID, **which}).cut is cut


# Counters.

WHO = (RESIDENT, NEIGHBOUR, DISPATCHER, WORKER, OTHER_WORKER, ELECTRICIAN, INSPECTOR)
MOVES = st.tuples(st.sampled_from(sorted(Act)), st.sampled_from(WHO), st.sampled_from([0, 1, 5, 30, 100]))
STARTS = (stage.opened, stage.registered, stage.accepted, stage.in_progress, stage.resolved, stage.closed)
LIVES = st.lists(st.tuples(st.sampled_from(STARTS), st.lists(MOVES, max_size=25)), min_size=1, max_size=3)


@given(LIVES)
def test_counters_after_any_moves_are_what_counting_from_scratch_gives(lives: Any) -> None:
    """Whatever happens to cases, differences that are added up are the same as one count of all in the end."""
    kept: dict[Key, Counter[Counted]] = {}
    ends = []
    for start, moves in lives:
        play = start()
        steps = [tally(play.case, RULES.exclusions)]
        for act, who, hours in moves:
            with suppress(Refusal):
                play.later(hours=hours).do(act, who)
            steps.append(tally(play.case, RULES.exclusions))
        for n, found in enumerate(steps):
            for key, counts in difference(steps[n - 1 : n], [found]).items():
                kept.setdefault(key, Counter()).update(counts)
        ends.append(steps[-1])
    assert changed(kept) == difference([], ends)
    assert all(n > 0 for counts in changed(kept).values() for n in counts.values())


def test_all_cuts_of_a_day_have_the_same_sums() -> None:
    play = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])
    found = counted(tally(play.case, RULES.exclusions))
    by_day = set(Cut) - {Cut.OPEN}
    cuts = {cut: sum((counts for key, counts in found.items() if key.cut is cut), Counter()) for cut in by_day}
    assert cuts == dict.fromkeys(by_day, cuts[Cut.GRID])
    assert found[Key(Cut.OPEN, NO_DAY, GRID)] == {Open.PROBLEM: 1}
    assert {(key.cut, key.unit, key.category) for key in found} == {
        (Cut.GRID, None, None),
        (Cut.UNIT, "u-lighting", None),
        (Cut.CATEGORY, None, "0101"),
        (Cut.FULL, "u-lighting", "0101"),
        (Cut.DISTRICT, None, "0101"),
        (Cut.OPEN, None, None),
    }


def test_counters_have_names_of_their_own() -> None:
    one, other = Key(Cut.FULL, "2026-03-01", GRID, unit="0101"), Key(Cut.FULL, "2026-03-01", GRID, category="0101")
    assert len({one.id, other.id, Key(Cut.GRID, "2026-03-01", GRID).id}) == 3
    assert one.tenant == GRID[:6]


def test_a_case_that_is_reopened_is_closed_no_more() -> None:
    play = stage.closed()
    before = tally(play.case, RULES.exclusions)
    play.at("03-15 09:00").do(Act.REOPEN, RESIDENT)
    change = difference([before], [tally(play.case, RULES.exclusions)])
    closed = Key(Cut.GRID, "2026-03-13", GRID)
    assert change[closed][Count.CLOSED] == -1
