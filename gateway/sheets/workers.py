"""The census of workers as a table that people print; everything in it is masked already."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Sheet
from gateway.sheets.table import Column, Line, Reader, coded, moment, table, word, written

KINDS: Mapping[str, Text] = {
    "rider": Text("外卖骑手", "Rider"),
    "courier": Text("快递员", "Courier"),
    "driver": Text("司机", "Driver"),
    "streamer": Text("主播", "Streamer"),
    "other": Text("其他", "Other"),
}
NAME = Text("新就业形态劳动者", "New-employment workers")
SUMS = Text("汇总", "Sums")
KNOWN, LINKED, ESTIMATED = Text("已掌握", "Known"), Text("已联系", "Linked"), Text("估算", "Estimated")

COLUMNS: Sequence[Column] = (
    written("nickname", "称呼", "Nickname"),
    word("kind", "类别", "Kind", KINDS),
    written("platform", "平台", "Platform"),
    coded("grid_code", "网格", "Grid"),
    coded("station_id", "驿站", "Rest station"),
    written("phone", "电话", "Phone"),
    Column(Text("需求数", "Needs"), lambda line, _: len(line["needs"])),
    Column(Text("已办成", "Met"), lambda line, _: sum(need["progress"] == "met" for need in line["needs"])),
    moment("registered_at", "登记时间", "Registered"),
)


def listed(_: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """The workers."""
    return table(NAME, COLUMNS, lines, reader)


def summed(first: Mapping[str, Any], reader: Reader) -> Sheet:
    """How many are known of those estimated."""
    heads = [phrase(each, reader.language) for each in (KNOWN, LINKED, ESTIMATED)]
    counted = first["census"]
    return Sheet(phrase(SUMS, reader.language), heads, [[counted["known"], counted["linked"], counted["estimated"]]])
