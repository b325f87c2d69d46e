"""Bookings of venues: how they are made and shown."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, day, instant, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import Receipt, shown_day
from gateway.schemas.venues import MOST_CAPACITY

FIVE = {"description": "At a mark of five minutes, such as 09:05."}


def heads(**options: Any) -> fields.Integer:
    """How many people come."""
    return fields.Integer(strict=True, validate=validate.Range(1, MOST_CAPACITY), **options)


class NewBooking(Strict):
    """From when until when, for how many, and what for; phones and identity numbers in it are masked."""

    begins = instant(required=True, metadata=FIVE)
    ends = instant(required=True, metadata=FIVE)
    heads = heads(required=True)
    purpose = word(100, required=True)


class BookingQuery(PageQuery):
    """From which local day on; today unless given."""

    day = day()


class FreeSlotsQuery(Strict):
    """On which local day; today unless given."""

    day = day()


class BookingReceipt(Receipt):
    """The booking that was made or cancelled."""

    booking_id = fields.String(required=True)


class TimeSpan(Schema):
    """A span of time; the end is excluded."""

    begins = shown_instant(required=True)
    ends = shown_instant(required=True)


class BookingLine(TimeSpan):
    """A booking."""

    booking_id = fields.String(required=True)
    venue_id = fields.String(required=True)
    heads = fields.Integer(required=True)
    purpose = fields.String(required=True)
    activity_id = fields.String(required=True, allow_none=True)
    series_id = fields.String(
        required=True, allow_none=True, metadata={"description": "Of a day of a series, also before it is published."}
    )
    booked_by = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("booked", "cancelled")))


class BookingView(BookingLine):
    """One booking."""

    version = fields.Integer(required=True)


class BookingList(Schema):
    """A page of bookings, in the order of time."""

    items = fields.List(fields.Nested(BookingLine), required=True)
    next = next_cursor()


class FreeSlots(Schema):
    """When a venue can be booked on a day."""

    venue_id = fields.String(required=True)
    day = shown_day(required=True)
    free = fields.List(fields.Nested(TimeSpan), required=True)
