"""Bookings in the database: an index lets no two that stand hold the same slot of a venue."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document, StaleVersion
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records, Writing, carried_out
from members.area import tenant_of
from members.bookings.booking import BOOKED, LONGEST, Booking, shown, slots
from members.venues.hours import Span

BY_TIME = (("begins", ASCENDING), ("_id", ASCENDING))
STANDS = {"stands": True}
TOLD = ("venue_id", "begins", "ends", "heads", "activity_id", "series_id")
"""What the history keeps of a booking; what it is for may be anybody's words."""


class BookingStore:
    """Keeps bookings; nobody else hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "bookings": [
            COMMANDS,
            IndexModel(
                [("venue_id", ASCENDING), ("slots", ASCENDING)],
                name="one_at_a_time",
                unique=True,
                partialFilterExpression=STANDS,
            ),
            IndexModel([("venue_id", ASCENDING), ("stands", ASCENDING), *BY_TIME], name="venue_time"),
            IndexModel([("activity_id", ASCENDING)], name="activity"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("bookings", subject="booking", published=())
        self.records: Records[Booking] = Records(outbox, _written, _read, lambda: Refusal("booking_not_found"))

    def make(self, asked: Asked, booking: Booking, venue: Writing, role: str) -> Answer:
        """Keep a booking of its own while its `venue` is unchanged; raises chassis' StaleVersion when somebody was
        faster, so that it is looked anew.

        Refuses `command_id_reused`.
        """
        try:
            return self.records.carry_out(asked, [self.records.opening(asked, told(booking, BOOKED, role)), venue])
        except DuplicateKeyError:
            raise StaleVersion(booking.venue_id) from None

    def taken(self, venue_id: str, during: Span, besides: Collection[str] = ()) -> list[Span]:
        """When the venue is taken in that span, in order; the bookings of the activities `besides` do not count."""
        begins, ends = during
        near = {"begins": {"$gt": begins - LONGEST, "$lt": ends}, "ends": {"$gt": begins}}
        others = {"activity_id": {"$nin": sorted(besides)}} if besides else {}
        query = {"venue_id": venue_id, **STANDS, **near, **others}
        return [(kept.item.begins, kept.item.ends) for kept in self.records.find(query, BY_TIME)]

    def written_unless(
        self, writing: Writing, venue_id: str, at: datetime, check: Callable[[list[Booking]], None]
    ) -> Answer:
        """Write something of the venue, unless `check` refuses the bookings that stand and are not over at that moment,
        those among them that others make at the same time; what it answers.
        """
        query = {"venue_id": venue_id, **STANDS, "begins": {"$gt": at - LONGEST}, "ends": {"$gt": at}}

        def look(session: ClientSession) -> None:
            check([kept.item for kept in self.records.find(query, BY_TIME, session=session)])

        return carried_out([writing], look)[0]

    def of_activities(self, ids: Iterable[str]) -> dict[str, Kept[Booking]]:
        """The bookings that stand for these activities, each by the activity's id."""
        found = self.records.find({"activity_id": {"$in": sorted(ids)}, **STANDS})
        return {kept.item.activity_id: kept for kept in found if kept.item.activity_id}

    def page(self, venue_id: str, since: datetime, after: After | None, limit: int) -> list[Booking]:
        """The bookings of a venue that stand and begin from then on, in order, after the position."""
        query: Document = {"venue_id": venue_id, **STANDS, "begins": {"$gte": since}}
        query |= following("begins", ASCENDING, after)
        return [kept.item for kept in self.records.find(query, BY_TIME, limit)]

    def one(self, id: str, tenants: Iterable[str]) -> Kept[Booking]:
        """The booking, if its venue lies in one of the districts; refuses `booking_not_found`."""
        return self.records.load(id, tenants)


def told(booking: Booking, type: str, role: str) -> Outcome[Booking]:
    """What a command makes of a booking."""
    facts = shown(booking)
    return Outcome(booking, type, {name: facts[name] for name in TOLD}, role)


def _written(booking: Booking) -> Document:
    fields = {name: value for name, value in vars(booking).items() if name != "id"}
    return {
        "_id": booking.id,
        "tenant": tenant_of(booking.grid_code),
        **fields,
        "stands": booking.stands,
        "slots": list(slots(booking.begins, booking.ends)),
    }


def _read(found: Mapping[str, Any]) -> Booking:
    names = (
        "venue_id",
        "grid_code",
        "begins",
        "ends",
        "heads",
        "booked_by",
        "purpose",
        "activity_id",
        "cancelled_at",
    )
    return Booking(id=found["_id"], series_id=found.get("series_id"), **{name: found[name] for name in names})
