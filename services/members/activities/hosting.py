"""The venue of an activity: it is booked, moved and given back with the activity, and never without it (F50)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chassis.command import Asked
from chassis.fault import Fault
from chassis.ids import new_id
from chassis.records import Kept, Writing
from members.activities.activity import Activity, State
from members.bookings.booking import BOOKED, CANCELLED, MOVED, Booking
from members.bookings.booking import faults as faults_of_booking
from members.bookings.reserving import Reserving
from members.bookings.store import BookingStore, told
from members.venues.hours import DAY, midnight
from members.venues.store import VenueStore
from members.venues.venue import Venue

POINTERS = {"/heads": "/capacity"}
"""What stands elsewhere in an activity than in a booking."""

SAID_OF_TIMES = frozenset({"not_on_five_minutes", "ends_before_it_begins", "begins_in_the_past"})
"""What is told of an activity's times anyway."""

SAID_OF_ACTIVITIES = SAID_OF_TIMES | {"venue_closed_then", "too_far_ahead"}
"""What is told of an activity's times and venue anyway."""

SAID_OF_SERIES = SAID_OF_TIMES | {"too_far_ahead"}
"""What need not be told of a day of a series: it is held from the beginning on, however far ahead (our decision)."""

OF_ITS_DAY = frozenset({"venue_taken", "venue_closed_then"})
"""What differs from day to day of a series, and is told of each; the rest is alike for all of them."""


@dataclass(frozen=True)
class Hosting:
    """Prepares what is written of venues together with activities."""

    bookings: BookingStore
    venues: VenueStore

    def faults(self, asked: Asked, activity: Activity, venue: Venue | None) -> list[Fault]:
        """What stands against having the activity in its venue: its hours, its room, and who has it already."""
        if venue is None:
            return []
        wanted = _booking(activity, venue)
        found = Reserving(self.bookings, self.venues).faults(wanted, venue, asked.now)
        return [_placed(each) for each in found if each.code not in SAID_OF_ACTIVITIES]

    def faults_of_days(self, asked: Asked, days: Sequence[Activity]) -> list[Fault]:
        """The same of the days of a series, told with the day; those that keep the booking that they have are fine."""
        wanted = list(self._wanted(days))
        found = [
            (activity, each)
            for venue in {venue.id: venue for _, venue in wanted}.values()
            for activity, each in self._against(asked, venue, [one for one, at in wanted if at.id == venue.id], days)
        ]
        firsts = {each.code: each for _, each in reversed(found)}
        return [
            replace(_placed(each), details={"day": activity.day.isoformat(), **each.details})
            for activity, each in found
            if each.code in OF_ITS_DAY or each is firsts[each.code]
        ]

    def writings(self, asked: Asked, activities: Sequence[Activity], role: str) -> list[Writing]:
        """What becomes of the bookings with the activities as they are from now on."""
        kept, venues = self.bookings.of_activities(each.id for each in activities), self._venues(activities)
        found, had = list[Writing](), dict[str, Kept[Venue]]()
        for each in activities:
            venue, booking = venues.get(each.venue_id or ""), kept.get(each.id)
            if each.state is State.CANCELLED or venue is None:
                found += self._given_back(asked, booking, role)
            elif writings := self._taken(asked, booking, each, venue.item, role):
                found += writings
                had[venue.id] = venue
        # A venue that is being closed is not booked meanwhile.
        return [*found, *map(self.venues.records.unchanged, had.values())]

    def _wanted(self, days: Sequence[Activity]) -> Iterator[tuple[Activity, Venue]]:
        """The days that need a booking that they do not have yet, each with its venue."""
        kept, venues = self.bookings.of_activities(each.id for each in days), self._venues(days)
        for each in days:
            venue, had = venues.get(each.venue_id or ""), kept.get(each.id)
            if venue is None or each.state is State.CANCELLED:
                continue
            if had is None or had.item.venue_id != venue.id or _moved_to(had.item, each) != had.item:
                yield each, venue.item

    def _against(
        self, asked: Asked, venue: Venue, those: Sequence[Activity], days: Iterable[Activity]
    ) -> Iterator[tuple[Activity, Fault]]:
        during = midnight(min(each.day for each in those)), midnight(max(each.day for each in those) + DAY)
        taken = self.bookings.taken(venue.id, during, [each.id for each in days])
        for each in those:
            since, until = midnight(each.day), midnight(each.day + DAY)
            near = [span for span in taken if span[0] < until and since < span[1]]
            for fault in faults_of_booking(_booking(each, venue), venue, asked.now, near):
                if fault.code not in SAID_OF_SERIES:
                    yield each, fault

    def _venues(self, activities: Iterable[Activity]) -> Mapping[str, Kept[Venue]]:
        """The venues of activities of one district."""
        wanted = {each.venue_id: each.tenant for each in activities if each.venue_id}
        query = {"_id": {"$in": sorted(wanted)}, "tenant": {"$in": sorted(set(wanted.values()))}}
        return {kept.id: kept for kept in self.venues.records.find(query)} if wanted else {}

    def _taken(
        self, asked: Asked, kept: Kept[Booking] | None, activity: Activity, venue: Venue, role: str
    ) -> list[Writing]:
        """What books the venue for the activity, or moves the booking that it has; nothing where that is as it was."""
        if kept is None or kept.item.venue_id != venue.id:
            wanted = told(_booking(activity, venue), BOOKED, role)
            return [*self._given_back(asked, kept, role), self.bookings.records.opening(asked, wanted, along=True)]
        after = _moved_to(kept.item, activity)
        if after == kept.item:
            return []
        return [self.bookings.records.changing(asked, kept, told(after, MOVED, role), along=True)]

    def _given_back(self, asked: Asked, kept: Kept[Booking] | None, role: str) -> list[Writing]:
        if kept is None:
            return []
        gone = replace(kept.item, cancelled_at=asked.now)
        return [self.bookings.records.changing(asked, kept, told(gone, CANCELLED, role), along=True)]


def _placed(fault: Fault) -> Fault:
    return replace(fault, pointer=POINTERS.get(fault.pointer, fault.pointer))


def _moved_to(booking: Booking, activity: Activity) -> Booking:
    return replace(booking, begins=activity.begins, ends=activity.ends, heads=_heads(activity))


def _booking(activity: Activity, venue: Venue) -> Booking:
    return Booking(
        id=new_id(),
        venue_id=venue.id,
        grid_code=venue.grid_code,
        begins=activity.begins,
        ends=activity.ends,
        heads=_heads(activity),
        booked_by=activity.organiser_id,
        activity_id=activity.id,
        series_id=activity.series_id,
    )


def _heads(activity: Activity) -> int:
    """How many it is booked for; of an activity that takes as many as come nobody knows."""
    return activity.capacity or 1
