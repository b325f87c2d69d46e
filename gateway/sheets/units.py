"""The register of units as tables that people print."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Sheet
from gateway.sheets.table import Column, Line, Reader, coded, several, table, word, written

STANDS: Mapping[str, Text] = {"True": Text("正常", "Open"), "False": Text("已注销", "Closed")}

COLUMNS = (
    written("name", "单位名称", "Name"),
    Column(Text("类型", "Kind"), lambda line, reader: line["type_name"]["en" if reader.language == "en" else "zh"]),
    coded("credit_code", "统一社会信用代码", "Credit code"),
    written("party_organisation", "党组织", "Party organisation"),
    several("grid_codes", "网格", "Grids"),
    word("active", "状态", "State", STANDS),
)
REGISTER = Text("单位登记册", "Units")
SUMS = Text("汇总", "Sums")
SUMMED = (Text("网格", "Grid"), Text("单位数", "Units"))
TOTAL = Text("合计（去重）", "Total, each once")


def listed(_: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """The units."""
    return table(REGISTER, COLUMNS, lines, reader)


def summed(found: Mapping[str, Any], reader: Reader) -> Sheet:
    """How many serve each grid, and how many there are in all: who serves several is counted once there."""
    totals = found["totals"]
    rows = [[each["grid_code"], each["units"]] for each in totals["by_grid"]]
    rows.append([phrase(TOTAL, reader.language), totals["distinct"]])
    return Sheet(phrase(SUMS, reader.language), [phrase(text, reader.language) for text in SUMMED], rows)
