"""Shapes of what other services send: the fields that matter here, and no others."""

from marshmallow import EXCLUDE, Schema, fields


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


class PersonSchema(Partial):
    """Whom an event of members is about, also under earlier ids."""

    person_id = fields.String(required=True)
    former_ids = fields.List(fields.String(), load_default=list)
