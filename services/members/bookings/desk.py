"""The entrypoints of bookings: making and cancelling one, which there are, and when a venue is free (F50)."""

from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import check
from chassis.ids import new_id
from chassis.instant import written
from chassis.records import Outcome, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.bookings import booking as rules
from members.bookings.booking import CANCELLED, Booking, free, shown, shown_spans, span_of
from members.bookings.reserving import Reserving
from members.bookings.schemas import BookingIdSchema, BookingPageSchema, BookingSchema, FreeSlotsSchema
from members.bookings.store import BookingStore, told
from members.permission import permit, role_of, tenants
from members.posts.post import local_day
from members.venues.hours import midnight
from members.venues.store import VenueStore

Answer = dict[str, Any]

TRIES = 30
"""How often a booking is tried anew: all bookings of a venue write on it, so that it is not closed meanwhile."""


class BookingDesk(Desk):
    """Books venues: of two who want one at the same time, the second is told when it is free."""

    bookings_kept: BookingStore = Store(BookingStore)
    venues_kept: VenueStore

    @rpc
    def book_venue(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Book a venue: the receipt with `booking_id`.

        Refuses `venue_not_found`, `not_permitted`, and with everything that is wrong at once: `not_on_five_minutes`,
        `ends_before_it_begins`, `longer_than_a_day`, `begins_in_the_past`, `too_far_ahead`, `more_than_its_capacity`,
        `venue_closed_then`, `outside_opening_hours`, and `venue_taken` with the `free` spans of that day.
        """
        given, asked = load(BookingSchema(), body), self._asked(caller, command_id, body)
        return again_when_stale(lambda: self._book_once(asked, given), TRIES)

    def _book_once(self, asked: Asked, given: Answer) -> Answer:
        if answer := self.bookings_kept.records.answered(asked):
            return answer
        reserving = Reserving(self.bookings_kept, self.venues_kept)
        kept = reserving.venue(given["venue_id"], tenants(asked.caller))
        venue = kept.item
        permit(asked.caller, "book_venue", venue.grid_code)
        role = role_of(asked.caller, "book_venue", venue.grid_code)
        booking = Booking(new_id(), grid_code=venue.grid_code, booked_by=asked.caller.id, **given)
        check(reserving.faults(booking, venue, asked.now))
        return self.bookings_kept.make(asked, booking, self.venues_kept.records.unchanged(kept), role)

    @rpc
    def cancel_booking(self, caller: Answer, command_id: str, booking_id: str) -> Answer:
        """Give the venue back: the receipt; by who booked it, or who keeps the venue.

        Refuses `booking_not_found`, `not_permitted`, `booking_cancelled`, `booking_over`, and `booking_of_activity`
        where it ends with its activity alone.
        """
        id = load(BookingIdSchema(), {"booking_id": booking_id})["booking_id"]
        asked = self._asked(caller, command_id, {"booking_id": id})

        def decide(booking: Booking) -> Outcome[Booking]:
            if booking.activity_id is not None:
                raise Refusal("booking_of_activity", activity_id=booking.activity_id)
            act = "book_venue" if asked.caller.is_(booking.booked_by) else "keep_venue"
            permit(asked.caller, act, booking.grid_code)
            role = role_of(asked.caller, act, booking.grid_code)
            return told(rules.cancelled(booking, asked.now), CANCELLED, role)

        return self.bookings_kept.records.change(asked, id, tenants(asked.caller), decide)

    @rpc
    def booking(self, caller: Answer, booking_id: str) -> Answer:
        """One booking; refuses `booking_not_found` and `not_permitted`."""
        who, id = Caller.load(caller), load(BookingIdSchema(), {"booking_id": booking_id})["booking_id"]
        kept = self.bookings_kept.one(id, tenants(who))
        permit(who, "see_bookings", kept.item.grid_code)
        return {**shown(kept.item), "version": kept.version}

    @rpc
    def bookings(self, caller: Answer, **page: Any) -> Answer:
        """A page of the bookings of a venue that stand, from a day on: `{items, next}`."""
        who, asked = Caller.load(caller), load(BookingPageSchema(), page)
        venue = self.venues_kept.one(asked["venue_id"], tenants(who)).item
        permit(who, "see_bookings", venue.grid_code)
        since, limit = midnight(asked["day"] or local_day(self.clock.now())), asked["limit"]
        found = self.bookings_kept.page(venue.id, since, asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return {
            "items": [shown(each) for each in found[:limit]],
            "next": [written(last.begins), last.id] if last else None,
        }

    @rpc
    def free_slots(self, caller: Answer, **asked: Any) -> Answer:
        """When a venue can be booked on a day: `{venue_id, day, free}`; refuses `venue_not_found`."""
        who, wanted = Caller.load(caller), load(FreeSlotsSchema(), asked)
        venue = self.venues_kept.one(wanted["venue_id"], tenants(who)).item
        permit(who, "see_venues", venue.grid_code)
        now = self.clock.now()
        day = wanted["day"] or local_day(now)
        taken = self.bookings_kept.taken(venue.id, span_of(day))
        spans = free(venue, day, now, taken)
        return {"venue_id": venue.id, "day": day.isoformat(), "free": shown_spans(spans)}
