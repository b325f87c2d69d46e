"""Which opinions everybody is told, and that those of a few cannot be had by adding and subtracting what is told."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.indicators.opinions import Opinions, opinions, whole_months
from cases.indicators.selection import Selection, month_ends
from cases.place import areas_around
from tests.unit.cases.play import ELSEWHERE, GRID

DISTRICT, TOWN, COMMUNITY = GRID[:6], GRID[:9], GRID[:12]
NEXT_GRID = f"{COMMUNITY}002"
GRIDS = (GRID, NEXT_GRID, f"{COMMUNITY}003", ELSEWHERE, "360704101001001", "360704101001002")
AREAS = sorted({area for grid in GRIDS for area in areas_around(grid)})
MONTHS = ("2026-01", "2026-02", "2026-03")
FEWEST = 10
TODAY = date(2026, 4, 10)

Cells = Mapping[tuple[str, str], int]


def told_of(*grids: int, area: str = DISTRICT, months: tuple[str, ...] = MONTHS[:1]) -> dict[str, bool]:
    """Which areas are told where so many have answered in grids, the same in each month."""
    sizes = dict(zip(GRIDS, grids, strict=False))
    found = opinions(dict.fromkeys(months, sizes), DISTRICT, dict.fromkeys(months, FEWEST))
    return {each: found.are_told(each, months) for each in AREAS if each.startswith(area)}


def test_a_grid_with_few_answers_is_not_had_by_subtracting_another() -> None:
    """docs/domain.md §5, small groups: of two grids of which one is hidden, so is the other."""
    told = told_of(12, 3)
    assert (told[DISTRICT], told[COMMUNITY], told[GRID], told[NEXT_GRID]) == (True, True, False, False)
    assert {told_of(10, 10)[each] for each in (DISTRICT, TOWN, COMMUNITY, GRID, NEXT_GRID)} == {True}
    assert told_of(12, 0)[GRID], "with nobody there is nothing to subtract"


def test_within_a_town_that_is_hidden_everything_is() -> None:
    told = told_of(12, 0, 0, 0, 4)
    assert (told[DISTRICT], told[TOWN], told[GRID]) == (True, False, False)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), ["2026-01", "2026-02", "2026-03"]),
        (date(2026, 1, 2), date(2026, 3, 30), ["2026-02"]),
        (date(2026, 3, 1), date(2026, 4, 30), ["2026-03"]),
        (date(2026, 3, 12), date(2026, 3, 13), []),
        (date(2026, 4, 1), date(2026, 4, 10), []),
    ],
)
def test_only_months_that_are_whole_and_over_are_told(first: date, last: date, months: list[str]) -> None:
    asked = Selection(DISTRICT, first, last)
    found = dict(whole_months(asked.months, first, last, TODAY))
    assert list(found) == months
    assert all(month_ends(month) == ends for month, ends in found.items())
    public = opinions({}, DISTRICT, dict.fromkeys(found, FEWEST))
    assert public.are_told(DISTRICT, asked.months) is (asked.months == months)


def test_the_month_that_is_over_today_is_told_tomorrow() -> None:
    march = (date(2026, 3, 1), date(2026, 3, 31))
    assert list(whole_months(["2026-03"], *march, march[1])) == []
    assert list(whole_months(["2026-03"], *march, march[1] + timedelta(1))) == [("2026-03", march[1])]


def test_each_month_goes_by_the_smallest_group_of_its_own() -> None:
    sizes = {GRID: 7}
    found = opinions({"2026-01": sizes, "2026-02": sizes}, DISTRICT, {"2026-01": 5, "2026-02": 10})
    assert [found.are_told(GRID, months) for months in (["2026-01"], ["2026-02"], ["2026-01", "2026-02"])] == [
        True,
        False,
        False,
    ]
    assert not Opinions({}).are_told(GRID, ["2026-01"])


cells = st.dictionaries(
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(GRIDS)), st.sampled_from([0, 1, 4, 9, 10, 11, 25]), min_size=1
)
PERIODS = [MONTHS[n:end] for n in range(len(MONTHS)) for end in range(n + 1, len(MONTHS) + 1)]


def public(cells: Cells) -> Opinions:
    answers = {month: {grid: n for (of, grid), n in cells.items() if of == month} for month in MONTHS}
    return opinions(answers, DISTRICT, dict.fromkeys(MONTHS, FEWEST))


def held(cells: Cells, area: str, months: tuple[str, ...]) -> set[tuple[str, str]]:
    return {cell for cell, n in cells.items() if n and cell[0] in months and cell[1].startswith(area)}


@given(cells, st.data())
def test_nobody_learns_of_a_few_by_adding_and_subtracting(cells: Cells, data: st.DataObject) -> None:
    """Every sum and difference of what is told, of any areas and periods, is nobody, or no few, or no group at all."""
    found = public(cells)
    answers = [(area, months) for area in AREAS for months in PERIODS if found.are_told(area, months)]
    if not answers:
        return
    chosen = data.draw(st.lists(st.tuples(st.sampled_from((-1, 1)), st.sampled_from(answers)), max_size=6))
    weights: Counter[tuple[str, str]] = Counter()
    for sign, (area, months) in chosen:
        for cell in held(cells, area, months):
            weights[cell] += sign
    if set(weights.values()) <= {0, 1}:
        people = sum(cells[cell] for cell, weight in weights.items() if weight)
        assert people == 0 or people >= FEWEST, chosen


@given(cells)
def test_what_is_told_of_several_months_is_the_sum_of_what_is_told_of_each(cells: Cells) -> None:
    """And what is left over of anything told in a month, by what is told within it, is nothing or not small."""
    found = public(cells)
    for area in AREAS:
        for months in PERIODS:
            each = [found.are_told(area, [month]) or not held(cells, area, (month,)) for month in months]
            assert found.are_told(area, months) is all(each)
    for month in MONTHS:
        told = {area for area in AREAS if found.are_told(area, [month]) and held(cells, area, (month,))}
        for area in told:
            within = [held(cells, part, (month,)) for part in told if part != area and part.startswith(area)]
            left = held(cells, area, (month,)).difference(*within)
            assert not left or sum(cells[cell] for cell in left) >= FEWEST, (area, month)
            assert not left or area == DISTRICT or told & set(areas_around(area)[:-1])
