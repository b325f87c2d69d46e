"""The plan of a service day as tables that people print, in both languages: turns, who gave way, and what to know."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.sheets.spreadsheet import Cell, Code, Sheet

TURNS = (
    "服务安排 Turns",
    (
        "队伍 Team",
        "人数 People",
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

NOTES = ("备注 Notes", ("备注", "Notes"))

BOUND_KEPT = {
    "zh": "每个小区都能在 12 个服务日内得到服务",
    "en": "Every compound has its visit within 12 service days.",
}
CALLED_OFF = {"zh": "当日不再是服务日", "en": "There is no service day on that day any more."}


def sheets(plan: Mapping[str, Any]) -> list[Sheet]:
    """The turns, who gave way, and what has to be known of the whole."""
    title = f"{plan['area']} {plan['day']}"
    (turns, head), (displaced, columns), (notes, languages) = TURNS, DISPLACED, NOTES
    return [
        Sheet(turns, head, [_turn(each) for each in plan["turns"]], title),
        Sheet(displaced, columns, [_displaced(each) for each in plan["displaced"]], title),
        Sheet(notes, languages, [[each["zh"], each["en"]] for each in _notes(plan)], title),
    ]


def _notes(plan: Mapping[str, Any]) -> Iterable[Mapping[str, str]]:
    """With how many people, whether the bound is kept, and what calls for nobody."""
    if plan["called_off"]:
        return [CALLED_OFF]
    bound = plan["shortfall"]["reason"] if plan["shortfall"] else BOUND_KEPT
    return [plan["people"], bound, *([plan["unplaced"]] if plan["unplaced"] else [])]


def _reason(each: Mapping[str, Any], language: str, between: str) -> str:
    """Why it has its turn, and why the team of the last time comes again if it does."""
    said = [each["reason"], *([each["same_team"]] if each["same_team"] else [])]
    return between.join(words[language] for words in said)


def _turn(each: Mapping[str, Any]) -> list[Cell]:
    return [
        each["team"],
        each["people"],
        each["name"],
        Code(each["compound_id"]),
        _reason(each, "zh", "；"),
        _reason(each, "en", " "),
        each["score"],
        _joined(each["terms"], "zh", "；"),
        _joined(each["terms"], "en", "; "),
        each["order"],
    ]


def _displaced(each: Mapping[str, Any]) -> list[Cell]:
    return [
        each["name"],
        Code(each["compound_id"]),
        each["score"],
        each["by_name"],
        each["by_score"],
        each["reason"]["zh"],
        each["reason"]["en"],
    ]


def _joined(terms: Iterable[Mapping[str, Any]], language: str, between: str) -> str:
    return between.join(term[language] for term in terms)
