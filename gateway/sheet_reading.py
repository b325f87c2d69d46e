"""Reading a table that was typed in an office program: XLSX or CSV, line by line; what it means is not known here."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from chassis.errors import Refusal

LARGEST_UNPACKED = 40 * 1024 * 1024
"""Bytes of a workbook once it is unpacked: a small file can hold gigabytes of the same letter."""

MOST_COLUMNS = 50
MOST_LINES = 500
ENCODINGS = ("utf-8-sig", "gb18030")
"""Office programs in China write CSV in either; nothing else is guessed."""

DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Row:
    """One line below the headings: its number as an office program shows it, and its cells by column, as text."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """The first sheet: its headings, and the lines in which anything stands."""

    headings: Sequence[str]
    rows: Sequence[Row]

    def column(self, n: int) -> str:
        """The letter of the n-th column, from 0."""
        return str(get_column_letter(n + 1))


def from_xlsx(content: bytes) -> Table:
    """The first sheet of a workbook; refuses `sheet_not_readable`, `sheet_empty` and `sheet_too_long`."""
    try:
        _check_size(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        lines = [list(row) for row in _bounded(book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS))]
    except (zipfile.BadZipFile, InvalidFileException, DefusedXmlException, KeyError, ValueError, IndexError) as error:
        raise Refusal("sheet_not_readable", reason=type(error).__name__) from None
    return _table([[plain(cell) for cell in line] for line in lines])


def from_csv(content: bytes) -> Table:
    """A table of CSV; refuses as `from_xlsx`."""
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        lines = list(_bounded(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise Refusal("sheet_not_readable", reason=str(error)) from None
    return _table([[cell.strip() for cell in line[:MOST_COLUMNS]] for line in lines])


def plain(cell: Any) -> str:
    """What stands in a cell, as people read it: whole numbers without a point, days as 2026-04-15."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if (cell.hour, cell.minute, cell.second) == (0, 0, 0):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def _bounded(lines: Iterable[Any]) -> Iterator[Any]:
    """The lines, empty ones too; refuses `sheet_too_long` before more are read."""
    full = 0
    for line in lines:
        full += any(cell not in {None, ""} for cell in line)
        if full > MOST_LINES + 1:
            raise Refusal("sheet_too_long", most=MOST_LINES)
        yield line


def _table(lines: Sequence[Sequence[str]]) -> Table:
    filled = [Row(n, line) for n, line in enumerate(lines, 1) if any(line)]
    if len(filled) < 2:
        raise Refusal("sheet_empty")
    return Table(filled[0].cells, filled[1:])


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
            raise Refusal("sheet_not_readable", reason="too large once unpacked")


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("sheet_not_readable", reason="neither UTF-8 nor GB18030")
