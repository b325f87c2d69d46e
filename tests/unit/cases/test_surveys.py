"""Pulse surveys by their rules: days, acts, answers, who may do what, figures, and what is hidden (F14, F52)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadline import LOCAL
from cases.disclosure import told as told_of
from cases.place import Grid
from cases.surveys import answer
from cases.surveys.permission import PERMISSIONS, may, permitted_role
from cases.surveys.result import LEVELS, Count, change, figure, results
from cases.surveys.scale import WORDS, Scale
from cases.surveys.survey import Act, Status, Survey, changed, draft, moved, period_faults
from cases.surveys.view import Outcome, outcome
from chassis.caller import Caller
from tests.unit.cases.play import ELSEWHERE, GRID, caller, code_of

DISTRICT, COMMUNITY = GRID[:6], GRID[:12]
NEXT_GRID = f"{COMMUNITY}002"
GRIDS = [GRID, NEXT_GRID, ELSEWHERE, f"{ELSEWHERE[:12]}002", "360704100008001"]
TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 9, tzinfo=LOCAL)
FEWEST = 10
DAYS = {"first_day": TODAY, "last_day": date(2026, 6, 14)}
GIVEN: dict[str, Any] = {
    "area": COMMUNITY,
    "title": {"zh": "二季度民情", "en": "Second quarter"},
    "method": {"zh": "自愿在线填写", "en": "Online, whoever wants to"},
    **DAYS,
}


def drafted(**fields: Any) -> Survey:
    return draft("s-1", {**GIVEN, **fields}, "p-desk", NOW, FEWEST)


def opened(**fields: Any) -> Survey:
    return moved(drafted(**fields), Act.OPEN, NOW, FEWEST)


def count(*spread: int) -> Count:
    """So many who gave the scores from 1 on, on every scale."""
    whole = (*spread, *[0] * (5 - len(spread)))
    return Count(sum(spread), dict.fromkeys(Scale, whole))


# The days, and the way from draft to published


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        (0, 0, []),
        (0, 91, []),
        (366, 366, []),
        (-1, 3, ["/first_day survey_begins_in_the_past"]),
        (5, 4, ["/last_day survey_ends_before_it_begins"]),
        (0, 92, ["/last_day survey_too_long"]),
        (367, 368, ["/first_day survey_begins_too_late"]),
        (-1, -2, ["/first_day survey_begins_in_the_past", "/last_day survey_ends_before_it_begins"]),
    ],
)
def test_each_fault_of_the_days_has_its_code_and_all_are_told(first: int, last: int, codes: list[str]) -> None:
    days = {"first_day": TODAY + timedelta(first), "last_day": TODAY + timedelta(last)}
    assert [f"{each.pointer} {each.code}" for each in period_faults(days, TODAY)] == codes


def test_what_could_not_be_read_of_the_days_hides_nothing_of_the_rest() -> None:
    assert [each.code for each in period_faults({"first_day": TODAY - timedelta(1)}, TODAY)] == [
        "survey_begins_in_the_past"
    ]
    assert list(period_faults({"last_day": TODAY}, TODAY)) == []


def test_a_survey_goes_from_draft_to_published_one_step_after_the_other() -> None:
    found, codes = (
        drafted(),
        {Act.OPEN: "survey_not_draft", Act.CLOSE: "survey_not_open", Act.PUBLISH: "survey_not_closed"},
    )
    for step in Act:
        for other in set(Act) - {step}:
            assert code_of(moved, found, other, NOW, FEWEST) == codes[other]
        found = moved(found, step, NOW, FEWEST)
    assert found.status is Status.PUBLISHED
    assert {code_of(moved, found, act, NOW, FEWEST) for act in Act} == set(codes.values())
    assert (found.opened_at, found.closed_at, found.published_at) == (NOW, NOW, NOW)


def test_nothing_of_it_changes_once_it_is_open() -> None:
    assert changed(drafted(), {"last_day": TODAY}).last_day == TODAY
    told_anew = changed(drafted(), {"title": {"zh": "甲", "en": "A"}})
    assert (told_anew.title.zh, told_anew.method, told_anew.first_day) == ("甲", drafted().method, TODAY)
    for found in (opened(), moved(opened(), Act.CLOSE, NOW, FEWEST)):
        assert code_of(changed, found, {"title": {"zh": "甲", "en": "A"}}) == "survey_not_draft"


def test_a_survey_whose_days_are_over_is_not_opened() -> None:
    assert moved(drafted(), Act.OPEN, NOW + timedelta(13), FEWEST).status is Status.OPEN
    assert code_of(moved, drafted(), Act.OPEN, NOW + timedelta(14), FEWEST) == "survey_period_over"


def test_the_smallest_group_is_that_of_the_day_on_which_it_is_opened() -> None:
    found = moved(drafted(), Act.OPEN, NOW, 25)
    assert moved(moved(found, Act.CLOSE, NOW, 5), Act.PUBLISH, NOW, 5).smallest_group == 25


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        ("2026-05-31T23:59:59", False),
        ("2026-06-01T00:00:00", True),
        ("2026-06-14T23:59:59", True),
        ("2026-06-15T00:00:00", False),
    ],
)
def test_answers_are_taken_from_the_first_day_to_the_last(at: str, taken: bool) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=LOCAL)
    assert opened().takes_answers(instant) is taken
    assert opened().due_at == datetime(2026, 6, 15, tzinfo=LOCAL)
    for other in (drafted(), moved(opened(), Act.CLOSE, NOW, FEWEST)):
        assert not other.takes_answers(instant)


def test_a_title_names_nobodys_number_and_a_method_may_say_whom_to_call() -> None:
    said = {"zh": "请致电 12000000001，证号 999999199001010016", "en": "12000000001"}
    found = drafted(title=said, method=said)
    assert (found.title.zh, found.title.en) == ("请致电 120****0001，证号 999999********0016", "120****0001")
    assert (found.method.zh, found.method.en) == ("请致电 12000000001，证号 999999********0016", "12000000001")


# What is wrong with an answer


def grid(code: str, **fields: Any) -> Grid:
    return Grid(code, "片", "社区", **{"level": "SERVICE", "ring": (), **fields})


@pytest.mark.parametrize(
    ("given_", "found", "codes"),
    [
        ({"scores": {"sense_of_gain": 1, "sense_of_safety": 5}, "grid_code": GRID}, grid(GRID), []),
        ({"scores": {"sense_of_gain": 3}, "grid_code": None}, None, []),
        ({"scores": {}}, None, ["/scores nothing_answered"]),
        (
            {"scores": {"sense_of_gain": 0, "sense_of_safety": 6}},
            None,
            ["/scores/sense_of_gain score_out_of_range"] * 1 + ["/scores/sense_of_safety score_out_of_range"],
        ),
        ({"grid_code": ELSEWHERE}, grid(ELSEWHERE), ["/grid_code grid_outside_survey"]),
        ({"grid_code": NEXT_GRID}, None, ["/grid_code unknown_grid"]),
        ({"grid_code": GRID}, grid(GRID, level="MICRO"), ["/grid_code unknown_grid"]),
        ({"grid_code": GRID}, grid(GRID, closed=NOW), ["/grid_code grid_closed"]),
        ({"scores": {}, "grid_code": ELSEWHERE}, None, ["/scores nothing_answered", "/grid_code grid_outside_survey"]),
    ],
)
def test_each_fault_of_an_answer_has_its_code(given_: Mapping[str, Any], found: Grid | None, codes: list[str]) -> None:
    assert [f"{each.pointer} {each.code}" for each in answer.faults(given_, opened(), found, NOW)] == codes


# Who may do what

OFFICE = ("dispatcher", "district_admin", "party_office")
OTHERS = (
    "resident",
    "rider",
    "grid_worker",
    "community_worker",
    "inspector",
    "in_service_member",
    "volunteer",
    "unit_contact",
    "union_leader",
    "union_cadre",
    "auditor",
)
KEEPING = [act for act, row in PERMISSIONS.items() if row.roles]
LIVING = [act for act, row in PERMISSIONS.items() if not row.roles]


@pytest.mark.parametrize("role", OFFICE)
def test_the_office_keeps_the_surveys_of_its_scope(role: str) -> None:
    who = caller("p-office", role, scope=COMMUNITY)
    for act in KEEPING:
        assert (permitted_role(act, who, COMMUNITY), may(act, who, COMMUNITY)) == (role, True)
        assert code_of(permitted_role, act, who, DISTRICT) == "out_of_scope"
        assert not may(act, who, DISTRICT)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(role: str) -> None:
    who = caller("p-other", role, scope=DISTRICT)
    assert len(KEEPING) == 7
    for act in KEEPING:
        assert code_of(permitted_role, act, who, COMMUNITY) == "not_permitted"
        assert not may(act, who, COMMUNITY)


@pytest.mark.parametrize("role", [*OFFICE, *OTHERS])
def test_everybody_of_the_district_answers_and_sees_what_is_open_or_published(role: str) -> None:
    assert LIVING == ["see_survey", "answer_survey", "see_published_results"]
    for act in LIVING:
        assert may(act, caller("p-1", role, scope=ELSEWHERE), COMMUNITY)
        assert not may(act, caller("p-1", role, scope="360702"), COMMUNITY)
        assert not may(act, caller("p-1", role, scope="36"), COMMUNITY), "a scope wider than a district opens none"
        assert not may(act, Caller("p-1"), COMMUNITY)


# Figures


@pytest.mark.parametrize(
    ("spread", "mean"),
    [((0, 0, 0, 0, 10), "5.00"), ((1, 0, 0, 0, 1), "3.00"), ((3, 0, 0, 5, 0), "2.88"), ((1, 0, 0, 7, 0), "3.63")],
)
def test_a_mean_has_two_decimals_and_halves_go_up(spread: tuple[int, ...], mean: str) -> None:
    """2.875 and 3.625 are told as 2.88 and 3.63."""
    found = figure(spread)
    assert (found.mean, found.n, found.spread) == (Decimal(mean), sum(spread), spread)


def test_each_scale_has_a_sample_of_its_own() -> None:
    skipped = replace(count(0, 0, 12), scales={**count(0, 0, 12).scales, Scale.SAFETY: (0, 0, 9, 0, 0)})
    [found] = [part for code, part in results({GRID: skipped}, COMMUNITY, FEWEST).items() if code == GRID]
    assert found.answers == 12
    assert found.scales[Scale.SAFETY] is None
    gain = found.scales[Scale.GAIN]
    assert gain is not None
    assert (gain.n, gain.mean) == (12, Decimal("3.00"))


def test_a_grid_with_fewer_than_ten_answers_is_hidden() -> None:
    """F14: 9 answers in a grid are hidden, 10 are told; the 9 cannot be found by subtracting them from the whole."""
    nine, ten = results({GRID: count(0, 9)}, DISTRICT, 10), results({GRID: count(0, 10)}, DISTRICT, 10)
    assert [part.answers for part in nine.values()] == [None, None, None]
    assert [part.answers for part in ten.values()] == [10, 10, 10]
    both = results({GRID: count(0, 9), NEXT_GRID: count(30), ELSEWHERE: count(40)}, DISTRICT, 10)
    assert {code: part.answers for code, part in both.items()} == {
        DISTRICT: 79,
        COMMUNITY: 39,
        GRID: None,
        NEXT_GRID: None,
        ELSEWHERE[:12]: 40,
        ELSEWHERE: 40,
    }


def test_what_was_answered_without_a_grid_is_in_the_whole_alone() -> None:
    found = results({GRID: count(30), COMMUNITY: count(0, 12)}, COMMUNITY, FEWEST)
    assert {code: part.answers for code, part in found.items()} == {COMMUNITY: 42, GRID: 30}
    few = results({GRID: count(30), COMMUNITY: count(0, 3)}, COMMUNITY, FEWEST)
    assert {code: part.answers for code, part in few.items()} == {COMMUNITY: 33, GRID: None}, "the 3 would be left over"


# What is told, and what cannot be made of it

sizes = st.dictionaries(
    st.sampled_from([*GRIDS, DISTRICT]), st.sampled_from([0, 1, 4, 9, 10, 11, 15, 40]), min_size=1, max_size=6
)


def told(sizes: Mapping[str, int], area: str, smallest: int) -> frozenset[str]:
    return told_of(sizes, area, smallest, LEVELS)


def held(sizes: Mapping[str, int], area: str) -> frozenset[str]:
    return frozenset(code for code in sizes if code.startswith(area))


@given(sizes, st.sampled_from([5, 10, 20]))
def test_nobody_learns_of_a_few_by_adding_and_subtracting(sizes: Mapping[str, int], smallest: int) -> None:
    """Every sum and difference of told results that is a group of people is nobody, or is not small."""
    shown = sorted(told(sizes, DISTRICT, smallest))
    for signs in product((-1, 0, 1), repeat=min(len(shown), 6)):
        weights = dict.fromkeys(sizes, 0)
        for sign, area in zip(signs, shown, strict=False):
            for code in held(sizes, area):
                weights[code] += sign
        if set(weights.values()) <= {0, 1}:
            people = sum(sizes[code] for code, weight in weights.items() if weight)
            assert people == 0 or people >= smallest, (shown, signs)


@given(sizes)
def test_what_is_left_of_anything_told_is_not_small(sizes: Mapping[str, int]) -> None:
    """The same for as many results as there may be: what is told lies within each other or apart."""
    shown = told(sizes, DISTRICT, FEWEST)
    for area in shown:
        within = [held(sizes, each) for each in shown if each != area and each.startswith(area)]
        left = sum(sizes[code] for code in held(sizes, area).difference(*within))
        assert left == 0 or left >= FEWEST, area
        assert area == DISTRICT or any(each != area and area.startswith(each) for each in shown)


@given(st.dictionaries(st.sampled_from(GRIDS), st.integers(FEWEST, 60), min_size=1))
def test_where_nothing_is_small_everything_is_told(sizes: Mapping[str, int]) -> None:
    assert told(sizes, DISTRICT, FEWEST) == {DISTRICT, *sizes, *(code[:12] for code in sizes)}


def test_of_the_others_no_more_are_hidden_than_need_be() -> None:
    found = told({GRID: 4, NEXT_GRID: 20, ELSEWHERE: 30, GRIDS[3]: 12}, DISTRICT, FEWEST)
    assert found == {DISTRICT, COMMUNITY, ELSEWHERE[:12], ELSEWHERE, GRIDS[3]}
    several = told({GRID: 4, NEXT_GRID: 6, f"{COMMUNITY}003": 11}, COMMUNITY, FEWEST)
    assert several == {COMMUNITY, f"{COMMUNITY}003"}, "the two hidden ones are 10 together"


# What is shown


def test_beside_every_number_stand_its_sample_and_what_was_found_before() -> None:
    before = Outcome(replace(opened(), id="s-0", status=Status.PUBLISHED), {GRID: count(0, 0, 10), NEXT_GRID: count(9)})
    now = Outcome(replace(opened(), status=Status.CLOSED), {GRID: count(0, 0, 0, 12), NEXT_GRID: count(0, 0, 0, 10)})
    shown = outcome(now, [before])
    assert (shown["method"], shown["compared_with"]) == (
        {"zh": "自愿在线填写", "en": "Online, whoever wants to"},
        "s-0",
    )
    whole = shown["whole"]["figures"][0]
    assert whole == {
        "scale": "sense_of_gain",
        "hidden": False,
        "n": 22,
        "mean": 4.0,
        "spread": [{"score": score, "n": 22 if score == 4 else 0} for score in range(1, 6)],
        "before": {"n": 19, "mean": 2.05},
        "change": 1.95,
    }
    assert shown["communities"] == []
    assert [(each["area"], each["answers"], each["figures"][3]["before"]) for each in shown["grids"]] == [
        (GRID, 12, None),
        (NEXT_GRID, 10, None),
    ], "both grids were hidden in the survey before"
    [past] = shown["trend"]
    assert (past["survey_id"], past["answers"], past["figures"][0]["mean"], past["method"]["zh"]) == (
        "s-0",
        19,
        2.05,
        "自愿在线填写",
    )


def test_what_is_hidden_is_null_and_says_so() -> None:
    shown = outcome(Outcome(replace(opened(), status=Status.CLOSED), {GRID: count(0, 9)}), [])
    assert (shown["whole"]["answers"], shown["whole"]["hidden"], shown["compared_with"]) == (None, True, None)
    assert shown["whole"]["figures"] == [
        {"scale": scale, "hidden": True, "n": None, "mean": None, "spread": None, "before": None, "change": None}
        for scale in Scale
    ]
    assert [each["hidden"] for each in shown["grids"]] == [True]


def test_a_change_is_told_where_both_means_are() -> None:
    low, high = figure((0, 10, 0, 0, 0)), figure((0, 0, 0, 10, 0))
    assert change(high, low) == Decimal("2.00")
    assert [change(high, None), change(None, low)] == [None, None]


def test_the_scales_are_those_of_the_glossary() -> None:
    assert [zh for zh, _ in WORDS.values()] == ["获得感", "归属感", "幸福感", "安全感"]
    assert list(WORDS) == list(Scale)
