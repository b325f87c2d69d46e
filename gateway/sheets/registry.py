"""The registers of units and of people as they are typed in office programs: their columns, and what cells mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.datetime import from_excel

from gateway.problems import Text, phrase
from gateway.sheets.intake_sessions import Column
from gateway.sheets.registry_words import ROLES, UNIT_TYPES, code
from gateway.sheets.spreadsheet import Cell, Code, Sheet

WRITTEN_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
SERIALS = range(20_000, 80_000)
"""Days as office programs count them, from 1954 to 2119; what is outside is no day of a register."""

BETWEEN = re.compile(r"[,，、;；\s]+")
APART = re.compile(r"[,，、;；\n]+|(?<=[0-9])\s+")
"""Between roles, whose English names have blanks in them."""


def day(text: str) -> str:
    """A day as 2026-04-15, however it was typed; what is none stays as it is, to be refused."""
    if found := WRITTEN_DAY.fullmatch(text):
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    if text.isascii() and text.isdigit() and len(text) < 9 and int(text) in SERIALS:
        return str(from_excel(int(text)).date().isoformat())
    return text


def listed(text: str) -> list[str]:
    """What stands in a cell, one after the other."""
    return [each for each in BETWEEN.split(text) if each]


def role(text: str) -> list[dict[str, str]]:
    """Roles as `role@scope`, several with commas between them: 志愿者@360704100002, union cadre@360704100002001."""
    pairs = [each.strip().partition("@") for each in APART.split(text) if each.strip()]
    return [{"role": code(ROLES, name.strip()), "scope": scope.strip()} for name, _, scope in pairs]


@dataclass(frozen=True)
class Register:
    """A register: what its template is called, its columns, those that are needed, and a line to learn from."""

    name: Text
    columns: Sequence[Column]
    needed: Sequence[str]
    example: Mapping[str, str]

    def template(self, language: str) -> Sheet:
        """A sheet to fill in: the headings, and one line as an example."""
        heads = [phrase(Text(column.zh, column.en), language) for column in self.columns]
        line: list[Cell] = [Code(self.example.get(column.en, "")) or None for column in self.columns]
        return Sheet(phrase(self.name, language), heads, [line])


def _word(text: str) -> Any:
    return text


UNITS = Register(
    Text("单位登记册", "Units"),
    (
        Column("单位名称", "name", ("name",)),
        Column("类型", "unit_type", ("unit_type",), lambda text: code(UNIT_TYPES, text), UNIT_TYPES),
        Column("统一社会信用代码", "credit_code", ("credit_code",)),
        Column("党组织", "party_organisation", ("party_organisation",)),
        Column("联系人编号", "contact_id", ("contact_id",)),
        Column("网格", "grid_codes", ("grid_codes",), listed),
        Column("起始日期", "from", ("from",), day),
    ),
    ("name", "unit_type"),
    {
        "name": "测试企业901",
        "unit_type": "企业",
        "credit_code": "913607040000090062",
        "grid_codes": "360704100002001",
        "from": "2026-04-01",
    },
)
PEOPLE = Register(
    Text("人员登记册", "People"),
    (
        Column("姓名", "name", ("name",)),
        Column("电话", "phone", ("phone",)),
        Column("称呼", "honorific", ("honorific",)),
        Column("出生日期", "born", ("born",), day),
        Column("小区编号", "compound_id", ("compound_id",)),
        Column("单位编号", "unit_id", ("unit_id",)),
        Column("报到社区", "registered_with", ("registered_with",)),
        Column("技能", "skills", ("skills",), listed),
        Column("角色", "roles", ("roles",), role, ROLES),
        Column("同意方式", "consent_how", ("consent", "how")),
        Column("同意文本版本", "consent_text", ("consent", "text_version")),
    ),
    ("name",),
    {
        "name": "谢测901",
        "phone": "12009990901",
        "born": "1980-02-03",
        "compound_id": "c-dongyuan",
        "roles": "志愿者@360704100002",
    },
)
