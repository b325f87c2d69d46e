"""The shapes of what a ledger is asked for with: the area, the list, a period, filters and the page."""

from marshmallow import Schema, fields, validate

from cases.case import Tag
from cases.ledger.lists import List
from cases.listing_schemas import AREA, after
from cases.schemas import CATEGORY, ID, one_of
from cases.showing.listing import PRIORITY
from chassis.schema import Instant

MOST_LINES = 200
"""Lines in a page, for those who read a whole list."""

MOST_GRIDS = 1_000
"""Grids that are counted at once."""


class LedgerFiltersSchema(Schema):
    """Which lines a list holds."""

    category = fields.String(validate=CATEGORY)
    compound_id = fields.String(validate=ID)
    tag = one_of(Tag)
    unit_id = fields.String(validate=ID)
    unassigned = fields.Boolean()
    overdue = fields.Boolean()
    order = one_of([PRIORITY])


class LedgerSchema(Schema):
    """One list of an area: `after` is the `next` of the page before."""

    area = fields.String(required=True, validate=AREA)
    list = one_of(List, load_default=List.PROBLEM)
    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
    filters = fields.Nested(LedgerFiltersSchema, load_default=dict)
    after = after()
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, MOST_LINES))


class GridCountsSchema(Schema):
    """Some grids and a period; what is about a unit is left out for its own people."""

    grids = fields.List(fields.String(validate=AREA), required=True, validate=validate.Length(1, MOST_GRIDS))
    since = Instant(required=True)
    until = Instant(required=True)
    not_of = fields.String(load_default=None, allow_none=True, validate=ID)
