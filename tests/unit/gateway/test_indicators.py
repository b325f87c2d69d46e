"""Indicators over HTTP: what is sent to cases, the pages of a number, and both as files."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from cases.indicators.ranking import RANKED_BY
from cases.indicators.rates import MADE_OF, RATES, SHOWN, Sums, figures
from cases.indicators.selection import By
from cases.policies.scoring import scoring, shipped
from chassis.errors import Refusal
from gateway.problems import phrase
from gateway.schemas import indicators as schemas
from gateway.sheets import indicators as indicator_sheets
from gateway.sheets.ledger import WITHHELD
from tests.unit.gateway.fakes import FakeServices, said
from tests.unit.gateway.test_ledger_export import LINE

GRID = "360704100002001"
HEAD = {
    "area": "360704",
    "from": "2026-03-01",
    "to": "2026-03-31",
    "unit_id": None,
    "category": None,
    "asked_at": "2026-03-31T10:00:00Z",
    "counted_until": "2026-03-31T09:59:58Z",
}
FOUND = figures(Sums({}), scoring(shipped()))
BOARD = {
    **HEAD,
    "by": "grid",
    "audience": "all",
    "fewest_told": 10,
    "scoring": {
        "response": 0.3,
        "resolution": 0.35,
        "satisfaction": 0.35,
        "partly": 0.0,
        "version": "2025.1",
        "basis": "district",
    },
    "made_of": {rate: list(made_of) for rate, made_of in MADE_OF.items()},
    "total": FOUND,
    "parts": [{"of": GRID, **FOUND, "counts": {**FOUND["counts"], "closed": 7}}],
    "categories": {},
    "names": {GRID: "=高新社区第一网格"},
}


UNLISTED = [{"code": "about_own_unit", "zh": "本单位的不列入", "en": "About the own unit."}]


LEFT_OUT = {
    "reason": {"code": "duplicate", "zh": "重复反映", "en": "reported already"},
    "proposed_by": "p-2",
    "proposed_at": "2026-03-14T01:00:00Z",
    "decided_by": "p-3",
    "decided_at": "2026-03-15T01:00:00Z",
}


def page(*, after: Any, **_: Any) -> dict[str, Any]:
    n = (after or 0) + 1
    left_out = LEFT_OUT if n == 3 else None
    items = [{**LINE, "number": f"n-{n}", "status": "MERGED" if n == 2 else "CLOSED", "exclusion": left_out}]
    more = n if n < 3 else None
    said = {"count": "solved", "cohort": "closed", "number": 3, "unlisted": UNLISTED}
    return {**HEAD, **said, "items": items, "names": {"p-2": "王**", "p-3": "赵**"}, "next": more}


def test_the_board_is_asked_for_as_it_is_named_outside(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.indicators"] = BOARD
    query = {"area": "360704", "from": "2026-03-01", "to": "2026-03-31", "by": "grid"}
    answer = client.get("/v1/indicators", query_string=query)
    assert {name: value for name, value in services.last.items() if name != "caller"} == query
    assert said(answer)["counted_until"] == "2026-03-31T17:59:58+08:00"
    assert (said(answer)["from"], said(answer)["total"]["rates"]["closure"]) == ("2026-03-01", None)
    again = client.get("/v1/indicators", query_string=query, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_number_is_opened_page_by_page(client: FlaskClient, services: FakeServices) -> None:
    """F34: the cursor goes on where the page before ended, for the same number alone."""
    services.outcomes["cases.indicator_cases"] = page
    query = {"area": "360704", "count": "solved", "limit": "1"}
    first = client.get("/v1/indicators/cases", query_string=query)
    assert (said(first)["number"], [row["number"] for row in said(first)["items"]]) == (3, ["n-1"])
    assert "limit=1" in first.headers["Link"]
    second = client.get("/v1/indicators/cases", query_string={**query, "after": said(first)["next"]})
    assert [row["number"] for row in said(second)["items"]] == ["n-2"]
    other = client.get("/v1/indicators/cases", query_string={**query, "count": "closed", "after": said(first)["next"]})
    assert said(other)["code"] == "invalid_cursor"


@pytest.mark.parametrize("query", [{}, {"area": "360704", "from": "1 March"}, {"area": "360704", "page": "2"}])
def test_what_is_missing_or_unknown_is_refused(client: FlaskClient, query: dict[str, str]) -> None:
    assert client.get("/v1/indicators", query_string=query).status_code == 422
    assert client.get("/v1/indicators/cases", query_string=query).status_code == 422


def test_the_board_as_a_workbook(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.indicators"] = BOARD
    answer = client.get("/v1/indicators/export", query_string={"area": "360704", "by": "grid"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="indicators-360704.xlsx"'
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["说明", "指标"]
    heads = [cell.value for cell in book["指标"][1]]
    part, total = ([cell.value for cell in book["指标"][row]] for row in (2, 3))
    assert (part[0], total[0], part[heads.index("结案")]) == ("=高新社区第一网格", "合计", 7)
    assert part[heads.index("结案率 %")] == "–"
    assert all(cell.data_type != "f" for row in book["指标"].iter_rows() for cell in row)
    said_ = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert (said_["响应率权重"], said_["评分规则版本"]) == (0.3, "2025.1")
    assert f"{said_['查询时间']:%H:%M}" == "18:00"


def test_the_public_set_has_the_columns_that_it_is_told(client: FlaskClient, services: FakeServices) -> None:
    few = {"counts": {"closed": 1}, "rates": {"closure": 50.0}}
    services.outcomes["cases.indicators"] = {**BOARD, "audience": "public", "total": few, "parts": []}
    query = {"area": "360704", "format": "csv"}
    answer = client.get("/v1/indicators/export", query_string=query, headers={"Accept-Language": "en"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows == [["Of", "Closed", "Closure %"], ["Total", "1", "50.0"]]


def test_parts_are_called_by_their_names(client: FlaskClient, services: FakeServices) -> None:
    def first_cells(board: dict[str, Any]) -> list[str]:
        services.outcomes["cases.indicators"] = board
        query = {"area": "360704", "format": "csv"}
        answer = client.get("/v1/indicators/export", query_string=query, headers={"Accept-Language": "en"})
        return [row[0] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))]

    units = [{"of": "", **FOUND}, {"of": "u-1", **FOUND}]
    named = {**BOARD, "by": "unit", "parts": units, "names": {"u-1": "照明所"}}
    assert first_cells(named) == ["Of", "People without a unit", "照明所", "Total"]
    lamp = {"0101": {"zh": "路灯", "en": "Street lamp"}}
    kinds = {**BOARD, "by": "category", "parts": [{"of": "0101", **FOUND}], "categories": lamp}
    assert first_cells(kinds) == ["Of", "Street lamp", "Total"]


def test_all_cases_of_a_number_as_a_file_with_the_time_of_the_query(
    client: FlaskClient, services: FakeServices
) -> None:
    """F34: what was counted, when it was asked, and every case of it."""
    services.outcomes["cases.indicator_cases"] = page
    answer = client.get("/v1/indicators/cases/export", query_string={"area": "360704", "count": "solved"})
    book = load_workbook(io.BytesIO(answer.data))
    assert [row[0].value for row in book["案件明细"].iter_rows(min_row=2)] == ["n-1", "n-2", "n-3"]
    assert [cell.value for cell in book["说明"][2]] == ["数量", "已解决", 3]
    assert book["案件明细"].HeaderFooter.oddHeader.center.text == "360704 案件明细（2026-03-01 至 2026-03-31）"
    assert book["案件明细"]["B3"].value == "已合并"


def test_a_file_says_for_what_a_case_is_left_out_and_who_approved_it(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.indicator_cases"] = page
    query = {"area": "360704", "count": "solved", "format": "csv"}
    answer = client.get("/v1/indicators/cases/export", query_string=query, headers={"Accept-Language": "en"})
    heads, _, counts, left_out = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert heads[-4:] == ["Left out for", "Proposed by", "Approved by", "Approved"]
    assert (counts[-4:], left_out[-4:-1]) == (["", "", "", ""], ["reported already", "王**", "赵**"])
    assert left_out[-1].startswith("2026-03-15 09:00")


@pytest.mark.parametrize(
    ("language", "sheet", "unlisted"), [("zh-CN", "说明", "本单位的"), ("en", "About", "About the")]
)
def test_a_file_of_cases_says_what_is_not_listed_and_what_is_left_blank(
    client: FlaskClient, services: FakeServices, language: str, sheet: str, unlisted: str
) -> None:
    services.outcomes["cases.indicator_cases"] = page
    query = {"area": "360704", "count": "solved"}
    answer = client.get("/v1/indicators/cases/export", query_string=query, headers={"Accept-Language": language})
    rows = load_workbook(io.BytesIO(answer.data))[sheet].iter_rows(min_row=2, max_col=2, values_only=True)
    notes = [str(text) for head, text in rows if head in {"说明", "Note"}]
    assert len(notes) == 1 + len(WITHHELD)
    assert notes[0].startswith(unlisted)
    assert notes[1:] == [phrase(each, language) for each in WITHHELD]


RANKING = {
    **{name: value for name, value in BOARD.items() if name != "parts"},
    "rate": "composite",
    "lowest_first": False,
    "before": {"from": "2026-01-29", "to": "2026-02-28", "scoring": BOARD["scoring"]},
    "items": [
        {"of": GRID, "rank": 1, "value": 95.45, "change": -0.2, "coverage": 94.86, **FOUND},
        {"of": "360704100002002", "rank": None, "value": None, "change": None, "coverage": None, **FOUND},
    ],
}


def test_a_ranking_is_by_the_composite_unless_another_rate_is_named(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.indicator_ranking"] = RANKING
    answer = client.get("/v1/indicator-ranking", query_string={"area": "360704", "by": "grid", "from": "2026-03-01"})
    sent = {name: value for name, value in services.last.items() if name != "caller"}
    assert sent == {"area": "360704", "from": "2026-03-01", "by": "grid", "rate": "composite"}
    places = [(place["rank"], place["value"], place["change"], place["coverage"]) for place in said(answer)["items"]]
    assert places == [(1, 95.45, -0.2, 94.86), (None, None, None, None)]


@pytest.mark.parametrize(
    ("language", "detail", "advice"),
    [
        ("en", "You are not told it apart in this way", "Name one of these in by: district, grid."),
        ("zh-CN", "您不能这样细分", "by 可填：district、grid。"),
    ],
)
def test_who_is_not_told_it_apart_in_this_way_hears_in_which(
    client: FlaskClient, services: FakeServices, language: str, detail: str, advice: str
) -> None:
    fault = {"pointer": "/by", "code": "breakdown_not_open", "detail": "x", "details": {"open": ["district", "grid"]}}
    services.outcomes["cases.indicators"] = Refusal("out_of_scope", act="indicators", errors=[fault])
    query = {"area": "360704", "by": "unit"}
    answer = client.get("/v1/indicators", query_string=query, headers={"Accept-Language": language})
    assert (answer.status_code, said(answer)["code"]) == (403, "out_of_scope")
    assert said(answer)["errors"] == [{"parameter": "by", "detail": detail, "advice": advice}]


def test_a_ranking_says_of_what(client: FlaskClient) -> None:
    answer = client.get("/v1/indicator-ranking", query_string={"area": "360704"})
    assert (answer.status_code, said(answer)["code"]) == (422, "invalid")


def test_a_ranking_as_a_workbook_and_as_text(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.indicator_ranking"] = RANKING
    query = {"area": "360704", "by": "grid"}
    answer = client.get("/v1/indicator-ranking/export", query_string=query)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ranking-360704.xlsx"'
    book = load_workbook(io.BytesIO(answer.data))
    rows = [[cell.value for cell in row[:5]] for row in book["排名"].iter_rows()]
    assert rows == [
        ["名次", "对象", "综合得分", "较上期（百分点）", "回访覆盖率 %"],
        [1, "=高新社区第一网格", 95.45, -0.2, 94.86],
        ["–", "360704100002002", "–", "–", "–"],
    ]
    heads = [cell.value for cell in book["排名"][1]]
    assert len(heads) == len(set(heads))
    about = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert (about["排名依据"], about["上期"]) == ("综合得分", "2026-01-29")
    services.outcomes["cases.indicator_ranking"] = {**RANKING, "items": []}
    text = client.get("/v1/indicator-ranking/export", query_string={**query, "format": "csv"})
    assert len(list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"))))) == 1


def test_every_number_has_its_words() -> None:
    """The gateway knows no service's code: what cases counts stands here twice, and this holds the two together."""
    assert set(schemas.COUNTS) == set(indicator_sheets.COUNTS) == set(SHOWN)
    assert set(schemas.RATES) == set(indicator_sheets.RATES) == set(RATES)
    assert tuple(by.value for by in By) == schemas.BY
    assert tuple(by.value for by in RANKED_BY) == schemas.RANKED_BY
