"""Reading a table that was typed in an office program: XLSX or CSV, line by line; what it means is not known here."""

import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from lzma import LZMAError
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from chassis.errors import Refusal

LARGEST_UNPACKED = 40 * 1024 * 1024
"""Bytes of a workbook once it is unpacked: a small file can hold gigabytes of the same letter."""

MOST_MARKS = 500_000
"""Opening marks of all the XML in a workbook: one line of nothing but empty cells would fill the memory."""

MOST_COLUMNS = 50
MOST_LINES = 500
"""Lines of a sheet, at most, unless its reader takes more."""

FORMULA = "="

MOST_READ = 10_000
"""Lines that are looked at, empty ones too: a sheet may say that its next line is the billionth."""

PIECE = 1024 * 1024

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""What the readers of archives, XML and workbooks raise of files that are broken, encrypted, or no workbooks."""

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


def from_xlsx(content: bytes, most: int = MOST_LINES, *, formulas: bool = False) -> Table:
    """The first sheet of a workbook; refuses `sheet_not_readable`, `sheet_empty` and `sheet_too_long`.

    With `formulas` a cell that has one holds its text, which begins with `FORMULA`, and not what came of it once.
    """
    try:
        _check_size(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=not formulas)
        lines = list(_filled(book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS), most))
    except DAMAGED as error:
        raise Refusal("sheet_not_readable", reason=type(error).__name__) from None
    return _table([Row(n, [plain(cell) for cell in line]) for n, line in lines])


def from_csv(content: bytes, most: int = MOST_LINES) -> Table:
    """A table of CSV; refuses as `from_xlsx`."""
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        lines = list(_filled(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), most))
    except csv.Error as error:
        raise Refusal("sheet_not_readable", reason=str(error)) from None
    return _table([Row(n, [cell.strip() for cell in line[:MOST_COLUMNS]]) for n, line in lines])


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


def _filled(lines: Iterable[Sequence[Any]], most: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """The lines in which anything stands, with their numbers; refuses `sheet_too_long` before more are read."""
    full = 0
    for n, line in enumerate(lines, 1):
        anything = any(cell not in {None, ""} for cell in line)
        full += anything
        if full > most + 1 or n > MOST_READ:
            raise Refusal("sheet_too_long", most=most)
        if anything:
            yield n, line


def _table(lines: Sequence[Row]) -> Table:
    filled = [row for row in lines if any(row.cells)]
    if len(filled) < 2:
        raise Refusal("sheet_empty")
    return Table(filled[0].cells, filled[1:])


def _check_size(content: bytes) -> None:
    """Refuses `sheet_not_readable` for what is far larger than it looks."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
            raise Refusal("sheet_not_readable", reason="too large once unpacked")
        if sum(_marks(packed, each) for each in packed.infolist()) > MOST_MARKS:
            raise Refusal("sheet_not_readable", reason="too many cells")


def _marks(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    with packed.open(member) as file:
        return sum(piece.count(b"<") for piece in iter(lambda: file.read(PIECE), b""))


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("sheet_not_readable", reason="neither UTF-8 nor GB18030")
