"""The shape of what a trend is asked for with."""

from marshmallow import Schema, fields, validate

from cases.listing_schemas import AREA
from cases.trend.quarter import PATTERN

QUARTER = validate.Regexp(PATTERN, error="Not a quarter like 2026Q1.")


class TrendSchema(Schema):
    """An area and two quarters."""

    area = fields.String(required=True, validate=AREA)
    quarter = fields.String(validate=QUARTER)
    against = fields.String(validate=QUARTER)
