"""Reads what other services send: the fields that matter here, and no others."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from chassis.event import Malformed


class Partial(Schema):
    """Reads the fields that it names and passes over all others."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE


class ActorSchema(Partial):
    """Who did it."""

    id = fields.String(load_default=None, allow_none=True)


class AssigneeSchema(Partial):
    """One of those to whom a case is given."""

    id = fields.String(required=True)
    kind = fields.String(required=True)


def read(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """What another service sent, checked; raises `Malformed` that names the fields."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Malformed(f"the data does not fit: {error.messages}") from None
    return loaded


class PersonSchema(Partial):
    """Whom an event of members is about, also under earlier ids."""

    person_id = fields.String(required=True)
    former_ids = fields.List(fields.String(), load_default=list)
