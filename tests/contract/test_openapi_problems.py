"""The table of refusals and the refusals in the code are the same set, looked up in the syntax trees of both."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.errors import Busy
from gateway.problems import PROBLEMS
from gateway.problems.case_policies import CASE_POLICIES
from gateway.problems.cases import CASES
from gateway.problems.charts import CHARTS
from gateway.problems.dual_service import DUAL_SERVICE
from gateway.problems.members import MEMBERS
from gateway.problems.notify import NOTIFY
from gateway.problems.problem import PLACE
from gateway.problems.protocol import BY_STATUS, PROTOCOL
from gateway.problems.shared import SHARED

ROOT = Path(__file__).parents[2]
RAISES = {"Refusal": 0, "known": 1, "Fault": 1, "MapFault": 0, "fault": 0}
"""Calls that make a refusal or name a fault, with the place of its code among their arguments."""

PASSED_ON = {
    ("cases/permission.py", "failed"),
    ("members/changing.py", "code"),
    ("chassis/fault.py", "code"),
    ("members/hours/desk.py", "refused"),
    ("members/people/registration.py", "code"),
    ("members/workers/fault.py", "code"),
    ("members/areas/outline.py", "code"),
    ("members/drawing/feature.py", "code"),
    ("members/drawing/feature.py", "fault"),
    ("members/drawing/fit.py", "code"),
    ("chassis/errors.py", "str"),
    ("gateway/sheets/receiving.py", "refused"),
    ("cases/summons/permission.py", "held"),
}
"""Refusals whose code is not written where they are raised: conditions of a table, an argument, a received one."""

OWN_OF_THE_GATEWAY = set(BY_STATUS.values()) | {"unavailable", "deadline_exceeded", "not_ready"}
"""Codes that are given to errors which are no refusals."""

OF_ITS_CLASS = {Busy().code}
"""The code of the one refusal that is a class of its own."""


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)).removeprefix("services/"), ast.parse(path.read_text(encoding="utf-8"))


def raised(*folders: str) -> Iterator[tuple[str, ast.expr]]:
    """Where refusals are raised, and the expression that names the code."""
    for path, tree in sources(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and (name := called(node.func)) in RAISES:
                yield path, node.args[RAISES[name]]


def named(*folders: str) -> Iterator[ast.expr]:
    """The codes of refusals that have a class of their own, as it hands them on."""
    for _, tree in sources(*folders):
        for each in ast.walk(tree):
            if isinstance(each, ast.ClassDef) and any(getattr(base, "id", "") == "Refusal" for base in each.bases):
                yield from (
                    node.args[0]
                    for node in ast.walk(each)
                    if isinstance(node, ast.Call) and node.args and getattr(node.func, "attr", "") == "__init__"
                )


def called(function: ast.expr) -> str:
    """The name of a function, or of the method with which a feature names its faults."""
    if isinstance(function, ast.Attribute):
        return "fault" if function.attr == "fault" else ""
    return getattr(function, "id", "")


def conditions(*folders: str) -> Iterator[str]:
    """The codes of conditions of a permission table, whose values they are."""
    for path, tree in sources(*folders):
        if path.endswith("permission.py"):
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and node.name == "Condition":
                    yield from (
                        str(each.value.value)
                        for each in node.body
                        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
                    )


def codes(*folders: str) -> set[str]:
    """Every code that can be raised from these folders."""
    found = set(conditions(*folders))
    for expression in (*(each for _, each in raised(*folders)), *named(*folders)):
        for node in ast.walk(expression):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_refusal_has_a_row_and_every_row_a_refusal() -> None:
    in_code = codes("services", "gateway") | OWN_OF_THE_GATEWAY | OF_ITS_CLASS
    assert in_code - set(PROBLEMS) == set(), "without a row"
    assert set(PROBLEMS) - in_code == set(), "rows that nobody raises"


@pytest.mark.parametrize(
    ("table", "folder"),
    [
        ({**CASES, **CASE_POLICIES}, "services/cases"),
        ({**MEMBERS, **DUAL_SERVICE}, "services/members"),
        (NOTIFY, "services/notify"),
        (CHARTS, "gateway"),
    ],
)
def test_the_codes_of_a_service_stand_in_its_own_table(table: dict[str, object], folder: str) -> None:
    assert set(table) <= codes(folder)


def test_no_code_stands_in_two_tables() -> None:
    tables = (PROTOCOL, SHARED, CHARTS, CASES, CASE_POLICIES, MEMBERS, DUAL_SERVICE, NOTIFY)
    assert sum(len(table) for table in tables) == len(PROBLEMS)


def test_every_code_is_written_where_it_is_raised() -> None:
    elsewhere = set()
    for path, expression in raised("services", "gateway"):
        written = [
            node for node in ast.walk(expression) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        names = [node.id for node in ast.walk(expression) if isinstance(node, ast.Name)]
        if names or not written:
            elsewhere.add((path, names[0]))
    assert elsewhere <= PASSED_ON


def test_every_row_is_worded_in_both_languages() -> None:
    for code, row in PROBLEMS.items():
        assert code.isascii(), code
        assert code == code.lower(), code
        for each in (row, row.to_program) if row.to_program else (row,):
            for text in (each.title, each.advice):
                assert not text.zh.isascii(), code
                assert text.en.isascii(), code
            assert each.advice.zh.endswith("。"), code
            assert each.advice.en.endswith("."), code
        assert 400 <= row.status < 600, code


def told(*folders: str) -> dict[str, set[str]]:
    """What refusals and faults tell besides their codes, by the code."""
    found: dict[str, set[str]] = {}
    for _, tree in sources(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and (name := called(node.func)) in RAISES:
                code = node.args[RAISES[name]]
                if isinstance(code, ast.Constant):
                    found.setdefault(str(code.value), set()).update(_names(node))
    return found


def _names(call: ast.Call) -> Iterator[str]:
    yield from (each.arg for each in call.keywords if each.arg)
    for each in ast.walk(call):
        if isinstance(each, ast.Dict):
            yield from (str(key.value) for key in each.keys if isinstance(key, ast.Constant))


def test_what_a_text_says_of_a_refusal_that_tells_the_refusal() -> None:
    in_code = told("services", "gateway")
    for code, row in PROBLEMS.items():
        for text in row.advice:
            assert set(PLACE.findall(text)) <= in_code.get(code, set()), code
        assert PLACE.findall(" ".join(row.title)) == [], code


def test_only_a_refusal_that_lists_errors_sends_the_reader_to_them() -> None:
    """Whoever reads "correct what is named" has to find something named."""
    listing = {code for code, row in PROBLEMS.items() if "errors" in row.advice.en or "what is named" in row.advice.en}
    assert listing == {
        "invalid",
        "items_refused",
        "lines_refused",
        "map_not_valid",
        "grid_not_empty",
        "venue_in_use",
        "template_refused",
        "token_request_unfit",
    }


def test_what_is_not_there_is_named_alike_everywhere() -> None:
    """`…_not_found`: what the path names, 404. `unknown_…`: what a body or a query names, 422 (record 0009)."""
    for code, row in PROBLEMS.items():
        assert not code.endswith("_unknown"), code
        assert (code.endswith("_not_found") and code != "method_not_found") == (row.status == 404), code
        assert not code.startswith("unknown_") or row.status == 422, code


def test_a_case_and_the_office_have_one_word_each_in_chinese() -> None:
    """The words are those of docs/domain.md's glossary."""
    for path in (ROOT / "gateway").rglob("*.py"):
        assert not re.search("事项|综治办", path.read_text(encoding="utf-8")), path
