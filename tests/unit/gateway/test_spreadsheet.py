"""Lists as files: every cell is read back as what it was, and none is a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from gateway.sheets.spreadsheet import LONGEST_CELL, WIDEST, Cell, Sheet, harmless, text, xlsx

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
FORMULAS = ["=1+1", "+86 120", "-1", "@SUM(A1)", "\t=1", "  =1+1"]


def sheet(*rows: list[Cell]) -> Sheet:
    return Sheet("清单", ["编号", "内容"], rows)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_text_is_a_formula_in_either_format(cell: str) -> None:
    page = load_workbook(io.BytesIO(xlsx([sheet([cell, 1])]))).active
    assert page is not None
    assert page["A2"].data_type == "s"
    assert str(page["A2"].value).strip() == cell.strip()
    assert read_csv(text(sheet([cell, 1])))[1] == [f"'{cell}", "1"]


@pytest.mark.parametrize(
    "cell", ["\r=1", "\n=1", "\n灯", "\u3000=1", "\u00a0-1", "\ufeff@x", "\u200b=1", "＝1", "＋1", "－1", "＠x"]
)
def test_nothing_hides_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_ordinary_text_is_left_as_it_is() -> None:
    assert [harmless(cell) for cell in ("路灯不亮", "3栋=4栋", "")] == ["路灯不亮", "3栋=4栋", ""]


def test_an_instant_is_shown_on_the_local_clock() -> None:
    page = load_workbook(io.BytesIO(xlsx([sheet([NOON, None])]))).active
    assert page is not None
    assert page["A2"].value == datetime(2026, 3, 12, 12, 0)  # noqa: DTZ001 - a cell knows no zone
    assert read_csv(text(sheet([NOON, None])))[1] == ["2026-03-12 12:00", ""]


def test_each_sheet_has_its_headings() -> None:
    book = load_workbook(io.BytesIO(xlsx([sheet(), Sheet("二", ["a"], [["b"]])])))
    assert [[cell.value for cell in page[1]] for page in book.worksheets] == [["编号", "内容"], ["a"]]
    assert book.sheetnames == ["清单", "二"]


def test_a_sheet_can_be_printed_as_it_is() -> None:
    rows: list[list[Cell]] = [[NOON, "路灯不亮"], [NOON, "很长的话" * 50]]
    page = load_workbook(io.BytesIO(xlsx([Sheet("清单", ["编号", "内容"], rows, "高新社区 A&B")]))).active
    assert page is not None
    assert page.column_dimensions["A"].width > len("2026-03-12 12:00")
    assert 2 * len("路灯不亮") < page.column_dimensions["B"].width < WIDEST + 3
    assert page["B3"].alignment.wrap_text
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$1:$1"
    assert page.HeaderFooter.oddHeader.center.text == "高新社区 A&&B"


def test_a_text_longer_than_a_cell_is_cut_rather_than_lost() -> None:
    page = load_workbook(io.BytesIO(xlsx([sheet(["长" * (LONGEST_CELL + 1), 1])]))).active
    assert page is not None
    assert len(page["A2"].value) == LONGEST_CELL


def test_csv_keeps_lines_and_quotes_within_a_cell() -> None:
    assert read_csv(text(sheet(['他说"不亮"\n三天了', 1])))[1][0] == '他说"不亮"\n三天了'


def test_no_heading_is_a_formula_either() -> None:
    assert read_csv(text(Sheet("s", ["=1+1", "地点"], [])))[0] == ["'=1+1", "地点"]
