"""A sheet of what came up as items of an intake session, and the faults of items as lines and columns of the sheet."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from marshmallow import ValidationError

from chassis.errors import Refusal
from chassis.schema import one_line
from gateway.problems import Text, phrase
from gateway.schemas.fields import lines
from gateway.sheets.reading import Row, Table
from gateway.sheets.registry_words import code

POINTER = re.compile(r"/items/(\d+)((?:/.*)?)")
CHOICE = re.compile(r"(Must be one of: )(.+)\.")
BETWEEN = re.compile(r"[,，、;；\s]+")


def _word(text: str) -> Any:
    return text


def _code(text: str) -> Any:
    """A category by its code, whose leading zero an office program has eaten."""
    return text.zfill(4) if text.isascii() and text.isdigit() else text


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _agreed(text: str) -> Any:
    return {"是": True, "yes": True, "y": True, "1": True, "true": True}.get(text.lower(), False)


def _form(text: str) -> Any:
    return "case" if text == "诉求" else code(FORMS, text)


def _tags(text: str) -> Any:
    return [code(TAGS, tag) for tag in BETWEEN.split(text) if tag]


FORMS: Mapping[str, Text] = {"case": Text("案件", "case"), "need": Text("需求", "need")}
TAGS: Mapping[str, Text] = {
    "elderly": Text("老人", "elderly"),
    "child": Text("儿童", "child"),
    "disabled": Text("残疾人", "disabled"),
    "urgent": Text("急", "urgent"),
    "hard": Text("难", "hard"),
    "worrying": Text("愁", "worrying"),
    "hoped": Text("盼", "hoped"),
    "enquiry": Text("咨询", "enquiry"),
}


@dataclass(frozen=True)
class Column:
    """A column: its headings in both languages, where in an item its cells go, and what is made of their text.

    Where a cell chooses, `words` are what people write for the codes, in either language.
    """

    zh: str
    en: str
    path: tuple[str, ...]
    read: Callable[[str], Any] = _word
    words: Mapping[str, Text] = field(default_factory=dict)

    def told(self, detail: str, language: str) -> str:
        """What is wrong, with the words of that language that a cell may hold beside the codes."""
        found = CHOICE.fullmatch(detail)
        if found is None or not self.words:
            return detail
        return f"{found[1]}{', '.join(self._named(each, language) for each in found[2].split(', '))}."

    def _named(self, code: str, language: str) -> str:
        word = phrase(self.words[code], language) if code in self.words else code
        return code if word == code else f"{word} ({code})"


COLUMNS: tuple[Column, ...] = (
    Column("类型", "form", ("form",), _form, FORMS),
    Column("内容", "text", ("text",)),
    Column("类别", "category", ("category",), _code),
    Column("网格", "grid_code", ("grid_code",)),
    Column("小区", "compound", ("compound_name",)),
    Column("小区编号", "compound_id", ("compound_id",)),
    Column("经度", "lon", ("location", "lon"), _number),
    Column("纬度", "lat", ("location", "lat"), _number),
    Column("标签", "tags", ("tags",), _tags, TAGS),
    Column("姓名", "name", ("asker", "name")),
    Column("电话", "phone", ("asker", "phone")),
    Column("同意留电话", "consent", ("asker", "consent"), _agreed),
    Column("被反映单位", "complained_unit_id", ("complained_unit_id",)),
    Column("外部编号", "external_number", ("external_number",)),
    Column("有效期至", "until", ("until",)),
)
NEEDED = "text"

RULES: Mapping[tuple[str, ...], Callable[[str], None]] = {(NEEDED,): lines}
"""What refuses what must not stand in the cells of a column; the cells of others are of one line."""

NO_HEADING = "There is no heading above it."


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are known: `columns[n]` is what the n-th holds."""

    table: Table
    columns: Sequence[Column | None]

    def items(self) -> list[dict[str, Any]]:
        """Each line as an item of a session; refuses `items_refused` for cells that would be lost or not readable."""
        if errors := self.faults():
            raise Refusal("items_refused", errors=errors)
        return self.lines()

    def lines(self) -> list[dict[str, Any]]:
        """Each line as an item, whatever stands in it."""
        return [self._item(row) for row in self.table.rows]

    def faults(self) -> list[dict[str, Any]]:
        """Cells that would be lost, or not readable."""
        return [fault for row in self.table.rows for fault in self._faults(row)]

    def placed(self, fault: Mapping[str, Any], language: str) -> dict[str, Any]:
        """The fault of an item with the line, and with the column if it is about one, instead of its pointer.

        What a cell may hold is named in the language.
        """
        found = POINTER.fullmatch(fault["pointer"])
        if found is None:
            return dict(fault)
        rest = {name: value for name, value in fault.items() if name != "pointer"}
        row, column = self.table.rows[int(found[1])], self._column(tuple(filter(None, found[2].split("/"))))
        if column is None:
            return {"line": row.line, **rest}
        known = self.columns[column]
        named = {"column": self.table.column(column), "heading": self.table.headings[column]}
        return {
            "line": row.line,
            **named,
            **rest,
            "detail": known.told(rest["detail"], language) if known else rest["detail"],
        }

    def _faults(self, row: Row) -> Iterator[dict[str, Any]]:
        """What no item can take: the same characters are refused of JSON."""
        for n, (column, cell) in enumerate(zip_longest(self.columns, row.cells, fillvalue=None)):
            at = {"line": row.line, "column": self.table.column(n)}
            if column is None and cell:
                yield {**at, "detail": NO_HEADING}
            elif column is not None and cell and (refused := _refused(column, cell)):
                yield {**at, "heading": self.table.headings[n], "detail": refused}

    def _item(self, row: Row) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for column, cell in zip(self.columns, row.cells, strict=False):
            if column is None or not cell:
                continue
            inner = item
            for name in column.path[:-1]:
                inner = inner.setdefault(name, {})
            inner[column.path[-1]] = column.read(cell)
        if asker := item.get("asker"):
            asker.setdefault("consent", False)  # who left a phone and is not said to agree does not
        return item

    def _column(self, path: tuple[str, ...]) -> int | None:
        """The column that a fault is about: that of the same field, or else the first of the same group."""
        places = [(n, column.path) for n, column in enumerate(self.columns) if column is not None]
        same = [n for n, where in places if where == path[: len(where)]]
        near = [n for n, where in places if path and where[0] == NAMES.get(path[0], path[0])]
        return next(iter([*same, *near]), None)


NAMES: Mapping[str, str] = {"compound_id": "compound_name"}
"""A fault about a compound is of the column that names it."""


def _refused(column: Column, cell: str) -> str | None:
    """Why the cell cannot stand in the column, None if it can."""
    try:
        RULES.get(column.path, one_line)(cell)
    except ValidationError as error:
        return str(error.messages[0])
    return None


def sheet(table: Table, known: Sequence[Column] = COLUMNS, needed: Sequence[str] = (NEEDED,)) -> Sheet:
    """The table with its columns known, among which the needed ones are, by their fields.

    Refuses `unknown_sheet_column`, `sheet_column_twice` and `sheet_column_missing`.
    """
    columns = [_column_called(heading, known) for heading in table.headings]
    unknown = [
        {"column": table.column(n), "heading": heading}
        for n, (heading, column) in enumerate(zip(table.headings, columns, strict=True))
        if heading and column is None
    ]
    if unknown:
        raise Refusal(
            "unknown_sheet_column",
            columns=unknown,
            known=[*(each.zh for each in known), *(each.en for each in known)],
        )
    paths = [column.path for column in columns if column is not None]
    if twice := sorted({"/".join(path) for path in paths if paths.count(path) > 1}):
        raise Refusal("sheet_column_twice", fields=twice)
    for column in known:
        if column.path[0] in needed and column.path not in paths:
            raise Refusal("sheet_column_missing", column=column.zh, field=column.en)
    return Sheet(table, columns)


def _column_called(heading: str, known: Sequence[Column]) -> Column | None:
    return next((column for column in known if heading.strip().lower() in {column.zh, column.en}), None)
