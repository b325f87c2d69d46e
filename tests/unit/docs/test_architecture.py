"""What ARCHITECTURE.md and CONTRIBUTING.md say of files is so: those they name exist, and lists are complete."""

import ast
import re
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, prose, rows, section, text, tracked, where

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
NAMED = re.compile(r"`((?:[\w.-]+/)*[\w.-]+(?:\.(?:py|md|toml|in|yml|jsonl)|/)(?:[\w.-]+/)*)`")
ASYNC = {"nameko", "eventlet"}


def named(page: Path) -> set[str]:
    """The files and folders that a page names in its prose."""
    return set(NAMED.findall(prose(page)))


def exists(name: str) -> bool:
    """Whether a tracked file is, or lies in, what is named: from the root or from any folder."""
    inside = f"/{name}" if name.endswith("/") else f"/{name}\0"
    return any(inside in f"/{where(path)}\0" for path in tracked())


def imported(path: Path) -> set[str]:
    """The packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_and_folder_that_is_named_exists(page: str) -> None:
    found = named(ROOT / page)
    assert len(found) > 4
    assert {name for name in found if not exists(name)} == set()


def test_every_test_that_is_cited_is_in_its_file() -> None:
    cited = [
        (name, "test_" + sentence.replace(" ", "_"))
        for row in rows(section(ARCHITECTURE, "## What is promised, and where it is kept"))
        for name, sentences in re.findall(r"`(test_\w+\.py)`: ((?:\*[^*]+\*(?:, )?)+)", row[2])
        for sentence in re.findall(r"\*([^*]+)\*", sentences)
    ]
    assert len(cited) > 5
    for name, test in cited:
        path = next(path for path in tracked() if path.name == name)
        assert f"\ndef {test}(" in text(path), (name, test)


def test_the_modules_that_know_nameko_or_eventlet_are_those_that_are_listed() -> None:
    sentence = section(ARCHITECTURE, "## Inside chassis").split("\nOutside ")[1].split(". No\n")[0]
    listed = {name for name in NAMED.findall(sentence) if name not in {"services/chassis/", "service.py"}}
    in_code = {
        where(path)
        for path in tracked()
        if where(path).startswith(("services/", "gateway/"))
        and not where(path).startswith("services/chassis/")
        and path.suffix == ".py"
        and path.name != "service.py"
        and imported(path) & ASYNC
    }
    assert listed == in_code


def test_every_module_of_the_chassis_is_in_its_table() -> None:
    cells = " ".join(row[0] for row in rows(section(ARCHITECTURE, "## Inside chassis")))
    modules = {path.name for path in (ROOT / "services/chassis").glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`(\w+\.py)`", cells)) == modules
