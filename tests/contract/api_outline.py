"""What callers of the API rely on, drawn from its description: a line for each operation, field, value and code.

`python -m tests.contract.api_outline` says what is new since the last release and what went away, for
docs/api-changelog.md; with `keep` it keeps the present outline as that of the release.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.app import create_app
from gateway.settings import Settings
from tests.unit.gateway.fakes import SEED, FakeServices

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs/api-outline.txt"
NOWHERE = ("http://127.0.0.1:9",)
METHODS = ("get", "post", "put", "patch", "delete")
REQUIRED = "!"
"""Ends the type of a field that is always there: that is answered always, or has to be sent."""
SECURITY = {"null": "signed in", "[]": "open"}

Outline = Mapping[str, str]
"""Types by what has them: `CaseView.number` is a `string!`, `GET /v1/cases ?status` a `string`, `code x` a `409`."""


@dataclass(frozen=True)
class Changes:
    """What two outlines differ in."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    other: tuple[str, ...]
    """What has another type, or is now always, or no longer always, there."""
    demanded: tuple[str, ...]
    """New fields that have to be sent where nothing had to."""

    @property
    def breaking(self) -> tuple[str, ...]:
        """What a caller may stumble over who knew the outline before."""
        return tuple(sorted({*self.gone, *self.other, *self.demanded}))


def description() -> dict[str, Any]:
    """The description of the API as it is served."""
    app = create_app(FakeServices(), Settings("127.0.0.1", 8000, SEED, NOWHERE, NOWHERE, NOWHERE))
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def outline(spec: Mapping[str, Any]) -> dict[str, str]:
    """What callers rely on in a description."""
    found: dict[str, str] = {}
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                found |= dict(_operation(f"{method.upper()} {path}", item[method], spec, item.get("parameters", [])))
    for name, schema in spec["components"]["schemas"].items():
        found |= dict(_facts(name, schema))
    for response in spec["components"]["responses"].values():
        for content in response.get("content", {}).values():
            found |= {
                f"code {code}": str(each["value"]["status"]) for code, each in content.get("examples", {}).items()
            }
    return found


def _operation(
    name: str, operation: Mapping[str, Any], spec: Mapping[str, Any], shared: list[Any]
) -> Iterator[tuple[str, str]]:
    yield name, SECURITY.get(json.dumps(operation.get("security")), "signed in or not")
    for each in [*shared, *operation.get("parameters", [])]:
        parameter = _resolved(each, spec)
        mark = {"query": "?", "path": "/", "header": "#"}[parameter["in"]]
        yield from _facts(f"{name} {mark}{parameter['name']}", parameter["schema"], required=parameter.get("required"))
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield from _facts(f"{name} takes {media_type}", content.get("schema", {}))
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield f"{name} answers {status}", ""
            for media_type, content in _resolved(response, spec).get("content", {}).items():
                yield from _facts(f"{name} answers {status} {media_type}", content.get("schema", {}))


def _facts(name: str, schema: Mapping[str, Any], *, required: bool | None = False) -> Iterator[tuple[str, str]]:
    """The type of a schema, then of what is written inside it: fields, elements and values."""
    yield name, kind(schema) + (REQUIRED if required else "")
    for value in schema.get("enum", ()):
        if value is not None:
            yield f"{name} = {value}", ""
    for field, inner in schema.get("properties", {}).items():
        yield from _facts(f"{name}.{field}", inner, required=field in schema.get("required", ()))
    items = schema.get("items", {})
    if items.keys() & {"properties", "enum", "items"}:
        yield from _facts(f"{name}[]", items)
    for way in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(way, ()):
            for part, found in _facts(name, inner):
                if part != name:
                    yield part, found


def kind(schema: Mapping[str, Any]) -> str:
    """The type in short: `string`, `string(date-time)|null`, `CaseView[]`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for way, between in (("allOf", "&"), ("anyOf", "|"), ("oneOf", "|")):
        if way in schema:
            return between.join(sorted({kind(each) for each in schema[way]}))
    types = schema.get("type", "any")
    named = [types] if isinstance(types, str) else sorted(types)
    return "|".join(_named(each, schema) for each in named)


def _named(type_: str, schema: Mapping[str, Any]) -> str:
    if type_ == "array":
        return f"{kind(schema.get('items', {}))}[]"
    if type_ == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{{kind(schema['additionalProperties'])}}}"
    return f"{type_}({schema['format']})" if type_ == "string" and "format" in schema else type_


def _resolved(node: Mapping[str, Any], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = spec if "$ref" in node else node
    for part in node["$ref"].removeprefix("#/").split("/") if "$ref" in node else ():
        found = found[part]
    return dict(found)


def changes(before: Outline, after: Outline) -> Changes:
    """What is new, gone and other in an outline, compared with one before."""
    new = tuple(sorted(after.keys() - before.keys()))
    other = tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name]))
    demanded = tuple(name for name in new if after[name].endswith(REQUIRED) and _is_sent(name, before, after))
    return Changes(new, tuple(sorted(before.keys() - after.keys())), other, demanded)


def _is_sent(name: str, before: Outline, after: Outline) -> bool:
    """Whether this is a part of something that callers were sending before."""
    operation, mark, _ = name.partition(" ?")
    if mark:
        return operation in before
    whole = name.rpartition(".")[0]
    return whole in before and any(" takes " in each and whole in _inside(each, after) for each in before)


def _inside(name: str, found: Outline) -> set[str]:
    """What a body is made of: the names of the schemas in it, and of those in them."""
    inside, waiting = {name}, [name]
    while waiting:
        whole = waiting.pop()
        for part, type_ in found.items():
            if part == whole or part.startswith((f"{whole}.", f"{whole}[]")):
                inside.add(part)
                named = {each.strip("[]{}!") for each in type_.replace("&", "|").split("|")}
                fresh = {each for each in named if each in found} - inside
                inside |= fresh
                waiting += fresh
    return inside


def written(found: Outline) -> str:
    """The outline as it is kept: sorted, a line for each."""
    return "".join(f"{name}: {type_}".rstrip() + "\n" for name, type_ in sorted(found.items()))


def read(text: str) -> dict[str, str]:
    """An outline that was kept."""
    pairs = (line.rpartition(":") for line in text.splitlines())
    return {name: type_.strip() for name, _, type_ in pairs}


def told(found: Changes) -> str:
    """The changes as lines of the page, without what lies inside something that is new or gone itself."""
    lines = [("new", each) for each in _outermost(found.new)] + [("**gone**", each) for each in _outermost(found.gone)]
    lines += [("**other**", each) for each in found.other]
    return "".join(f"- {word}: `{name}`\n" for word, name in lines)


def _outermost(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not any(covers(other, name) for other in names if other != name)]


def covers(name: str, part: str) -> bool:
    """Whether what is said of the one is said of the other, too: of an operation or a schema, of all of it."""
    return part == name or part.startswith((f"{name} ", f"{name}.", f"{name}[]"))


if __name__ == "__main__":
    now = outline(description())
    if sys.argv[1:] == ["keep"]:
        KEPT.write_text(written(now), encoding="utf-8")
    else:
        print(told(changes(read(KEPT.read_text(encoding="utf-8")), now)), end="")  # noqa: T201 - a command line
