"""The doors of a round as a table that people print; a door is named by its building and number, never by its flat."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.problems import Text, phrase
from gateway.sheets.spreadsheet import Cell, Sheet
from gateway.sheets.table import Column, Line, Reader, coded, named, table, word, written

LISTS = ("doors",)

STANDINGS: Mapping[str, Text] = {
    "untouched": Text("未敲门", "Untouched"),
    "no_answer_once": Text("一次无人应门", "No answer once"),
    "no_answer_twice": Text("两次无人应门", "No answer twice"),
    "refused": Text("拒访", "Refused"),
    "visited": Text("已走访", "Visited"),
}
NAME = Text("敲门清单", "Doors")
SUMS = Text("汇总", "Sums")
LISTED, COVERAGE = Text("应走访", "Listed"), Text("走访率 %", "Coverage %")


def _last(line: Line, _: Reader) -> Cell:
    """When somebody knocked at last, in whatever order the visits were sent."""
    return max((datetime.fromisoformat(visit["at"]) for visit in line["visits"]), default=None)


def _needs(line: Line) -> Iterable[Mapping[str, Any]]:
    return (need for visit in line["visits"] for need in visit["needs"])


COLUMNS: Sequence[Column] = (
    coded("number", "序号", "Number"),
    named("grid_code", "网格", "Grid"),
    named("compound_id", "小区", "Compound"),
    written("building", "楼栋", "Building"),
    coded("door", "户序号", "Door"),
    word("standing", "走访情况", "Standing", STANDINGS),
    Column(Text("敲门次数", "Knocks"), lambda line, _: len(line["visits"])),
    Column(Text("最近敲门时间", "Last knock"), _last),
    Column(Text("需求数", "Needs"), lambda line, _: sum(1 for _need in _needs(line))),
    Column(Text("已办成", "Met"), lambda line, _: sum(need["progress"] == "met" for need in _needs(line))),
)


def listed(_: str, lines: Iterable[Line], reader: Reader) -> Sheet:
    """The doors, in the order of the list."""
    return table(NAME, COLUMNS, lines, reader)


def summed(first: Mapping[str, Any], reader: Reader) -> Sheet:
    """How many doors stand how, and the coverage."""
    heads = [phrase(each, reader.language) for each in (LISTED, *STANDINGS.values(), COVERAGE)]
    told = first["round"]
    row = [told["listed"], *(told[name] for name in STANDINGS), told["coverage"]]
    return Sheet(phrase(SUMS, reader.language), heads, [row])
