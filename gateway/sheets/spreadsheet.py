"""Lists as files for office programs: XLSX and CSV; no cell is ever a formula, and no words in one tell a number."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from unicodedata import east_asian_width

import xlsxwriter

from chassis.privacy import masked_text
from gateway.times import LOCAL


class Code(str):
    """What stands for something and is nobody's words: an id, a code or a number of a register, written as it is."""

    __slots__ = ()


Cell = str | int | float | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

SHORTEST_NUMBER = 11
"""Characters of a phone; nothing shorter is searched."""

LONGEST_CELL = 32_767
"""Characters in a cell of XLSX, at most."""

BEGINS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What office programs take for the beginning of a formula, some of them in full width too (OWASP, CSV injection)."""

BREAKS = ("\t", "\r", "\n")
"""What some take for the end of a cell, so that another begins behind it."""

NOT_SEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*")
"""Blanks, and characters without any width."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it some office programs read UTF-8 as the local code page."""

MOMENT = "yyyy-mm-dd hh:mm"
MOMENT_WIDTH = len(MOMENT)
WIDEST = 36
"""Letters across that a column has at most; what is longer goes on below."""

A4 = 9
"""The paper's number in the format (ECMA-376, ST_PaperSize)."""


@dataclass(frozen=True)
class Sheet:
    """A table with its name and headings; instants are aware, and shown on the local clock.

    The title is printed at the head of each page.
    """

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    title: str = ""


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as one workbook, ready to be printed: A4 across, as wide as a page, the headings on each."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        moment = workbook.add_format({"num_format": MOMENT, "align": "left", "valign": "top"})
        plain = workbook.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            _print_setup(page, sheet.title)
            widths = [width(heading) for heading in sheet.head]
            for column, heading in enumerate(sheet.head):
                page.write_string(0, column, heading, bold)
            for line, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _write(page, line, column, cell, (moment, plain))
                widths = [max(pair) for pair in zip(widths, map(width, row), strict=False)] + widths[len(row) :]
            for column, letters in enumerate(widths):
                page.set_column(column, column, min(letters, WIDEST) + 2)
    return file.getvalue()


def _print_setup(page: xlsxwriter.worksheet.Worksheet, title: str) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    if title:
        page.set_header("&C" + _told(title).replace("&", "&&"))
    page.set_footer("&C&P / &N")


def width(cell: Cell) -> int:
    """How many letters the cell takes across; a Chinese character is as wide as two."""
    match cell:
        case None:
            return 0
        case datetime():
            return MOMENT_WIDTH
        case _:
            return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in str(cell)[:WIDEST])


def _write(
    page: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell, formats: tuple[object, object]
) -> None:
    moment, plain = formats
    match cell:
        case None:
            return
        case datetime():
            page.write_datetime(line, column, _local(cell), moment)
        case str():
            page.write_string(line, column, _told(cell)[:LONGEST_CELL], plain)
        case _:
            page.write_number(line, column, cell, plain)


def text(sheet: Sheet) -> bytes:
    """The sheet as CSV (RFC 4180) in UTF-8."""
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow([harmless(heading) for heading in sheet.head])
    lines.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{_local(cell):%Y-%m-%d %H:%M}"
        case str():
            return harmless(_told(cell))
        case _:
            return cell


def _told(cell: str) -> str:
    """The words with every phone and identity number masked: files go on to others (docs/domain.md §5)."""
    return cell if isinstance(cell, Code) or len(cell) < SHORTEST_NUMBER else masked_text(cell)


def harmless(cell: str) -> str:
    """The text, with an apostrophe before what would else be calculated."""
    begins = cell.startswith(BREAKS) or NOT_SEEN.sub("", cell, count=1).startswith(BEGINS_FORMULA)
    return f"'{cell}" if begins else cell


def _local(at: datetime) -> datetime:
    return at.astimezone(LOCAL).replace(tzinfo=None)
