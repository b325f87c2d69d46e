"""Checking of incoming data: one place where a marshmallow error becomes a refusal with JSON pointers."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from chassis.errors import Refusal


def load(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The validated form of `data`; raises `Refusal("invalid")` that names every fault by its pointer."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Refusal("invalid", errors=list(faults(error.messages))) from None
    return loaded


def faults(messages: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """The faults of a marshmallow error tree, flat: `{"pointer": "/a/0/b", "detail": "..."}`."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            yield from faults(value, pointer if key == "_schema" else f"{pointer}/{_escaped(key)}")
    else:
        for text in messages if isinstance(messages, list) else [messages]:
            yield {"pointer": pointer, "detail": str(text)}


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
