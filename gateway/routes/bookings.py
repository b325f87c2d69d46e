"""Bookings of venues: one at a time, within the opening hours."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.bookings import (
    BookingList,
    BookingQuery,
    BookingReceipt,
    BookingView,
    FreeSlots,
    FreeSlotsQuery,
    NewBooking,
)

TALK = {
    "begins": "2026-04-02T09:00:00+08:00",
    "ends": "2026-04-02T11:30:00+08:00",
    "heads": 40,
    "purpose": "反诈宣讲",
}

routes = Operations("bookings", "Who has a venue when.")


@routes.does(
    "/venues/<venue_id>/bookings", BookingReceipt, status=201, takes=NewBooking(), examples=TALK, errors=(404, 409)
)
def book_venue(body: dict[str, Any], venue_id: str) -> Response:
    """Book a venue for up to a day; everything that is wrong is named at once.

    Where it is taken at that time, the refusal says when it is `free` on that day.
    """
    receipt = ask().members.book_venue(**command(), venue_id=venue_id, **body)
    return answer(receipt, 201, {"Location": url_for("bookings.booking", booking_id=receipt["booking_id"])})


@routes.reads("/venues/<venue_id>/bookings", BookingList, query=BookingQuery)
def bookings(query: dict[str, Any], venue_id: str) -> Response:
    """The bookings of a venue that stand, from a day on."""
    found = ask().members.bookings(
        caller=identity().caller, venue_id=venue_id, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/venues/<venue_id>/free-slots", FreeSlots, query=FreeSlotsQuery)
def free_slots(query: dict[str, Any], venue_id: str) -> Response:
    """When a venue can still be booked on a day: within its hours, and not what is taken."""
    return readable(ask().members.free_slots(caller=identity().caller, venue_id=venue_id, **query))


@routes.reads("/bookings/<booking_id>", BookingView)
def booking(booking_id: str) -> Response:
    """One booking."""
    return readable(ask().members.booking(caller=identity().caller, booking_id=booking_id))


@routes.does("/bookings/<booking_id>/cancel", BookingReceipt, errors=(409,))
def cancel_booking(booking_id: str) -> Response:
    """Give the venue back; the booking of an activity ends with the activity alone."""
    return answer(ask().members.cancel_booking(**command(), booking_id=booking_id))
