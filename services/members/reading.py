"""An input as far as it can be read: a field whose form is wrong hides nothing that is wrong with the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.schema import load

STAND_INS = {"name": "-", "unit_type": "ENTERPRISE"}
"""What an input lacks without which it could not be looked at further; nothing of such an input is kept."""


@dataclass(frozen=True)
class Reading:
    """The fields that could be read, and what is wrong with the form of the others: `{pointer, detail}` each."""

    fields: dict[str, Any]
    errors: tuple[Mapping[str, str], ...] = ()

    def besides(self, found: Iterable[Fault]) -> list[Fault]:
        """What rules found, without the fields of which it is told already that they cannot be read.

        What is wrong with such an input as a whole is left out: it may be for want of these fields.
        """
        if not self.errors:
            return list(found)
        wrong = _fields_of(self.errors)
        return [each for each in found if each.pointer and each.pointer.split("/")[1] not in wrong]

    def check(self, found: Iterable[Fault]) -> None:
        """Refuses what cannot be read together with what rules found (see `fault.check`), if there is anything."""
        if not self.errors:
            return check(found)
        raise Refusal("invalid", errors=[*self.errors, *(each.dump() for each in self.besides(found))])


def read(schema: Schema, given: Mapping[str, Any]) -> Reading:
    """What was given as far as it can be read; refuses `invalid` where nothing of it can."""
    try:
        return Reading(load(schema, given))
    except Refusal as refused:
        errors = refused.details["errors"]
        wrong = _fields_of(errors)
        needed = {name: text for name, text in STAND_INS.items() if name in wrong and name in _required(schema)}
        rest = {name: value for name, value in given.items() if name not in wrong}
        try:
            return Reading(load(schema, {**rest, **needed}), tuple(errors))
        except Refusal:
            raise refused from None


def _required(schema: Schema) -> set[str]:
    return {name for name, field in schema.fields.items() if field.required}


def _fields_of(faults: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The fields in which the faults of the form lie; "" stands for the whole."""
    return frozenset(fault["pointer"].split("/")[1] if fault["pointer"] else "" for fault in faults)
