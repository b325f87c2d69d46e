"""The shapes of what mechanisms are entered and asked for with."""

from marshmallow import Schema, fields, validate

from cases.listing_schemas import AREA
from cases.schemas import ID, Label
from chassis.schema import Day, Instant

MOST_MECHANISMS = 50
NAME = validate.Length(min=1, max=50)


class MechanismSchema(Schema):
    """One mechanism: a new one, or with its id one that the list has."""

    mechanism_id = fields.String(validate=ID)
    name = Label(required=True, validate=NAME)
    valid_from = Day(allow_none=True)
    valid_to = Day(allow_none=True)


class EnterSchema(Schema):
    """The axis and all that is joined to it, in order."""

    axis = Label(load_default=None, allow_none=True, validate=NAME)
    mechanisms = fields.List(
        fields.Nested(MechanismSchema), required=True, validate=validate.Length(max=MOST_MECHANISMS)
    )


class AreaSchema(Schema):
    """Which area."""

    area = fields.String(required=True, validate=AREA)


class ReportSchema(AreaSchema):
    """Which area and period."""

    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
