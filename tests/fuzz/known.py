"""What there is in a suite, by the names that paths have for it, so that requests are about something."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dev.client import Client

DISTRICT, TOWN, COMMUNITY, GRID = "360704", "360704100", "360704100002", "360704100002001"
AREAS = (DISTRICT, TOWN, COMMUNITY, GRID)
GIVEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("area", "code"), AREAS),
    "grid_code": (GRID,),
    "day": ("2026-04-02", "2026-03-31"),
}
"""What no list has to be read for."""

ASKED = {"area": COMMUNITY, "district": DISTRICT, "grid": GRID, "from": "2026-03-01", "to": "2026-03-31"}
"""What lists are asked with that cannot be asked without."""

MOST = 20
"""Of a kind."""

PARAMETER = re.compile(r"\{(\w+)\}")


def known(document: Mapping[str, Any], people: Iterable[Client]) -> dict[str, list[str]]:
    """Ids by the name of the parameter of paths that takes them, as these people read them in lists."""
    wanted = {name for path in document["paths"] for name in PARAMETER.findall(path)}
    found: dict[str, list[str]] = {name: list(GIVEN.get(name, ())) for name in wanted}
    for path, query in _lists(document):
        for client in people:
            answer = client.get(path, params=query)
            is_list = answer.ok and answer.headers["Content-Type"] == "application/json"
            for name, value in _named(answer.json() if is_list else {}):
                if name in wanted and value not in found[name] and len(found[name]) < MOST:
                    found[name].append(value)
    return {name: values for name, values in found.items() if values}


def written(found: Mapping[str, list[str]]) -> str:
    """As settings of schemathesis: of requests to these paths every other is about something that there is."""
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in sorted(found.items())]
    bound = [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for name in sorted(found)]
    return "\n".join([*lines, "[parameters]", *bound, ""])


def shadowed(document: Mapping[str, Any]) -> list[str]:
    """Paths without a parameter that are those of a thing of that name, too: `/v1/units/import` is a unit's."""
    patterns = [re.compile(PARAMETER.sub("[^/]+", path)) for path in document["paths"] if "{" in path]
    plain = [path for path in document["paths"] if "{" not in path]
    return [path for path in plain if any(pattern.fullmatch(path) for pattern in patterns)]


def excused(paths: list[str]) -> str:
    """As settings of schemathesis: what `Allow` says of a thing of that name, too, is no fault of the path."""
    return f"[[operations]]\ninclude-path = {json.dumps(paths)}\nchecks.allow_header_conformance.enabled = false\n\n"


def _lists(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for path, item in document["paths"].items():
        parameters = item.get("get", {}).get("parameters", ())
        needed = {each["name"] for each in parameters if each.get("required") and each.get("in") == "query"}
        if "get" in item and "{" not in path and "/streams/" not in path and needed <= set(ASKED):
            yield path, {name: ASKED[name] for name in needed}


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """Every text in an answer with its name."""
    match value:
        case dict():
            for name, each in value.items():
                yield from [(name, each)] if isinstance(each, str) else _named(each)
        case list():
            for each in value:
                yield from _named(each)
