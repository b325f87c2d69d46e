"""People as a table that offices print: the columns that the reader sees of them, and no others."""

from collections.abc import Sequence

from gateway.problems import Text
from gateway.spreadsheet import Sheet
from gateway.tables import Column, Line, Reader, coded, several, table

PEOPLE = Text("人员名册", "People")


def _roles(line: Line) -> str:
    return " ".join(f"{held['role']}@{held['scope']}" for held in line["roles"])


def _home(line: Line) -> str | None:
    return line["home"]["grid_code"] if line["home"] else None


COLUMNS: Sequence[tuple[str, Column]] = (
    ("person_id", coded("person_id", "编号", "Id")),
    ("name_masked", coded("name_masked", "姓名", "Name")),
    ("roles", Column(Text("角色", "Roles"), lambda line, _: _roles(line))),
    ("unit_id", coded("unit_id", "单位", "Unit")),
    ("registered_with", coded("registered_with", "报到社区", "Registered with")),
    ("home", Column(Text("居住网格", "Home grid"), lambda line, _: _home(line))),
    ("skills", several("skills", "技能", "Skills")),
    ("tags", several("tags", "已同意公开的身份", "Identities agreed to")),
    ("phone_masked", coded("phone_masked", "电话", "Phone")),
)
"""Columns by the field of a line that they need; names and phones are masked in files for everybody."""


def sheet(lines: Sequence[Line], language: str) -> Sheet:
    """The people as a sheet."""
    there = set(lines[0]) if lines else {name for name, _ in COLUMNS[:2]}
    columns = [column for field, column in COLUMNS if field in there]
    return table(PEOPLE, columns, lines, Reader(language, {}))
