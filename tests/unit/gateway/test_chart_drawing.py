"""How a chart is drawn: words stay words, numbers stand where their rate is, gaps are gaps, and nothing differs."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from defusedxml.ElementTree import fromstring

from cases.indicators.rates import Sums
from gateway.charts.canvas import Canvas, number, shortened
from gateway.charts.drawing import BAR_LEFT, BAR_RIGHT, COLOURS, DASHES, HEIGHT, TOP, drawn_ranking, drawn_trend
from gateway.charts.figures import ranking, trend
from tests.unit.gateway.boards import AREA, GRIDS, MONTHS, board, ranking_board, sums

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rates: str, language: str = "zh-CN", months: dict[str, Sums] | None = None) -> ET.Element:
    found: ET.Element = fromstring(drawn_trend(trend(board("month", months or MONTHS), rates, language), language))
    return found


def ranked(rate: str = "closure", names: dict[str, str] | None = None) -> ET.Element:
    before = {f"{AREA}001": sums(due=2, due_closed=1), f"{AREA}002": sums(due=8, due_closed=7)}
    figures = ranking_board(rate, GRIDS, before=before) | ({"names": names} if names else {})
    found: ET.Element = fromstring(drawn_ranking(ranking(figures, 10, "zh-CN"), "zh-CN"))
    return found


def words(picture: ET.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def lines(picture: ET.Element, colour: str) -> list[int]:
    """Of how many points each line of that colour is, but for the sample beside its name."""
    found = [each for each in picture.iter(f"{SVG}polyline") if each.get("stroke") == colour]
    return [len(each.get("points", "").split()) for each in found][:-1]


def told(picture: ET.Element, shape: str) -> list[str | None]:
    return [each[0].text for each in picture.iter(f"{SVG}{shape}") if len(each)]


def test_the_title_the_axis_the_numbers_and_their_samples_are_words_in_the_picture() -> None:
    picture = drawn("closure", "satisfaction")
    said = words(picture)
    assert picture[0].text == said[0] == "滨江社区指标走势"
    assert {"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"} <= set(said)
    assert {"2026-01", "2026-02", "2026-03", "2026-04"} <= set(said)
    assert {"93.72", "n=972", "75.00", "n=4", "–", "n=0", "92.88", "n=590", "回访覆盖率 %", "92.19"} <= set(said)
    assert "回访覆盖率 %" not in words(drawn("closure"))
    assert "Closure" in words(drawn("closure", language="en"))


def test_a_line_is_broken_where_there_is_no_number() -> None:
    picture = drawn("closure", "rework")
    assert lines(picture, COLOURS[0]) == [1, 2]
    assert lines(picture, COLOURS[1]) == []
    assert told(picture, "circle") == [
        "2026-01 结案率 93.72 % n=972",
        "2026-03 结案率 75.00 % n=4",
        "2026-04 结案率 100.00 % n=8",
    ]


def test_a_dot_lies_as_high_as_its_rate() -> None:
    heights = [float(dot.get("cy", "")) for dot in drawn("closure").iter(f"{SVG}circle")]
    assert heights == pytest.approx([TOP + HEIGHT * (1 - rate / 100) for rate in (93.72, 75, 100)], abs=0.01)


def test_a_bar_is_as_long_as_its_rate() -> None:
    picture = ranked()
    bars = [float(bar.get("width", "")) for bar in picture.iter(f"{SVG}rect") if len(bar)]
    assert bars == pytest.approx([(BAR_RIGHT - BAR_LEFT) * rate / 100 for rate in (100, 100, 25, 78.57)], abs=0.01)
    assert told(picture, "rect")[2:] == ["第一网格 25.00 % n=4", "合计 78.57 % n=14"]
    said = set(words(picture))
    assert {"滨江社区结案率排名", "100.00 %", "n=2", "-25.00", "+12.50", "–", "n=0", "第三网格", "合计"} <= said
    assert "回访覆盖率 40.00 %" in words(ranked("satisfaction"))


def test_the_same_figures_are_the_same_picture() -> None:
    chart, other = (
        trend(board("month", MONTHS, asked_at=f"2026-04-30T1{n}:00:00Z"), ["closure"], "en") for n in (7, 8)
    )
    assert drawn_trend(chart, "en") == drawn_trend(other, "en")
    assert ET.tostring(ranked()) == ET.tostring(ranked())


def test_a_name_is_a_text_whatever_it_says() -> None:
    names = {f"{next(iter(GRIDS))}": '</text><script>alert("1")</script>&\x0b\ufffe'}
    picture = ranked(names=names)
    assert [each for each in picture.iter() if each.tag == f"{SVG}script"] == []
    assert any('</text><script>alert("1")</sc' in each for each in words(picture))
    assert "\x0b" not in "".join(words(picture))


@pytest.mark.parametrize(("months", "written"), [(1, 1), (12, 12), (13, 7), (120, 12)])
def test_as_many_months_are_written_out_as_there_is_place_for(months: int, written: int) -> None:
    codes = [f"{2017 + n // 12}-{n % 12 + 1:02}" for n in range(months)]
    said = words(drawn("closure", months={code: sums(due=2, due_closed=1) for code in codes}))
    assert [each for each in said if each in codes] == codes[:: -(-months // 12)]
    assert said.count("50.00") == written


def test_lines_are_told_apart_without_colours() -> None:
    assert len(COLOURS) == len(DASHES) == len(set(COLOURS)) == len(set(DASHES))


@pytest.mark.parametrize(
    ("said", "letters", "left"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("网格", 4, "网格"), ("网格员", 5, "网…"), ("", 3, "")],
)
def test_what_is_too_long_is_shortened(said: str, letters: int, left: str) -> None:
    assert shortened(said, letters) == left


def test_lengths_are_written_short() -> None:
    values: Sequence[float] = (1, 1.5, 2 / 3, 100)
    assert [number(value) for value in values] == ["1", "1.5", "0.67", "100"]


def test_a_picture_has_a_ground_of_its_own() -> None:
    ground = fromstring(Canvas(10, 20, "a").svg())[1]
    assert (ground.get("width"), ground.get("height"), ground.get("fill")) == ("10", "20", "#ffffff")
