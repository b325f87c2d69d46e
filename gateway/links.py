"""Where one goes on after something was made: links of the specification, found from its paths; it knows no routes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PARAMETER = re.compile(r"\{(\w+)\}")

Document = Mapping[str, Any]
Operation = dict[str, Any]


def link(document: Document) -> None:
    """Write into each answer that makes something which operations take its id (OpenAPI 3.1, Link Object)."""
    operations = list(_operations(document))
    for path, method, operation in operations:
        made = operation["responses"].get("201", {})
        found = dict(_links(path, _members(document, made), operations)) if method == "post" else {}
        if found:
            made["links"] = found


def _operations(document: Document) -> Iterator[tuple[str, str, Operation]]:
    for path, item in document["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items() if method != "parameters")


def _links(
    path: str, members: frozenset[str], operations: list[tuple[str, str, Operation]]
) -> Iterator[tuple[str, Operation]]:
    for target, _, operation in operations:
        parameters = {name: _source(path, members, target, name) for name in PARAMETER.findall(target)}
        if all(parameters.values()) and any("body" in each for each in parameters.values()):
            yield operation["operationId"], {"operationId": operation["operationId"], "parameters": parameters}


def _source(path: str, members: frozenset[str], target: str, name: str) -> str:
    """Where the parameter of the target comes from, as a runtime expression; empty if from nowhere.

    What was made says its id under the name that paths have for it. The same name may mean something else elsewhere, as
    a number does: a path means it where it stands behind the collection that it was made in.
    """
    if name in PARAMETER.findall(path):
        return f"$request.path.{name}"
    collection = target.partition(f"/{{{name}}}")[0].rpartition("/")[2]
    return f"$response.body#/{name}" if name in members and collection in path.split("/") else ""


def _members(document: Document, response: Operation) -> frozenset[str]:
    """The names of what the JSON object in an answer has."""
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    title = schema.get("$ref", "").rpartition("/")[2]
    return frozenset(document["components"]["schemas"].get(title, {}).get("properties", ()))
