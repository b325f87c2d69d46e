"""People as a table that offices print: the columns that the reader sees of them, and no others."""

from collections.abc import Callable, Mapping, Sequence

from gateway.problems import Text, phrase
from gateway.sheets.registry_words import IDENTITIES, ROLES, SKILLS
from gateway.sheets.spreadsheet import Cell, Sheet
from gateway.sheets.table import Column, Line, Reader, coded, table, written

PEOPLE = Text("人员名册", "People")
HELD = Text("{role}（{scope}）", "{role} ({scope})")


def _roles(line: Line, reader: Reader) -> str:
    """What the person is, and where."""
    return reader.named(
        phrase(HELD, reader.language).format(role=_word(ROLES, held["role"], reader), scope=held["scope"])
        for held in line["roles"]
    )


def _words(field: str, words: Mapping[str, Text]) -> Callable[[Line, Reader], Cell]:
    return lambda line, reader: reader.named(_word(words, each, reader) for each in line[field])


def _word(words: Mapping[str, Text], code: str, reader: Reader) -> str:
    return phrase(words[code], reader.language) if code in words else code


def _home(line: Line) -> str | None:
    return line["home"]["grid_code"] if line["home"] else None


COLUMNS: Sequence[tuple[str, Column]] = (
    ("person_id", coded("person_id", "编号", "Id")),
    ("name_masked", written("name_masked", "姓名", "Name")),
    ("roles", Column(Text("角色", "Roles"), _roles)),
    ("unit_id", coded("unit_id", "单位", "Unit")),
    ("registered_with", coded("registered_with", "报到社区", "Registered with")),
    ("home", Column(Text("居住网格", "Home grid"), lambda line, _: _home(line))),
    ("skills", Column(Text("技能", "Skills"), _words("skills", SKILLS))),
    ("tags", Column(Text("已同意公开的身份", "Identities agreed to"), _words("tags", IDENTITIES))),
    ("phone_masked", written("phone_masked", "电话", "Phone")),
)
"""Columns by the field of a line that they need; names and phones are masked in files for everybody."""


def sheet(lines: Sequence[Line], language: str) -> Sheet:
    """The people as a sheet."""
    there = set(lines[0]) if lines else {name for name, _ in COLUMNS[:2]}
    columns = [column for field, column in COLUMNS if field in there]
    return table(PEOPLE, columns, lines, Reader(language, {}))
