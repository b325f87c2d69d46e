"""The shapes of what buildings are registered and changed with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Instant
from members.schemas import NAME, SHORT

NUMBER = validate.And(validate.Length(min=1, max=20), validate.Regexp(r"\S(.*\S)?\Z", error="Blanks around it."))


class ChangeBuildingSchema(Schema):
    """What is told anew of a building; `to` is when it came down."""

    number = fields.String(validate=NUMBER)
    name = fields.String(validate=NAME, allow_none=True)
    households = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    entrances = fields.Integer(strict=True, validate=validate.Range(1, 200))
    closed = Instant(data_key="to", allow_none=True)


class BuildingSchema(ChangeBuildingSchema):
    """A building of a compound."""

    compound_id = fields.String(required=True, validate=SHORT)
    number = fields.String(required=True, validate=NUMBER)
    opened = Instant(data_key="from", load_default=None, allow_none=True)


class BuildingsSchema(Schema):
    """The buildings of which compound, at which moment."""

    compound_id = fields.String(required=True, validate=SHORT)
    at = Instant(load_default=None, allow_none=True)
