"""How a venue is looked at before it is booked: what is wrong with a booking, against what stands there already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.fault import Fault
from chassis.records import Kept
from members.bookings.booking import LONGEST, Booking, faults, span_of
from members.bookings.store import BookingStore
from members.people.person import LOCAL
from members.venues.store import VenueStore
from members.venues.venue import Venue


@dataclass(frozen=True)
class Reserving:
    """Looks at venues for bookings of their own and for those that an activity brings along."""

    bookings: BookingStore
    venues: VenueStore

    def venue(self, id: str, tenants: Iterable[str]) -> Kept[Venue]:
        """The venue that is to be booked; refuses `venue_not_found`."""
        return self.venues.one(id, tenants)

    def faults(self, booking: Booking, venue: Venue, now: datetime) -> list[Fault]:
        """Everything that is wrong with the booking now, with pointers `/begins`, `/ends` and `/heads`.

        The activity's own earlier booking is in nobody's way.
        """
        since, until = span_of(booking.begins.astimezone(LOCAL).date())
        during = (since, max(until, min(booking.ends, booking.begins + LONGEST)))
        return faults(
            booking,
            venue,
            now,
            self.bookings.taken(venue.id, during, [booking.activity_id] if booking.activity_id else []),
        )
