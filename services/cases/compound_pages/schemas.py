"""The shape of what a compound's page is asked for with."""

from marshmallow import Schema, fields

from cases.schemas import ID


class CompoundSchema(Schema):
    """Which compound."""

    compound_id = fields.String(required=True, validate=ID)
