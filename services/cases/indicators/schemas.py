"""The shapes of what indicators are asked for with: area, days, what is told apart, and a page of cases."""

from marshmallow import Schema, fields, validate

from cases.indicators.ranking import RANKED_BY
from cases.indicators.rates import COMPOSITE, RATES, SHOWN
from cases.indicators.selection import By
from cases.listing_schemas import after
from cases.schemas import CATEGORY, ID, one_of
from chassis.schema import Day

MOST_LINES = 200
"""Cases in a page, for those who read a whole list."""

AREA = validate.Regexp(
    r"[0-9]{2}([0-9]{2})?([0-9]{2}([0-9]{3}){0,3})?\Z",
    error="Not a grid code of 15 digits, or its first 2, 4, 6, 9 or 12.",
)


class SelectionSchema(Schema):
    """Which cases count; days are local, and both are included."""

    area = fields.String(required=True, validate=AREA)
    first = Day(data_key="from", load_default=None, allow_none=True)
    last = Day(data_key="to", load_default=None, allow_none=True)
    unit_id = fields.String(load_default=None, allow_none=True, validate=ID)
    category = fields.String(load_default=None, allow_none=True, validate=CATEGORY)


class IndicatorsSchema(SelectionSchema):
    """And by what they are told apart."""

    by = one_of(By, load_default=None, allow_none=True)


class IndicatorRankingSchema(SelectionSchema):
    """What is ranked, and by which rate."""

    by = one_of(RANKED_BY, required=True)
    rate = one_of(RATES, load_default=COMPOSITE)


class IndicatorCasesSchema(SelectionSchema):
    """A page of the cases of one number: `after` is the `next` of the page before."""

    count = one_of(SHOWN, required=True)
    after = after()
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, MOST_LINES))
