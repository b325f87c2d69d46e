"""The coverage of an area as tables that people print, in both languages at once: the checks, and what fails."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.sheets.spreadsheet import Cell, Code, Sheet

CHECKS = ("检查项目 Checks", ("编号 Id", "检查内容", "Check", "合格标准", "Rule", "分子 Numerator", "分母 Denominator"))
RESULT = ("百分比 %", "是否合格 Passes", "说明", "Reason", "未通过数 Failing", "提示数 Noted")
ITEMS = (
    "未通过清单 Items",
    ("检查 Check", "类型 Kind", "对象编号 Id", "名称 Name", "原因代码 Reason", "原因", "Why"),
)
PASSES: Mapping[bool | None, str] = {True: "合格 yes", False: "不合格 no", None: "— n/a"}
KINDS = {"failing": "未通过 failing", "noted": "提示 noted"}


def sheets(report: Mapping[str, Any]) -> list[Sheet]:
    """The checks, and everything that they name."""
    title = f"{report['area']} {report['as_of']}"
    name, head = CHECKS
    items, columns = ITEMS
    return [
        Sheet(name, (*head, *RESULT), [_line(check) for check in report["checks"]], title),
        Sheet(items, columns, [row for check in report["checks"] for row in _items(check)], title),
    ]


def _line(check: Mapping[str, Any]) -> list[Cell]:
    reason = check["reason"] or {"zh": None, "en": None}
    return [
        check["id"],
        check["title"]["zh"],
        check["title"]["en"],
        check["rule"]["zh"],
        check["rule"]["en"],
        check["numerator"],
        check["denominator"],
        check["percentage"],
        PASSES[check["passes"]],
        reason["zh"],
        reason["en"],
        check["failing_total"],
        check["noted_total"],
    ]


def _items(check: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for kind, said in KINDS.items():
        for each in check[kind]:
            yield [check["id"], said, Code(each["id"]), each["name"], Code(each["reason"]), each["zh"], each["en"]]
