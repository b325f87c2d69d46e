"""The shape of a merge."""

from marshmallow import Schema, fields

from members.schemas import SHORT


class MergeSchema(Schema):
    """Whom the entry turned out to be."""

    into = fields.String(required=True, validate=SHORT)
