"""Nothing that callers rely on goes away, or becomes another, without a word in docs/api-changelog.md."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.api_outline import KEPT, ROOT, changes, covers, description, kind, outline, read, told, written

PAGE = ROOT / "docs/api-changelog.md"
TO_COME = "## To come"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    return description()


def said() -> set[str]:
    """What the page names for the release to come."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n{TO_COME}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", section))


def test_what_went_away_or_is_another_is_told_to_callers(spec: dict[str, Any]) -> None:
    kept = read(KEPT.read_text(encoding="utf-8"))
    broken = changes(kept, outline(spec)).breaking
    untold = [each for each in broken if not any(covers(name, each) for name in said())]
    assert untold == [], f"say in {PAGE.name}, under “{TO_COME}”, what callers have to do about each, by its name"


def test_what_the_page_tells_has_happened(spec: dict[str, Any]) -> None:
    """An entry for what is there as it was would send callers looking; what is new may be told, too."""
    found = changes(read(KEPT.read_text(encoding="utf-8")), outline(spec))
    happened = {*found.breaking, *found.new}
    known = {*outline(spec), *read(KEPT.read_text(encoding="utf-8"))}
    stale = [name for name in said() if name in known and not any(covers(name, each) for each in happened)]
    assert stale == []


def test_the_outline_that_is_kept_is_one_that_was_written() -> None:
    text = KEPT.read_text(encoding="utf-8")
    assert written(read(text)) == text
    assert len(text.splitlines()) > 1_000


def without(*keys: str) -> Callable[[dict[str, Any]], None]:
    def change(spec: dict[str, Any]) -> None:
        for key in keys[:-1]:
            spec = spec[key]
        del spec[keys[-1]]

    return change


def with_(*keys: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(spec: dict[str, Any]) -> None:
        for key in keys[:-1]:
            spec = spec[key]
        spec[keys[-1]] = value

    return change


def demand(schema: str, field: str) -> Callable[[dict[str, Any]], None]:
    def change(spec: dict[str, Any]) -> None:
        found = spec["components"]["schemas"][schema]
        found["properties"][field] = {"type": "string"}
        found["required"] = [*found.get("required", ()), field]

    return change


FIELD = ("components", "schemas", "CaseView", "properties")
BREAKS = {
    "an operation": (without("paths", "/v1/cases/{case_id}", "get"), "GET /v1/cases/{case_id}"),
    "a field": (without(*FIELD, "number"), "CaseView.number"),
    "a type": (with_(*FIELD, "number", value={"type": "integer"}), "CaseView.number"),
    "a list for one": (
        with_(*FIELD, "number", value={"type": "array", "items": {"type": "string"}}),
        "CaseView.number",
    ),
    "a value": (with_(*FIELD, "sight", "enum", value=["full"]), "CaseView.sight = outline"),
    "a code": (without("components", "responses", "NOT_FOUND", "content"), "code case_not_found"),
    "a field that has to be sent": (demand("Report", "nonsense"), "Report.nonsense"),
}


@pytest.mark.parametrize(("change", "name"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_a_caller_is_found(
    spec: dict[str, Any], change: Callable[[dict[str, Any]], None], name: str
) -> None:
    other = copy.deepcopy(spec)
    change(other)
    assert name in changes(outline(spec), outline(other)).breaking


def test_what_is_merely_new_breaks_nobody(spec: dict[str, Any]) -> None:
    other = copy.deepcopy(spec)
    other["paths"]["/v1/new"] = copy.deepcopy(other["paths"]["/v1/cases"])
    other["components"]["schemas"]["Report"]["properties"]["nonsense"] = {"type": "string"}
    other["components"]["schemas"]["CaseView"]["properties"]["nonsense"] = {"type": "string"}
    found = changes(outline(spec), outline(other))
    assert found.breaking == ()
    lines = told(found).splitlines()
    assert "- new: `GET /v1/new`" in lines
    assert "- new: `CaseView.nonsense`" in lines
    assert not any("GET /v1/new " in line for line in lines), "what lies inside is told with the whole"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"], "format": "date-time"}, "null|string(date-time)"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/CaseView"}}, "CaseView[]"),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, "A|null"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "{integer}"),
        ({}, "any"),
    ],
)
def test_a_type_is_told_in_short(schema: dict[str, Any], expected: str) -> None:
    assert kind(schema) == expected
