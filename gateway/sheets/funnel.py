"""From served to serving as a table that people print: a line for each quarter."""

from collections.abc import Mapping
from typing import Any

from gateway.problems import Text
from gateway.sheets.spreadsheet import Sheet
from gateway.sheets.table import Reader, coded, table, titled

NAME = Text("驿站服务与反哺", "From served to serving")
COLUMNS = (
    coded("quarter", "季度", "Quarter"),
    coded("uses", "使用次数", "Uses"),
    coded("used", "使用人数", "People who used stations"),
    coded("served", "其后参加服务人数", "Of those, served later"),
    coded("rate", "比例 %", "Rate %"),
)


def sheet(report: Mapping[str, Any], language: str) -> Sheet:
    """The report as a sheet; what is not told is left empty."""
    reader = Reader(language, {})
    return titled(table(NAME, COLUMNS, report["items"], reader), report, reader)
