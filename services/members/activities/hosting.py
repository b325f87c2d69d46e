"""The venue of an activity: it is booked, moved and given back with the activity, and never without it (F50)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chassis.command import Asked
from chassis.ids import new_id
from chassis.records import Kept, Writing
from members.activities.activity import Activity, State
from members.bookings.booking import BOOKED, CANCELLED, MOVED, Booking
from members.bookings.reserving import Reserving
from members.bookings.store import BookingStore, told
from members.fault import Fault
from members.venues.store import VenueStore
from members.venues.venue import Venue

POINTERS = {"/heads": "/capacity"}
"""What stands elsewhere in an activity than in a booking."""

SAID_OF_ACTIVITIES = frozenset(
    {"not_on_five_minutes", "ends_before_it_begins", "begins_in_the_past", "venue_closed_then"}
)
"""What is told of an activity's times and venue anyway."""


@dataclass(frozen=True)
class Hosting:
    """Prepares what is written of a venue together with an activity."""

    bookings: BookingStore
    venues: VenueStore

    def faults(self, asked: Asked, activity: Activity, venue: Venue | None) -> list[Fault]:
        """What stands against having the activity in its venue: its hours, its room, and who has it already."""
        if venue is None:
            return []
        wanted = _booking(asked, activity, venue.id, venue.grid_code)
        found = Reserving(self.bookings, self.venues).faults(wanted, venue, asked.now)
        return [
            replace(each, pointer=POINTERS.get(each.pointer, each.pointer))
            for each in found
            if each.code not in SAID_OF_ACTIVITIES
        ]

    def writings(self, asked: Asked, activity: Activity, venue: Venue | None, role: str) -> list[Writing]:
        """What becomes of the booking with the activity as it is from now on."""
        return list(self._writings(asked, activity, venue, role))

    def _writings(self, asked: Asked, activity: Activity, venue: Venue | None, role: str) -> Iterator[Writing]:
        kept = self.bookings.of_activity(activity.id)
        if activity.state is State.CANCELLED or venue is None:
            yield from self._given_back(asked, kept, role)
            return
        if kept is not None and kept.item.venue_id == venue.id:
            yield from self._moved(asked, kept, activity, role)
            return
        yield from self._given_back(asked, kept, role)
        wanted = _booking(asked, activity, venue.id, venue.grid_code)
        yield self.bookings.records.opening(asked, told(wanted, BOOKED, role), along=True)

    def _given_back(self, asked: Asked, kept: Kept[Booking] | None, role: str) -> Iterator[Writing]:
        if kept is not None:
            gone = replace(kept.item, cancelled_at=asked.now)
            yield self.bookings.records.changing(asked, kept, told(gone, CANCELLED, role), along=True)

    def _moved(self, asked: Asked, kept: Kept[Booking], activity: Activity, role: str) -> Iterator[Writing]:
        after = replace(kept.item, begins=activity.begins, ends=activity.ends, heads=_heads(activity))
        if after != kept.item:
            yield self.bookings.records.changing(asked, kept, told(after, MOVED, role), along=True)


def _booking(asked: Asked, activity: Activity, venue_id: str, grid_code: str) -> Booking:
    return Booking(
        id=new_id(),
        venue_id=venue_id,
        grid_code=grid_code,
        begins=activity.begins,
        ends=activity.ends,
        heads=_heads(activity),
        booked_by=asked.caller.id,
        activity_id=activity.id,
    )


def _heads(activity: Activity) -> int:
    """How many it is booked for; of an activity that takes as many as come nobody knows."""
    return activity.capacity or 1
