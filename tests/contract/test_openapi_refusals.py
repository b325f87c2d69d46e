"""What an entrypoint says that it refuses has its status in the document of every operation that asks it."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dev.layout import ROOT, SERVICES
from gateway.app import create_app
from gateway.problems import PROBLEMS
from gateway.settings import Settings
from tests.unit.gateway.fakes import SEED, FakeServices

NOWHERE = ("http://127.0.0.1:9",)
QUOTED = re.compile(r"`(\w+)`")
LIKEWISE = re.compile(r"\bas\s+`(\w+(?:\.\w+)?)`")
"""Where a description says that it refuses as another does: an entrypoint, `Class.method` or `module.function`."""

Entrypoint = tuple[str, str]
"""A service and one of its methods."""


def functions(folder: Path) -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def refusals() -> dict[Entrypoint, set[str]]:
    """The codes that each entrypoint names in its description, or that those name which it refers to."""
    found: dict[Entrypoint, set[str]] = {}
    for service in SERVICES:
        folder = ROOT / "services" / service
        asked = {node.name for _, node in functions(folder) if any(map(_is_rpc, node.decorator_list))}
        described = descriptions(folder)
        found |= {(service, name): set(named(name, described, set())) for name in asked}
    return found


def descriptions(folder: Path) -> dict[str, str]:
    """What is said of each entrypoint, and of every function by the class or else the module that it is in."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        for around in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for node in getattr(around, "body", ()) if isinstance(around, ast.Module | ast.ClassDef) else ():
                if isinstance(node, ast.FunctionDef):
                    said = ast.get_docstring(node) or ""
                    found[f"{getattr(around, 'name', path.stem)}.{node.name}"] = said
                    if any(map(_is_rpc, node.decorator_list)):
                        found[node.name] = said
    return found


def _is_rpc(decorator: ast.expr) -> bool:
    return getattr(decorator, "id", "") == "rpc"


def named(function: str, described: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    seen.add(function)
    said = described.get(function, "")
    yield from (code for code in QUOTED.findall(said) if code in PROBLEMS)
    for other in LIKEWISE.findall(said):
        if other not in seen:
            yield from named(other, described, seen)


def entrypoints() -> dict[str, set[Entrypoint]]:
    """What each view asks, itself or through functions beside it."""
    found: dict[str, set[Entrypoint]] = {}
    for path in sorted((ROOT / "gateway/routes").glob("*.py")):
        here = {node.name: node for _, node in functions_of(path)}
        for name, node in here.items():
            found[name] = set(asked(node, here, {name}))
    return found


def functions_of(path: Path) -> Iterator[tuple[Path, ast.FunctionDef]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield path, node


def asked(node: ast.AST, beside: Mapping[str, ast.FunctionDef], seen: set[str]) -> Iterator[Entrypoint]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and (service := service_of(each.value)) is not None:
            yield service, each.attr
        elif isinstance(each, ast.Call) and (name := getattr(each.func, "id", "")) in beside and name not in seen:
            seen.add(name)
            yield from asked(beside[name], beside, seen)


def service_of(node: ast.expr) -> str | None:
    """The service in `ask().cases`, or in a variable that is named after it."""
    if isinstance(node, ast.Name):
        return node.id if node.id in SERVICES else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
        return node.attr if getattr(node.value.func, "id", "") == "ask" and node.attr in SERVICES else None
    return None


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app: Flask = create_app(FakeServices(), Settings("127.0.0.1", 8000, SEED, NOWHERE, NOWHERE, NOWHERE))
    found: dict[str, Any] = json.loads(app.test_client().get("/openapi.json").data)
    return found


ELSEWHERE = {("upload", "photo_not_found"), ("issue_token", "invalid")}
"""Codes of an entrypoint that asks for two things, of which an operation asks the other; and what is a 400 in the form
of a client of OAuth."""


def test_what_is_refused_is_written_down(document: dict[str, Any]) -> None:
    refused, views = refusals(), entrypoints()
    unwritten = {}
    checked = 0
    for item in document["paths"].values():
        for operation in (each for method, each in item.items() if method != "parameters"):
            id, written = operation["operationId"], set(operation["responses"])
            codes = {code for entry in views.get(id, ()) for code in refused.get(entry, ())}
            checked += len(codes)
            missing = sorted(
                code for code in codes if str(PROBLEMS[code].status) not in written and (id, code) not in ELSEWHERE
            )
            if missing:
                unwritten[id] = [f"{PROBLEMS[code].status} {code}" for code in missing]
    assert unwritten == {}
    assert checked > 300
