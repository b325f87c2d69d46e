"""The plan of a service day as tables that people print, in both languages at once: the turns, and who gave way."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.spreadsheet import Cell, Sheet

TURNS = (
    "服务安排 Turns",
    (
        "队伍 Team",
        "小区 Compound",
        "小区编号 Id",
        "原因",
        "Why",
        "得分 Score",
        "得分明细",
        "Score in words",
        "说明 Order",
    ),
)
DISPLACED = (
    "顺延 Displaced",
    ("小区 Compound", "小区编号 Id", "得分 Score", "让给 By", "其得分 Its score", "原因", "Why"),
)


def sheets(plan: Mapping[str, Any]) -> list[Sheet]:
    """The turns, and who gave way."""
    title = f"{plan['area']} {plan['day']}"
    (turns, head), (displaced, columns) = TURNS, DISPLACED
    return [
        Sheet(turns, head, [_turn(each) for each in plan["turns"]], title),
        Sheet(displaced, columns, [_displaced(each) for each in plan["displaced"]], title),
    ]


def _turn(each: Mapping[str, Any]) -> list[Cell]:
    return [
        each["team"],
        each["name"],
        each["compound_id"],
        each["reason"]["zh"],
        each["reason"]["en"],
        each["score"],
        _joined(each["terms"], "zh", "；"),
        _joined(each["terms"], "en", "; "),
        each["order"],
    ]


def _displaced(each: Mapping[str, Any]) -> list[Cell]:
    return [
        each["name"],
        each["compound_id"],
        each["score"],
        each["by_name"],
        each["by_score"],
        each["reason"]["zh"],
        each["reason"]["en"],
    ]


def _joined(terms: Iterable[Mapping[str, Any]], language: str, between: str) -> str:
    return between.join(term[language] for term in terms)
