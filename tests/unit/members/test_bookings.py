"""What is wrong with a booking, and when a venue is free (F50)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from members.bookings.booking import Booking, cancelled, faults, free, slots
from members.people.person import LOCAL
from members.venues.hours import open_until, opening
from members.venues.venue import Opening, Venue

THURSDAY = date(2026, 4, 2)
NOW = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
DAYTIME = tuple(Opening(day, time(9), time(18)) for day in range(7))
HALL = Venue("v-1", "x", "practice_station", "360704100007001", (115.0, 25.8), date(2025, 7, 1), DAYTIME, capacity=60)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=LOCAL)


NINE, TEN = at(9), at(10)


def booking(begins: datetime = NINE, ends: datetime = TEN, heads: int = 60) -> Booking:
    return Booking("b-1", HALL.id, HALL.grid_code, begins, ends, heads, "p-1")


def codes(wanted: Booking, venue: Venue = HALL, now: datetime = NOW) -> set[tuple[str, str]]:
    return {(each.pointer, each.code) for each in faults(wanted, venue, now, ())}


def test_a_booking_within_the_hours_is_right() -> None:
    assert faults(booking(), HALL, NOW, [(at(8), at(9)), (at(10), at(11))]) == []


@pytest.mark.parametrize(
    ("wanted", "venue", "found"),
    [
        (booking(at(9, 3), at(10, 4)), HALL, {("/begins", "not_on_five_minutes"), ("/ends", "not_on_five_minutes")}),
        (booking(at(10), at(10)), HALL, {("/ends", "ends_before_it_begins")}),
        (booking(at(9), at(10, day=3)), HALL, {("/ends", "longer_than_a_day")}),
        (
            booking(at(9, day=2) - timedelta(days=7), at(9, day=2) - timedelta(days=6, hours=23)),
            HALL,
            {("/begins", "begins_in_the_past")},
        ),
        (booking(at(9) + timedelta(days=400), at(10) + timedelta(days=400)), HALL, {("/begins", "too_far_ahead")}),
        (booking(at(8), at(10)), HALL, {("/begins", "outside_opening_hours")}),
        (booking(at(17), at(18, 5)), HALL, {("/begins", "outside_opening_hours")}),
        (booking(), replace(HALL, hours=()), {("/begins", "outside_opening_hours")}),
        (booking(), replace(HALL, until=THURSDAY), {("/begins", "venue_closed_then")}),
        (booking(heads=61), HALL, {("/heads", "more_than_its_capacity")}),
        (booking(heads=61), replace(HALL, capacity=None), set()),
        (
            booking(at(7, 1), at(8), 61),
            HALL,
            {
                ("/begins", "not_on_five_minutes"),
                ("/begins", "outside_opening_hours"),
                ("/heads", "more_than_its_capacity"),
            },
        ),
    ],
)
def test_each_fault_has_its_own_code_and_all_are_named_at_once(
    wanted: Booking, venue: Venue, found: set[tuple[str, str]]
) -> None:
    assert codes(wanted, venue) == found


def test_an_overlap_is_refused_with_what_is_free_on_that_day() -> None:
    """F50: the second of two that overlap is told when the venue is free within its hours."""
    [fault] = faults(booking(at(9, 30), at(11)), HALL, NOW, [(at(9), at(10)), (at(13), at(14))])
    assert (fault.pointer, fault.code) == ("/begins", "venue_taken")
    assert fault.details["free"] == [
        {"begins": "2026-04-02T02:00:00Z", "ends": "2026-04-02T05:00:00Z"},
        {"begins": "2026-04-02T06:00:00Z", "ends": "2026-04-02T10:00:00Z"},
    ]


def test_a_venue_open_over_midnight_can_be_booked_over_midnight() -> None:
    always = replace(HALL, hours=tuple(Opening(day, time(), time()) for day in range(7)))
    assert codes(booking(at(22), at(2, day=3)), always) == set()
    assert codes(booking(at(22), at(22, day=3)), always) == set()


def test_what_is_past_is_not_free() -> None:
    assert free(HALL, THURSDAY, at(11, 2), ()) == [(at(11, 5), at(18))]
    assert free(HALL, THURSDAY, at(18), ()) == []
    assert free(replace(HALL, until=THURSDAY), THURSDAY, NOW, ()) == []


def test_a_booking_is_cancelled_once_and_not_afterwards() -> None:
    gone = cancelled(booking(), NOW)
    assert not gone.stands
    for one, now, code in ((gone, NOW, "booking_cancelled"), (booking(), at(10), "booking_over")):
        with pytest.raises(Refusal) as refused:
            cancelled(one, now)
        assert refused.value.code == code


def test_a_venue_is_open_from_its_first_minute_until_before_its_last() -> None:
    assert open_until(DAYTIME, at(9)) == at(18)
    assert open_until(DAYTIME, at(18)) is None
    assert open_until((), at(12)) is None


MARKS = st.integers(min_value=9 * 12, max_value=18 * 12)
SPANS = st.lists(st.tuples(MARKS, MARKS).filter(lambda pair: pair[0] < pair[1]), max_size=6)


def mark(number: int) -> datetime:
    return at(0) + number * timedelta(minutes=5)


@given(SPANS)
def test_free_and_taken_are_all_of_the_hours_and_have_no_slot_in_common(taken: list[tuple[int, int]]) -> None:
    held = {slot for begins, ends in taken for slot in slots(mark(begins), mark(ends))}
    open_slots = {slot for span in opening(DAYTIME, THURSDAY, THURSDAY) for slot in slots(*span)}
    left = [slot for span in free(HALL, THURSDAY, NOW, [(mark(a), mark(b)) for a, b in taken]) for slot in slots(*span)]
    assert sorted(left) == sorted(open_slots - held)
