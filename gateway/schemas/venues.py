"""Venues: how rest stations and civic practice stations are registered, changed and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Point
from gateway.schemas.cases import Location
from gateway.schemas.fields import Strict, day, day_time, id_, ids, one_of, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import AREA, Receipt, Spanned

KINDS = ("rest_station", "practice_station")
FACILITIES = (
    "water",
    "power",
    "microwave",
    "toilet",
    "charging",
    "first_aid",
    "aircon",
    "wifi",
    "reading",
    "stage",
    "classroom",
    "accessible",
)
MOST_SPANS = 50
MOST_CAPACITY = 10_000


class Opening(Strict):
    """A weekly span of local time: Monday is 0; 00:00 as the end is midnight."""

    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(0, 6))
    start = day_time(required=True)
    end = day_time(required=True)


class VenueChange(Strict):
    """What is told anew of a venue; null takes it off."""

    name = word(100)
    hours = fields.List(fields.Nested(Opening), validate=validate.Length(max=MOST_SPANS))
    facilities = ids(len(FACILITIES), metadata={"description": f"Of these: {', '.join(FACILITIES)}."})
    capacity = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(1, MOST_CAPACITY),
        metadata={"description": "How many people have room."},
    )
    manager_unit_id = id_(allow_none=True)


class NewVenue(VenueChange):
    """A venue: it stands where it is registered, and one that moves is closed and registered anew."""

    name = word(100, required=True)
    kind = one_of(*KINDS, required=True)
    grid_code = id_(required=True)
    location = fields.Nested(Location, required=True)
    since = day(required=True)


class VenueQuery(PageQuery):
    """Which venues: of an area, of a kind, with something in them; those there on a day, today unless given."""

    area = id_(metadata=AREA)
    kind = one_of(*KINDS)
    facility = one_of(*FACILITIES)
    as_of = day()


class VenueReceipt(Receipt):
    """The venue that was registered, changed or closed."""

    venue_id = fields.String(required=True)


class VenueLine(Spanned):
    """A venue."""

    venue_id = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    grid_code = fields.String(required=True)
    location = fields.Nested(Point, required=True)
    hours = fields.List(fields.Nested(Opening), required=True)
    facilities = fields.List(fields.String(), required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    manager_unit_id = fields.String(required=True, allow_none=True)


class VenueView(VenueLine):
    """One venue."""

    version = fields.Integer(required=True)


class VenueList(Schema):
    """A page of venues, by grid."""

    items = fields.List(fields.Nested(VenueLine), required=True)
    next = next_cursor()
