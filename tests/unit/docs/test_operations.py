"""docs/operations.md is what the code does: its settings with readers and defaults, and its metrics."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.docs.pages import ROOT, rows, section, text, tracked

OPERATIONS = ROOT / "docs/operations.md"
READERS = {"str", "int", "float", "bool", "list", "json", "path", "url", "timedelta", "log_level", "get", "getenv"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
REQUIRED = object()


def modules() -> list[tuple[str, Path]]:
    """Each module that runs in production, with the process that it belongs to; chassis belongs to all."""
    found = []
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] in {"services", "gateway"}:
            package = parts[1] if parts[0] == "services" else parts[0]
            found.append(("all" if package == "chassis" else package, path))
    return found


def read(path: Path) -> Iterator[tuple[str, Any]]:
    """The environment variables that a module reads, with their defaults."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield str(ast.literal_eval(node.slice)), REQUIRED
        if isinstance(node, ast.Call) and _reads(node):
            yield ast.literal_eval(node.args[0]), _default(node)


def _reads(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    first = call.args[0] if call.args else None
    variable = isinstance(first, ast.Constant) and isinstance(first.value, str) and NAME.fullmatch(first.value)
    return name in READERS and bool(variable)


def _default(call: ast.Call) -> Any:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "default"]
    given = [*call.args[1:2], *named]
    return ast.literal_eval(given[0]) if given else REQUIRED


def shown(default: Any) -> str:
    """How the page shows a default."""
    if default is REQUIRED:
        return "none"
    if default is None:
        return "unset"
    if default in ("", [], ()):
        return "empty"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, int | float) else f"`{default}`"


def test_every_setting_is_documented_with_its_reader_and_default() -> None:
    in_code = {(name, reader, shown(default)) for reader, path in modules() for name, default in read(path)}
    cells = rows(section(OPERATIONS, "## Settings"))
    documented = {
        (name.strip("`"), reader, default.split(",")[0])
        for name, readers, default, _ in cells
        for reader in readers.split(", ")
    }
    assert len(in_code) > 5
    assert documented == in_code
    assert len(cells) == len({name for name, *_ in cells}), "a setting stands there twice"


def test_every_metric_is_documented() -> None:
    wanted = {name for _, path in modules() for name in re.findall(r'"(sandan_\w+)"', text(path))}
    assert wanted
    assert {row[0].strip("`") for row in rows(section(OPERATIONS, "## Metrics"))} == wanted
