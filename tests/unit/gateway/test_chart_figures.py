"""What a chart says: the figures of the board and no other, gaps, sample sizes, places, and the method."""

from typing import Any

import pytest

from cases.indicators.permission import Audience
from chassis.errors import Refusal
from gateway.charts.figures import OPINIONS, Mark, ranking, trend
from gateway.schemas.indicators import RATES
from tests.unit.gateway.boards import AREA, GRIDS, MONTHS, board, ranking_board, sums

UNKNOWN = Mark(None, 0, None)
UNKNOWN_TO_ALL = Mark(None, None, None)


def test_a_trend_has_each_rate_over_each_month_and_a_gap_where_there_is_no_case() -> None:
    chart = trend(board("month", MONTHS), ["closure", "on_time"], "zh-CN")
    assert chart.spans == ("2026-01", "2026-02", "2026-03", "2026-04")
    assert [(row.name, row.marks) for row in chart.rows] == [
        ("结案率", (Mark(93.72, 972, None), UNKNOWN, Mark(75.0, 4, None), Mark(100.0, 8, None))),
        ("按期结案率", (Mark(75.82, 972, None), UNKNOWN, Mark(75.0, 4, None), Mark(50.0, 8, None))),
    ]


def test_coverage_stands_beside_opinions_and_nothing_else() -> None:
    chart = trend(board("month", MONTHS), ["satisfaction", "response"], "zh-CN")
    opinion, response = (row.marks for row in chart.rows)
    assert [mark.coverage for mark in opinion] == [92.19, None, 66.67, 100.0]
    assert {mark.coverage for mark in response} == {None}
    assert [mark.sample for mark in opinion] == [590, 0, 2, 12]


def test_what_a_small_group_said_is_a_gap_for_everybody_else() -> None:
    """docs/domain.md §5: of fewer than ten answers neither the opinion nor their number is told."""
    rates = ["satisfaction", "closure"]
    told = trend(board("month", MONTHS, Audience.PUBLIC), rates, "en")
    opinion, closure = (row.marks for row in told.rows)
    assert [mark.value for mark in opinion] == [92.88, None, None, 100.0]
    assert {mark.sample for mark in opinion} == {None}
    assert [mark.sample for mark in closure] == [972, 0, 4, 8]
    assert any("fewer than 10 valid answers" in note for note in told.head.notes)
    assert not any("fewer than" in note for note in trend(board("month", MONTHS), rates, "en").head.notes)


def test_rates_that_one_is_not_told_are_refused_with_those_that_one_is() -> None:
    public = board("month", MONTHS, Audience.PUBLIC)
    with pytest.raises(Refusal, match="rates_not_told") as refused:
        trend(public, ["closure", "rework"], "zh-CN")
    assert refused.value.details["rates"] == ["rework"]
    assert "closure" in refused.value.details["told"]


def test_bars_stand_in_the_order_and_at_the_places_that_are_told() -> None:
    chart = ranking(ranking_board("closure", GRIDS, before={f"{AREA}001": sums(due=2, due_closed=1)}), 10, "zh-CN")
    assert [(each.place, each.name, each.mark.value, each.change) for each in chart.places] == [
        (1, "第二网格", 100.0, None),
        (1, f"{AREA}004", 100.0, None),
        (3, "第一网格", 25.0, -25.0),
        (None, "第三网格", None, None),
    ]
    assert (chart.whole.name, chart.whole.mark, chart.whole.change) == ("合计", Mark(78.57, 14, None), None)
    assert chart.head.notes[0] == "其后为与上期（2025-09-03 至 2025-12-31）相比的变化，单位为百分点。"


def test_of_changes_nothing_is_said_where_there_are_none() -> None:
    said = ranking(ranking_board("closure", GRIDS), 10, "en").head.notes
    assert not any("change" in note for note in said)
    assert said[0].startswith("Closure = ")


def test_a_trend_says_which_months_another_version_has_made() -> None:
    """docs/domain.md §2.4: each month is made by the version that holds on its own last day."""
    seen = board("month", MONTHS)
    for part in seen["parts"][:2]:
        part["scoring"] = {
            **seen["scoring"],
            "version": "2025.1",
            "response": 0.5,
            "resolution": 0.5,
            "satisfaction": 0,
        }
    said = (
        "2026-01 to 2026-02 are made by version 2025.1 of the scoring: "
        "Composite = 0.5 × Response + 0.5 × Resolution + 0 × Satisfaction."
    )
    assert said in trend(seen, ["composite"], "en").head.notes
    assert said not in trend(seen, ["closure"], "en").head.notes
    assert said not in trend(board("month", MONTHS), ["composite"], "en").head.notes


def test_a_ranking_says_in_which_direction_it_goes() -> None:
    rework = ranking(ranking_board("rework", GRIDS), 10, "en")
    assert [each.mark.value for each in rework.places] == [0.0, 10.0, 20.0, None]
    assert "Lowest first" in rework.head.under
    assert "Highest first" in ranking(ranking_board("closure", GRIDS), 10, "en").head.under


def test_who_is_not_told_an_opinion_sees_no_place_for_it() -> None:
    chart = ranking(ranking_board("satisfaction", GRIDS, Audience.PUBLIC), 10, "zh-CN")
    assert [(each.place, each.name, each.mark) for each in chart.places] == [
        (1, "第二网格", Mark(50.0, None, 100.0)),
        (1, f"{AREA}004", Mark(50.0, None, 50.0)),
        (None, "第一网格", Mark(None, None, 40.0)),
        (None, "第三网格", UNKNOWN_TO_ALL),
    ]


def test_no_more_than_was_asked_for_is_ranked_and_it_says_so() -> None:
    chart = ranking(ranking_board("closure", GRIDS), 2, "en")
    assert len(chart.places) == 2
    assert "The first 2 of 4" in chart.head.under
    assert "The first" not in ranking(ranking_board("closure", GRIDS), 4, "en").head.under


@pytest.mark.parametrize(
    ("rate", "other", "method"),
    [
        ("on_time", {}, "按期结案率 = 按期结案 ÷ 应结案"),
        ("resolution", {}, "解决率 = 已解决 ÷ 有效回访（V）"),
        (
            "resolution",
            {"scoring": {"response": 0.3, "resolution": 0.35, "satisfaction": 0.35, "partly": 0.5}},
            "解决率 = 已解决 ÷ 有效回访（V）（部分解决计 0.5）",
        ),
        ("composite", {}, "综合得分 = 0.3 × 响应率 + 0.35 × 解决率 + 0.35 × 满意率"),
    ],
)
def test_the_method_stands_beside_the_number(rate: str, other: dict[str, Any], method: str) -> None:
    """F52: trend, sample size and method stand beside every number."""
    notes = trend(board("month", MONTHS, **other), [rate], "zh-CN").head.notes
    assert notes[0] == method
    assert ("回访覆盖率 = 有效回访（V） ÷ 纳入评价（A）" in notes) is (rate in OPINIONS)
    assert any(note.startswith("n 为分母的案件数") for note in notes)


def test_it_says_of_what_and_when_by_the_local_day() -> None:
    which: dict[str, Any] = {"unit_id": "u-1", "category": "0101"}
    head = trend(board("month", MONTHS, **which), ["closure"], "zh-CN").head
    assert head.title == "滨江社区指标走势"
    assert head.under == "2026-01-01 至 2026-04-30 · 承办单位：照明所 · 类别：0101"
    assert head.notes[-1] == "查询日期 2026-05-01，统计截至 2026-04-30。"
    assert ranking(ranking_board("closure", GRIDS), 9, "en").head.title == "滨江社区: Closure, ranked"


def test_parts_have_the_names_of_their_lists() -> None:
    lamp = {"0101": {"zh": "路灯", "en": "Street lamp"}}
    chart = ranking(ranking_board("closure", {"0101": sums(due=1)}, by="category", categories=lamp), 9, "en")
    assert [each.name for each in chart.places] == ["Street lamp"]
    chart = ranking(ranking_board("closure", {"u-1": sums(due=1)}, by="unit"), 9, "zh-CN")
    assert [each.name for each in chart.places] == ["照明所"]


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_can_be_drawn(rate: str) -> None:
    chart = trend(board("month", MONTHS), [rate], "en")
    assert len(chart.rows[0].marks) == 4
    assert chart.rows[0].marks[1] == UNKNOWN
    assert set(RATES) >= OPINIONS
    assert ranking(ranking_board(rate, GRIDS), 9, "en").places[-1].mark == UNKNOWN
