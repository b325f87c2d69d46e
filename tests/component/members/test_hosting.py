"""F50: an activity has its venue together with itself, or is not published at all."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import CLEANING, WORKER, at, codes, populate, publish
from tests.component.members.small_district import ADMIN, MoveIn, refusal
from tests.component.members.test_bookings import HALL

FRIDAY = "2026-03-13"


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 1)


@pytest.fixture
def hall(service: MembersService) -> str:
    return str(service.register_venue(caller=ADMIN, command_id="hall", **HALL)["venue_id"])


@pytest.fixture
def other_hall(service: MembersService) -> str:
    return str(service.register_venue(caller=ADMIN, command_id="other", **(HALL | {"name": "二号厅"}))["venue_id"])


def booked(service: MembersService, venue_id: str) -> list[tuple[str, str, str, int]]:
    found = service.bookings(caller=WORKER, venue_id=venue_id, day=FRIDAY)["items"]
    return [(each["activity_id"], each["begins"][11:16], each["ends"][11:16], each["heads"]) for each in found]


def published(service: MembersService) -> int:
    return len(service.activities(caller=WORKER, filters={})["items"])


def test_of_two_activities_that_overlap_the_second_is_refused_with_free_slots(
    service: MembersService, hall: str
) -> None:
    """F50: the second of two that overlap at one venue is refused, with what is free; nothing of it is kept."""
    first = publish(service, venue_id=hall)
    assert publish(service, venue_id=hall) == first
    body = CLEANING | {"venue_id": hall, "begins": at(hours=1), "ends": at(hours=3)}
    refused = refusal(service.publish_activity, caller=WORKER, command_id="second", **body)
    assert refused.code == "venue_taken"
    assert refused.details["free"] == [{"begins": f"{FRIDAY}T03:00:00Z", "ends": f"{FRIDAY}T10:00:00Z"}]
    assert (booked(service, hall), published(service)) == ([(first, "01:00", "03:00", 2)], 1)


def test_a_venue_is_moved_changed_and_given_back_with_its_activity(
    service: MembersService, hall: str, other_hall: str
) -> None:
    id = publish(service, venue_id=hall)

    def change(key: str, **fields: Any) -> None:
        service.change_activity(caller=WORKER, command_id=key, activity_id=id, **fields)

    change("later", begins=at(hours=1), ends=at(hours=4))
    assert booked(service, hall) == [(id, "02:00", "05:00", 2)]
    change("elsewhere", venue_id=other_hall, capacity=60)
    assert (booked(service, hall), booked(service, other_hall)) == ([], [(id, "02:00", "05:00", 60)])
    change("none", venue_id=None)
    assert booked(service, other_hall) == []
    change("again", venue_id=hall)
    [held] = service.bookings(caller=WORKER, venue_id=hall, day=FRIDAY)["items"]
    own = {"caller": WORKER, "command_id": "x", "booking_id": held["booking_id"]}
    assert refusal(service.cancel_booking, **own).code == "booking_of_activity"
    service.cancel_activity(caller=WORKER, command_id="off", activity_id=id, reason="下雨")
    assert booked(service, hall) == []


def test_an_activity_moves_into_no_time_that_is_taken_and_stays_where_it_was(
    service: MembersService, hall: str
) -> None:
    first = publish(service, venue_id=hall)
    second = publish(service, "second", venue_id=hall, begins=at(hours=3), ends=at(hours=5))
    move = {"caller": WORKER, "command_id": "m", "activity_id": second, "begins": at(hours=1)}
    assert refusal(service.change_activity, **move).code == "venue_taken"
    assert booked(service, hall) == [(first, "01:00", "03:00", 2), (second, "04:00", "06:00", 2)]
    assert service.activity(caller=WORKER, activity_id=second)["begins"] == f"{FRIDAY}T04:00:00Z"


def test_everything_that_is_wrong_with_activity_and_venue_is_named_at_once(service: MembersService, hall: str) -> None:
    body = CLEANING | {"venue_id": hall, "begins": at(hours=-2), "capacity": 61, "breaks": -5}
    refused = refusal(service.publish_activity, caller=WORKER, command_id="w", **body)
    assert codes(refused) == {"breaks_negative", "outside_opening_hours", "more_than_its_capacity"}
    assert "/capacity" in {each["pointer"] for each in refused.details["errors"]}
    assert booked(service, hall) == []


def test_of_many_activities_for_one_slot_at_once_one_is_published(service: MembersService, hall: str) -> None:
    """F50: one wins, the others are told that the venue is taken; none is published without it."""

    def attempt(n: int) -> str:
        try:
            return publish(service, f"k-{n}", venue_id=hall) and "won"
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(32) as many:
        answers = sorted(many.map(attempt, range(100)))
    assert answers == ["venue_taken"] * 99 + ["won"]
    assert (len(booked(service, hall)), published(service)) == (1, 1)
