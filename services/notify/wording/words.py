"""The variables of templates: how each fact of a notice is told in a language; codes and times, never people."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from notify.wording.catalogue import KINDS, LANGUAGES, PRIVATE, counted, label, listed, number, time


class Form(StrEnum):
    """How a variable is told."""

    LABEL = "label"
    TIME = "time"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    PLAIN = "plain"
    NAME = "name"
    TEXT = "text"


WEEK = ("week_waiting", "week_problem", "week_unassigned", "week_overdue", "week_completion", "week_left")
"""What is counted of the grids of somebody's posts."""

COUNTS = {"cases": "problem", "needs": "need", "calls": "person", "reports": "report", "messages": "message"}
"""What is counted in each of these variables."""

NONE_IS_ZERO = frozenset({"cases", "needs", "calls"})
"""An event that does not say how many came up says that there were none."""

VARIABLES: Mapping[str, Form] = {
    **dict.fromkeys(KINDS, Form.LABEL),
    **dict.fromkeys(
        (
            "respond_due",
            "resolve_due",
            "accept_due",
            "rate_until",
            "expires_at",
            "held_at",
            "due_on_site",
            "object_until",
            "begins",
            "ends",
            "changed_at",
        ),
        Form.TIME,
    ),
    **dict.fromkeys(COUNTS, Form.COUNT),
    **dict.fromkeys(("repeat", "score", "star", "hours", *WEEK), Form.NUMBER),
    **dict.fromkeys(("office_decides", "asks_next", "unassigned", "emergency", "passes_on"), Form.FLAG),
    **dict.fromkeys(
        (
            "number",
            "target_number",
            "review_on",
            "subscription_id",
            "code",
            "slip",
            "period",
            "activity",
            "day",
            "call",
            "call_reason",
        ),
        Form.PLAIN,
    ),
    "place": Form.NAME,
    "units": Form.NAME,
    "lines": Form.TEXT,
    "message": Form.TEXT,
}
"""Every variable that a text may ask for. Flags are to be asked, not said; `message` is what is to be passed on."""

DISTRICT_DIGITS = 6
"""How long the code of a district is, with which those of its grids begin."""

Word = str | bool | None


def words(wanted: Iterable[str], facts: Mapping[str, Any], names: Mapping[str, str], language: str) -> dict[str, Word]:
    """What each wanted variable says in the language; None where the facts say nothing, nothing of one that is unknown.

    `facts` are codes and RFC 3339 times; `names` tell what grids, compounds and units are called.
    """
    found = {**facts, "place": _place(facts, names), "units": _units(facts, names, language)}
    said = {name: _TOLD[VARIABLES[name]](name, found.get(name), language) for name in wanted if name in VARIABLES}
    if "category" in said:
        own = (names[key] for key in _district_names(facts, [language]) if key in names)
        said["category"] = next(own, said["category"])
    return said


TELLING = frozenset({"compound_id", "grid_code", "unit_ids"})
"""What would tell whoever looks at somebody's phone where it was, and who sees to it."""


def discreet(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts as they leave the house: of a sensitive matter no category, no place and no unit (docs/domain.md §5).

    What it says is what kind of message it is, and the number; the rest is read in the case, signed in.
    """
    if not facts.get("restricted"):
        return facts
    kept = {name: value for name, value in facts.items() if name not in TELLING}
    return {**kept, "category": PRIVATE} if "category" in kept else kept


def named(facts: Mapping[str, Any]) -> set[str]:
    """The codes in `facts` whose names a text may ask for."""
    places = {facts.get("compound_id"), facts.get("grid_code"), *facts.get("unit_ids", ())}
    return {code for code in places if code} | set(_district_names(facts, LANGUAGES))


def category_code(district: str, code: str, language: str) -> str:
    """Under which code a name is kept that a district gave to a category, in one language."""
    return f"category/{district}/{code}/{language}"


def _district_names(facts: Mapping[str, Any], languages: Iterable[str]) -> list[str]:
    """Where it is kept what a district calls the category: one that it added, or a name of its own for another."""
    code, grid_code = facts.get("category"), facts.get("grid_code")
    if not code or not grid_code:
        return []
    return [category_code(grid_code[:DISTRICT_DIGITS], code, language) for language in languages]


def _labelled(kind: str, code: Any, language: str) -> Word:
    # A code that has no label yet is left out: the text then reads on without it.
    return label(kind, code, language)


def _when(_: str, instant: Any, language: str) -> Word:
    return time(instant, language) if instant else None


def _many(name: str, count: Any, language: str) -> Word:
    if count is None and name not in NONE_IS_ZERO:
        return None
    return counted(COUNTS[name], count or 0, language)


def _figure(_: str, value: Any, language: str) -> Word:
    return None if value is None else number(value, language)


def _true(_: str, value: Any, _language: str) -> Word:
    return bool(value)


def _plain(_: str, value: Any, _language: str) -> Word:
    return None if value is None else str(value)


_TOLD: Mapping[Form, Callable[[str, Any, str], Word]] = {
    Form.LABEL: _labelled,
    Form.TIME: _when,
    Form.COUNT: _many,
    Form.NUMBER: _figure,
    Form.FLAG: _true,
    Form.PLAIN: _plain,
    Form.NAME: _plain,
    Form.TEXT: _plain,
}


def _place(facts: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    codes = (facts.get("compound_id"), facts.get("grid_code"))
    return next((names[code] for code in codes if code and code in names), None)


def _units(facts: Mapping[str, Any], names: Mapping[str, str], language: str) -> str | None:
    return listed((names[unit] for unit in facts.get("unit_ids", ()) if unit in names), language) or None
