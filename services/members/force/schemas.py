"""The shape of a question about the force of an area."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day
from members.policies.span import PATTERN
from members.schemas import AREA as DISTRICT_AREA

AREA = validate.Regexp(
    r"\d{2}(\d{2})?\Z|\d{6}(\d{3}){0,3}\Z", error="Not a grid code of 15 digits, or its first 2, 4, 6, 9 or 12."
)


class ForceSchema(Schema):
    """Which area, and as of the end of which local day (now unless given)."""

    area = fields.String(required=True, validate=AREA)
    as_of = Day(load_default=None, allow_none=True)


QUARTER = validate.And(validate.Regexp(PATTERN), validate.Length(equal=len("2026Q1")), validate.ContainsNoneOf("H"))


class EffortSchema(Schema):
    """Which area within a district, and which two quarters."""

    area = fields.String(required=True, validate=DISTRICT_AREA)
    quarter = fields.String(required=True, validate=QUARTER)
    against = fields.String(required=True, validate=QUARTER)
