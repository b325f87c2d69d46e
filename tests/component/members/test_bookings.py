"""F50 on a real database: a venue is had by one at a time, however many ask for it at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle

HALL = {
    "name": "高新社区文明实践站",
    "kind": "practice_station",
    "grid_code": GRID,
    "location": {"lon": 115.0062, "lat": 25.8671},
    "hours": [{"weekday": 4, "start": "09:00", "end": "18:00"}],
    "capacity": 60,
    "since": "2026-03-01",
}
ALWAYS = [{"weekday": n, "start": "00:00", "end": "00:00"} for n in range(7)]
TALK = {"begins": "2026-03-13T09:00:00+08:00", "ends": "2026-03-13T11:00:00+08:00", "heads": 40, "purpose": "宣讲"}
WORKER = {"id": "p-other", "grants": [{"role": "community_worker", "scope": "360704100002002"}], "unit": None}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


@pytest.fixture
def hall(service: MembersService) -> str:
    return str(service.register_venue(caller=ADMIN, command_id="hall", **HALL)["venue_id"])


def book(service: MembersService, hall: str, key: str = "k", by: dict[str, Any] = WORKER, **changes: Any) -> str:
    return str(service.book_venue(caller=by, command_id=key, venue_id=hall, **(TALK | changes))["booking_id"])


def test_two_at_the_same_time_are_one_and_the_second_is_told_what_is_free(service: MembersService, hall: str) -> None:
    """F50: the second of two that overlap is refused, with the free slots of that day within the hours."""
    id = book(service, hall)
    assert book(service, hall) == id
    later = {"begins": "2026-03-13T10:00:00+08:00", "ends": "2026-03-13T12:00:00+08:00"}
    refused = refusal(service.book_venue, caller=ADMIN, command_id="b", venue_id=hall, **(TALK | later))
    assert refused.code == "venue_taken"
    assert refused.details["free"] == [{"begins": "2026-03-13T03:00:00Z", "ends": "2026-03-13T10:00:00Z"}]
    asked = service.free_slots(caller=SELF, venue_id=hall, day="2026-03-13")
    assert asked["free"] == refused.details["free"]
    next_to_it: dict[str, Any] = {"begins": TALK["ends"], "ends": "2026-03-13T12:00:00+08:00"}
    book(service, hall, "c", ADMIN, **next_to_it)
    assert [each["heads"] for each in service.bookings(caller=WORKER, venue_id=hall)["items"]] == [40, 40]


def test_of_a_hundred_who_ask_for_one_slot_at_once_one_has_it(service: MembersService, hall: str) -> None:
    """F50: exactly one of a hundred wins; each of the others hears that the venue is taken."""

    def attempt(n: int) -> str:
        try:
            return book(service, hall, f"k-{n}", begins=f"2026-03-13T09:{n % 4 * 5:02d}:00+08:00") and "won"
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(100) as many:
        answers = sorted(many.map(attempt, range(100)))
    assert answers == ["venue_taken"] * 99 + ["won"]
    assert len(service.bookings(caller=WORKER, venue_id=hall)["items"]) == 1


def test_a_booking_that_is_cancelled_frees_the_venue(service: MembersService, hall: str) -> None:
    id = book(service, hall)
    foreign = {"id": "p-x", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
    assert refusal(service.cancel_booking, caller=foreign, command_id="x", booking_id=id).code == "not_permitted"
    receipt = service.cancel_booking(caller=WORKER, command_id="x", booking_id=id)
    assert service.cancel_booking(caller=WORKER, command_id="x", booking_id=id) == receipt
    assert service.booking(caller=WORKER, booking_id=id)["state"] == "cancelled"
    assert refusal(service.cancel_booking, caller=WORKER, command_id="y", booking_id=id).code == "booking_cancelled"
    again = book(service, hall, "again", ADMIN)
    assert service.cancel_booking(caller=ADMIN, command_id="z", booking_id=again)["version"] == 2
    assert service.bookings(caller=WORKER, venue_id=hall)["items"] == []


def test_everything_that_is_wrong_is_named_at_once_and_nothing_is_kept(service: MembersService, hall: str) -> None:
    wrong = {"begins": "2026-03-13T07:02:00+08:00", "ends": "2026-03-13T09:00:00+08:00", "heads": 61}
    refused = refusal(service.book_venue, caller=WORKER, command_id="w", venue_id=hall, **(TALK | wrong))
    assert refused.code == "invalid"
    assert [(each["pointer"], each["code"]) for each in refused.details["errors"]] == [
        ("/begins", "not_on_five_minutes"),
        ("/heads", "more_than_its_capacity"),
        ("/begins", "outside_opening_hours"),
    ]
    assert service.bookings(caller=WORKER, venue_id=hall)["items"] == []


def test_who_books_works_in_the_community_and_a_phone_in_the_purpose_is_masked(
    service: MembersService, hall: str
) -> None:
    assert refusal(service.book_venue, caller=SELF, command_id="s", venue_id=hall, **TALK).code == "not_permitted"
    other = {"id": "p-y", "grants": [{"role": "community_worker", "scope": "360704100003001"}], "unit": None}
    assert refusal(service.book_venue, caller=other, command_id="s", venue_id=hall, **TALK).code == "not_permitted"
    assert refusal(service.bookings, caller=SELF, venue_id=hall).code == "not_permitted"
    id = book(service, hall, purpose="宣讲，联系12000000001")
    assert service.booking(caller=WORKER, booking_id=id)["purpose"] == "宣讲，联系120****0001"


def test_a_list_goes_on_where_its_page_ended(service: MembersService, hall: str) -> None:
    for hour in (14, 9, 11):
        span: dict[str, Any] = {
            "begins": f"2026-03-13T{hour:02d}:00:00+08:00",
            "ends": f"2026-03-13T{hour + 1:02d}:00:00+08:00",
        }
        book(service, hall, f"k-{hour}", **span)
    first = service.bookings(caller=WORKER, venue_id=hall, limit=2)
    rest = service.bookings(caller=WORKER, venue_id=hall, limit=2, after=first["next"])
    hours = [each["begins"][11:13] for each in (*first["items"], *rest["items"])]
    assert (hours, rest["next"]) == (["01", "03", "06"], None)
    assert service.bookings(caller=WORKER, venue_id=hall, day="2026-03-14")["items"] == []


def test_a_hundred_who_ask_for_different_times_at_once_all_get_theirs(service: MembersService, hall: str) -> None:
    """What keeps a venue from being closed meanwhile turns nobody away who is in nobody's way."""
    service.change_venue(caller=ADMIN, command_id="hours", venue_id=hall, hours=ALWAYS)

    def attempt(n: int) -> str:
        day = f"2026-{4 + n // 28:02d}-{n % 28 + 1:02d}"
        return book(service, hall, f"k-{n}", begins=f"{day}T09:00:00+08:00", ends=f"{day}T10:00:00+08:00")

    with ThreadPoolExecutor(32) as many:
        assert len(set(many.map(attempt, range(100)))) == 100
