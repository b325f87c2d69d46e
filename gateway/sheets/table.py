"""Lists as tables that people print: columns, and how codes, names and instants are written in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Cell, Code, Sheet
from gateway.times import LOCAL

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Reader:
    """For whom a table is written: the language, and what codes are called."""

    language: str
    names: Mapping[str, str]

    def name(self, code: str | None) -> str | None:
        """What the code is called, or the code itself."""
        return None if code is None else self.names.get(code, Code(code))

    def named(self, codes: Iterable[str]) -> str:
        """What several are called."""
        return ("、" if self.language != "en" else ", ").join(str(self.name(code)) for code in codes)

    def word(self, words: Mapping[str, Text], code: Any) -> str | None:
        """The word for a code of one of the tables above."""
        return None if code is None else phrase(words[str(code)], self.language)


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what it says of a line."""

    head: Text
    cell: Callable[[Line, Reader], Cell]


def coded(field: str, zh: str, en: str) -> Column:
    """The code, id, number or day that stands in the field."""
    return Column(Text(zh, en), lambda line, _: Code(line[field]) if isinstance(line[field], str) else line[field])


def written(field: str, zh: str, en: str) -> Column:
    """The words that stand in the field."""
    return Column(Text(zh, en), lambda line, _: line[field])


def named(field: str, zh: str, en: str) -> Column:
    """What the code in the field is called."""
    return Column(Text(zh, en), lambda line, reader: reader.name(line[field]))


def several(field: str, zh: str, en: str) -> Column:
    """What the codes in the field are called."""
    return Column(Text(zh, en), lambda line, reader: reader.named(line[field]))


def word(field: str, zh: str, en: str, words: Mapping[str, Text]) -> Column:
    """The word for the code in the field."""
    return Column(Text(zh, en), lambda line, reader: reader.word(words, line[field]))


def moment(field: str, zh: str, en: str) -> Column:
    """The instant in the field."""
    return Column(Text(zh, en), lambda line, _: datetime.fromisoformat(line[field]) if line[field] else None)


def category(line: Line, reader: Reader) -> Cell:
    """The category of a line by its name."""
    names = line["category_name"]
    return phrase(Text(**names), reader.language) if names else line["category"]


def table(name: Text, columns: Sequence[Column], lines: Iterable[Line], reader: Reader) -> Sheet:
    """The lines as a sheet with these columns."""
    heads = [phrase(column.head, reader.language) for column in columns]
    rows = ([column.cell(line, reader) for column in columns] for line in lines)
    return Sheet(phrase(name, reader.language), heads, rows)


NOTE = Text("说明", "Note")


def noted(notes: Iterable[Text], reader: Reader) -> list[list[Cell]]:
    """A line for each note: what a table does not say, or not to everybody."""
    return [[phrase(NOTE, reader.language), phrase(each, reader.language)] for each in notes]


TITLE = Text("{area} {sheet}", "{area}: {sheet}")
DATED = Text("{area} {sheet}（{first} 至 {last}）", "{area}: {sheet} ({first} to {last})")
MINUTE = timedelta(minutes=1)


def titled(sheet: Sheet, board: Mapping[str, Any], reader: Reader) -> Sheet:
    """The sheet with the area and the period, if the board has one, over each printed page."""
    said = {"area": reader.name(board["area"]), "sheet": sheet.name}
    if "since" not in board:
        return replace(sheet, title=phrase(TITLE, reader.language).format(**said))
    first, last = (f"{at:%Y-%m-%d}" for at in period(board))
    return replace(sheet, title=phrase(DATED, reader.language).format(**said, first=first, last=last))


def period(board: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """The first and the last minute on the local clock; people take the last day that is named for a part of it."""
    since, until = (datetime.fromisoformat(board[name]).astimezone(LOCAL) for name in ("since", "until"))
    return since, until - MINUTE
