"""The match lists as tables that people print: needs, what is offered, and the projects made of both."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Cell, Sheet
from gateway.sheets.table import (
    Column,
    Line,
    Reader,
    category,
    coded,
    moment,
    named,
    noted,
    several,
    table,
    word,
    written,
)

STATUSES: Mapping[str, Text] = {
    "open": Text("待对接", "Open"),
    "matched": Text("已对接", "Matched"),
    "met": Text("已办成", "Met"),
    "unmet": Text("未能办成", "Not met"),
    "expired": Text("已到期", "Run out"),
    "offered": Text("可提供", "Offered"),
    "reserved": Text("已预定", "Reserved"),
    "used_up": Text("已用完", "Used up"),
    "withdrawn": Text("已撤回", "Withdrawn"),
    "planned": Text("筹备中", "Planned"),
    "running": Text("进行中", "Running"),
    "completed": Text("已完成", "Completed"),
    "cancelled": Text("已取消", "Cancelled"),
}
SOURCES: Mapping[str, Text] = {
    "APP": Text("居民自报", "By app"),
    "RIDER": Text("骑手", "Rider"),
    "DOOR_KNOCK": Text("敲门行动", "Door-knock round"),
    "SESSION": Text("走访座谈", "Intake session"),
    "CASE": Text("案件", "Case"),
    "PHONE": Text("电话", "Phone"),
    "COMMUNITY": Text("社区", "Community"),
}
KINDS: Mapping[str, Text] = {
    "skill": Text("技能", "Skill"),
    "service": Text("服务", "Service"),
    "place": Text("场地", "Place"),
    "equipment": Text("设备", "Equipment"),
    "goods": Text("物资", "Goods"),
    "funds": Text("资金", "Funds"),
}
NAMES: Mapping[str, Text] = {
    "demand": Text("需求清单", "Needs"),
    "resource": Text("资源清单", "Resources"),
    "project": Text("项目清单", "Projects"),
    "sums": Text("汇总", "Sums"),
}
AREA = Text("区域", "Area")
TOTAL = Text("合计", "Total")


def _owner(line: Line, reader: Reader) -> Cell:
    return reader.name(line["owner"]["id"])


def _count(field: str, zh: str, en: str) -> Column:
    return Column(Text(zh, en), lambda line, _: len(line[field]))


COLUMNS: Mapping[str, Sequence[Column]] = {
    "demand": (
        word("status", "状态", "Status", STATUSES),
        Column(Text("类别", "Category"), category),
        written("text", "需求内容", "What is needed"),
        named("grid_code", "网格", "Grid"),
        named("compound_id", "小区", "Compound"),
        word("source", "来源", "Source", SOURCES),
        moment("opened_at", "提出时间", "Asked"),
        coded("until", "有效期至", "Holds until"),
        moment("ended_at", "了结时间", "Ended"),
    ),
    "resource": (
        word("status", "状态", "Status", STATUSES),
        word("kind", "种类", "Kind", KINDS),
        written("text", "资源内容", "What is offered"),
        Column(Text("提供方", "Offered by"), _owner),
        several("serves", "服务范围", "Serves"),
        coded("capacity", "可用次数", "Times"),
        coded("used", "已用", "Used"),
        coded("in_use", "使用中", "In use"),
        moment("opened_at", "登记时间", "Offered"),
    ),
    "project": (
        word("status", "状态", "Status", STATUSES),
        written("title", "项目", "Project"),
        written("text", "说明", "Description"),
        named("area", "区域", "Area"),
        _count("demands", "需求数", "Needs"),
        _count("resources", "资源数", "Resources"),
        _count("cases", "案件数", "Cases"),
        moment("opened_at", "立项时间", "Planned"),
        moment("started_at", "开始时间", "Started"),
        moment("ended_at", "结束时间", "Ended"),
    ),
}

WITHHELD = Text(
    "敏感类别需求的内容，只向有权查看的人员列出，其他人员的文件中留空",
    "What is needed in a sensitive matter is left blank for readers who may not see it.",
)
"""What lists keep back from whom (docs/domain.md §5); it is said in every file, whether or not anything is."""


def listed(name: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """One of the three lists."""
    return table(NAMES[name], COLUMNS[name], lines, reader)


def summed(board: Mapping[str, Any], reader: Reader) -> Sheet:
    """How many stand where, part by part; what spans several parts stands under the area itself."""
    keys = [(name, status) for name, found in board["totals"].items() for status in found]
    heads = [f"{phrase(NAMES[name], reader.language)}: {reader.word(STATUSES, status)}" for name, status in keys]
    parts = [[reader.name(part["area"]), *(part[name][status] for name, status in keys)] for part in board["parts"]]
    total = [phrase(TOTAL, reader.language), *(board["totals"][name][status] for name, status in keys)]
    rows = [*parts, total, *noted([WITHHELD], reader)]
    return Sheet(phrase(NAMES["sums"], reader.language), [phrase(AREA, reader.language), *heads], rows)
