"""A booking of a venue: from when until when, for how many, and what is wrong with one (F50)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault
from chassis.instant import written
from members.people.person import LOCAL
from members.venues.hours import DAY, Span, midnight, opening
from members.venues.venue import Venue

BOOKED, MOVED, CANCELLED = "booking.made", "booking.moved", "booking.cancelled"

SLOT = timedelta(minutes=5)
"""What begins or ends does so at such a mark of the clock (our decision)."""

LONGEST = timedelta(days=1)

FURTHEST = timedelta(days=366)
"""How far ahead a venue can be booked."""


@dataclass(frozen=True)
class Booking:
    """A venue for so many people from one instant, included, until another, excluded.

    `activity_id` is the activity that takes place there; without one it stands for itself, and `purpose` says what for.
    Of a day of a series, which may be published much later, `series_id` says which.
    """

    id: str
    venue_id: str
    grid_code: str
    begins: datetime
    ends: datetime
    heads: int
    booked_by: str
    purpose: str = ""
    activity_id: str | None = None
    series_id: str | None = None
    cancelled_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether the venue is kept free for it."""
        return self.cancelled_at is None


def slots(begins: datetime, ends: datetime) -> tuple[datetime, ...]:
    """The marks of the clock that a span holds: of two spans that overlap, both hold one of them."""
    return tuple(begins + n * SLOT for n in range((ends - begins) // SLOT))


def faults(booking: Booking, venue: Venue, now: datetime, taken: Iterable[Span]) -> list[Fault]:
    """Everything that is wrong with a new booking; `taken` are the spans of others on its days."""
    return [*_times(booking, now), *_room(booking, venue), *_place(booking, venue, now, list(taken))]


def _times(booking: Booking, now: datetime) -> Iterator[Fault]:
    begins, ends = booking.begins, booking.ends
    for pointer, at in (("/begins", begins), ("/ends", ends)):
        if _off_the_mark(at):
            yield Fault(pointer, "not_on_five_minutes")
    if ends <= begins:
        yield Fault("/ends", "ends_before_it_begins")
    elif ends - begins > LONGEST:
        yield Fault("/ends", "longer_than_a_day")
    if begins < now:
        yield Fault("/begins", "begins_in_the_past")
    elif begins - now > FURTHEST:
        yield Fault("/begins", "too_far_ahead", {"days": FURTHEST.days})


def _off_the_mark(at: datetime) -> bool:
    return bool(at.microsecond or at.second or timedelta(minutes=at.minute) % SLOT)


def _room(booking: Booking, venue: Venue) -> Iterator[Fault]:
    if venue.capacity is not None and booking.heads > venue.capacity:
        yield Fault("/heads", "more_than_its_capacity", {"capacity": venue.capacity})


def _place(booking: Booking, venue: Venue, now: datetime, taken: list[Span]) -> Iterator[Fault]:
    if not timedelta() < booking.ends - booking.begins <= LONGEST:
        return
    first, last = _local(booking.begins), _local(booking.ends - SLOT)
    if not (venue.open_on(first) and venue.open_on(last)):
        yield Fault("/begins", "venue_closed_then")
        return
    if not any(since <= booking.begins and booking.ends <= until for since, until in opening(venue.hours, first, last)):
        yield Fault("/begins", "outside_opening_hours", {"open": shown_spans(opening(venue.hours, first, first))})
    if any(booking.begins < until and since < booking.ends for since, until in taken):
        yield Fault("/begins", "venue_taken", {"free": shown_spans(free(venue, first, now, taken))})


def free(venue: Venue, day: date, now: datetime, taken: Iterable[Span]) -> list[Span]:
    """When the venue can still be booked on the local day: within its hours, not before now, and not what is taken."""
    if not venue.open_on(day):
        return []
    since = _next_mark(now)
    spans = [(max(begins, since), ends) for begins, ends in opening(venue.hours, day, day)]
    for begins, ends in taken:
        spans = [part for span in spans for part in ((span[0], min(span[1], begins)), (max(span[0], ends), span[1]))]
        spans = [part for part in dict.fromkeys(spans) if part[0] < part[1]]
    return [span for span in spans if span[0] < span[1]]


def span_of(day: date) -> Span:
    """The local day."""
    return midnight(day), midnight(day + DAY)


def cancelled(booking: Booking, now: datetime) -> Booking:
    """The booking when the venue is free again; refuses `booking_cancelled` and `booking_over`."""
    if not booking.stands:
        raise Refusal("booking_cancelled")
    if booking.ends <= now:
        raise Refusal("booking_over")
    return replace(booking, cancelled_at=now)


def shown(booking: Booking) -> dict[str, Any]:
    """The booking as who may book sees it."""
    return {
        "booking_id": booking.id,
        "venue_id": booking.venue_id,
        "begins": written(booking.begins),
        "ends": written(booking.ends),
        "heads": booking.heads,
        "purpose": booking.purpose,
        "activity_id": booking.activity_id,
        "series_id": booking.series_id,
        "booked_by": booking.booked_by,
        "state": "booked" if booking.stands else "cancelled",
    }


def shown_spans(spans: Iterable[Span]) -> list[Mapping[str, str]]:
    """Spans of time as they are told."""
    return [{"begins": written(begins), "ends": written(ends)} for begins, ends in spans]


def _next_mark(at: datetime) -> datetime:
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % SLOT
    return at if not past else at - past + SLOT


def _local(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
