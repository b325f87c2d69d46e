"""The registrations of a unit as a table that people print, and how far the unit has come."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Sheet
from gateway.sheets.table import Column, Line, Reader, coded, table, word, written

LISTS = ("registrations",)

KINDS: Mapping[str, Text] = {"unit": Text("单位", "Unit"), "member": Text("党员", "Member")}
STATUSES: Mapping[str, Text] = {
    "submitted": Text("已提交", "Submitted"),
    "accepted": Text("已接收", "Accepted"),
    "returned": Text("回执已返回", "Slip returned"),
    "refused": Text("未接收", "Refused"),
    "ended": Text("已结束", "Ended"),
}
NAME = Text("双报到", "Registrations")
RATE = Text("报到率", "Rate")

COLUMNS = (
    coded("slip", "回执编号", "Slip"),
    word("kind", "类别", "Kind", KINDS),
    written("person_name", "姓名", "Name"),
    written("unit_name", "单位", "Unit"),
    coded("community", "报到社区", "Community"),
    word("status", "状态", "Status", STATUSES),
    Column(
        Text("岗位", "Posts"),
        lambda line, reader: "、".join(phrase(Text(post["zh"], post["en"]), reader.language) for post in line["posts"]),
    ),
    coded("signed_on", "报到日期", "Signed"),
    coded("accepted_on", "接收日期", "Accepted"),
    coded("ended_on", "结束日期", "Ended"),
)
SUMS: Mapping[str, Text] = {
    "as_of": Text("截至", "As of"),
    "members": Text("在职党员", "Members in service"),
    "registered": Text("已报到", "Registered"),
    "registration_rate": Text("报到率 %", "Registration rate %"),
    "served": Text("已服务", "Served"),
    "completion_rate": Text("完成率 %", "Completion rate %"),
}


def listed(_: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """The unit's own registration and those of its members."""
    return table(NAME, COLUMNS, lines, reader)


def summed(board: Mapping[str, Any], reader: Reader) -> Sheet:
    """How far the unit has come."""
    heads = [phrase(text, reader.language) for text in SUMS.values()]
    return Sheet(phrase(RATE, reader.language), heads, [[board[name] for name in SUMS]])
