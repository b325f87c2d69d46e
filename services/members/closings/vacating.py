"""Closing a venue: refused, with all that is booked in it from that day on, until it is free."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from chassis.errors import Refusal
from chassis.fault import Fault
from members.bookings.booking import Booking

MOST_NAMED = 20
"""So many of each kind are named; all of them are counted."""

FAULTS: Mapping[str, Fault] = {
    "bookings": Fault("", "venue_holds_bookings"),
    "activities": Fault("", "venue_holds_activities"),
    "series": Fault("", "venue_holds_series"),
}
"""What may have a venue, and what is told of it; the words of the code say what to do."""


def having(bookings: Iterable[Booking], published: Collection[str]) -> dict[str, Sequence[str]]:
    """The ids of what has the venue, by kind: bookings of their own, activities, and series of which a day is still to
    be published; `published` are the ids of activities that there are.
    """
    standing = list(bookings)
    booked = [each for each in standing if each.activity_id not in published]
    return {
        "bookings": [each.id for each in booked if each.series_id is None],
        "activities": [each.activity_id for each in standing if each.activity_id in published and each.activity_id],
        "series": sorted({each.series_id for each in booked if each.series_id}),
    }


def check_free(having: Mapping[str, Sequence[str]]) -> None:
    """Refuses `venue_in_use` with each kind of what has the venue, how many and the first of their ids."""
    found = [
        replace(FAULTS[kind], details={"count": len(ids), "ids": list(ids[:MOST_NAMED])})
        for kind, ids in having.items()
        if ids
    ]
    if found:
        raise Refusal("venue_in_use", errors=[each.dump() for each in found])
