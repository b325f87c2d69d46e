"""All that is wrong with what a partner asks for, told at once: what cannot be read hides nothing of the rest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from marshmallow import Schema

from chassis.errors import Refusal
from chassis.schema import load

T = TypeVar("T")

STAND_INS: Mapping[str, Any] = {"types": ["case.*"], "url": "https://-"}
"""What is taken for a field that cannot be read, so that the others can be looked at; nothing of it is kept."""


def at_each(categories: Sequence[str]) -> dict[str, str]:
    """Categories by where each stands in what was asked."""
    return {f"/categories/{n}": each for n, each in enumerate(categories)}


class Faults:
    """What is wrong so far; empty where nothing is."""

    def __init__(self) -> None:
        self._unreadable: list[Mapping[str, str]] = []
        self._refused: list[tuple[str, Refusal]] = []

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._unreadable or self._refused)

    def readable(self, schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given as far as it can be read; refuses `invalid` where nothing of it can."""
        try:
            return load(schema, given)
        except Refusal as refused:
            self._unreadable = list(refused.details["errors"])
            wrong = {fault["pointer"].split("/")[1] if fault["pointer"] else "" for fault in self._unreadable}
            rest = {name: value for name, value in given.items() if name not in wrong}
            needed = {name: value for name, value in STAND_INS.items() if name in wrong}
            try:
                return load(schema, {**rest, **needed})
            except Refusal:
                raise refused from None

    def of(self, field: str, look: Callable[[], T]) -> T | None:
        """What `look` gives, None where it refuses, which is kept; not called for a field that could not be read."""
        if any(fault["pointer"].startswith(f"/{field}") for fault in self._unreadable):
            return None
        try:
            return look()
        except Refusal as refused:
            if refused.code == "not_permitted":
                raise
            self._refused.append((f"/{field}", refused))
            return None

    def check(self) -> None:
        """Refuse what is wrong: the one thing by its own code, several as `invalid` with each of them."""
        if not self._unreadable and len(self._refused) == 1:
            raise self._refused[0][1]
        if self:
            told = [each for pointer, refused in self._refused for each in _errors(pointer, refused)]
            raise Refusal("invalid", errors=[*self._unreadable, *told])


def _errors(pointer: str, refused: Refusal) -> list[Mapping[str, Any]]:
    named = {"pointer": pointer, "code": refused.code, "detail": refused.code}
    return list(refused.details.get("errors") or [named])
