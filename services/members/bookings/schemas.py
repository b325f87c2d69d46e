"""The shapes of what venues are booked with, and of what bookings are asked for."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day, Instant
from members.schemas import NAME, SHORT, WithoutNumbers
from members.venues.venue import MOST_CAPACITY

MOST_IN_PAGE = 200


class BookingSchema(Schema):
    """Which venue from when until when, for how many and what for."""

    venue_id = fields.String(required=True, validate=SHORT)
    begins = Instant(required=True)
    ends = Instant(required=True)
    heads = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_CAPACITY))
    purpose = WithoutNumbers(required=True, validate=NAME)


class BookingIdSchema(Schema):
    """Which booking."""

    booking_id = fields.String(required=True, validate=SHORT)


class FreeSlotsSchema(Schema):
    """Which venue, on which local day; today unless given."""

    venue_id = fields.String(required=True, validate=SHORT)
    day = Day(load_default=None, allow_none=True)


class BookingPageSchema(FreeSlotsSchema):
    """The bookings of a venue from a day on: `after` is the `next` of the page before."""

    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
