"""How a report of coverage is shown."""

from collections.abc import Sequence
from typing import Any

from members.coverage.checks import Result
from members.coverage.counting import UNKNOWN, Item, Number

Answer = dict[str, Any]


def check(result: Result, most: int) -> Answer:
    """One check, with at most so many of the items that it names; how many there are is said."""
    check, count = result.check, result.count
    zh, en = UNKNOWN[result.reason] if result.reason else (None, None)
    return {
        "id": check.id,
        "title": {"zh": check.title[0], "en": check.title[1]},
        "rule": {"zh": check.rule.zh, "en": check.rule.en},
        "numerator": _number(count.numerator),
        "denominator": _number(count.denominator),
        "percentage": result.percentage,
        "passes": result.passes,
        "reason": {"code": result.reason, "zh": zh, "en": en} if result.reason else None,
        "failing": _items(count.failing, most),
        "failing_total": len(count.failing),
        "noted": _items(count.noted, most),
        "noted_total": len(count.noted),
    }


def _items(items: Sequence[Item], most: int) -> list[Answer]:
    return [
        {"id": each.id, "name": each.name, "reason": each.reason, "zh": each.zh, "en": each.en} for each in items[:most]
    ]


def _number(number: Number) -> int | float:
    return int(number) if number == int(number) else float(number)
