"""A venue closes once nothing is booked in it from that day on; until then all that is booked is named at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import CLEANING, WORKER, populate, publish
from tests.component.members.small_district import ADMIN, MoveIn, refusal
from tests.component.members.test_bookings import ALWAYS
from tests.component.members.test_series_venue import THURSDAYS, opened, talk

WIDE = THURSDAYS | {"hours": ALWAYS}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 1)


@pytest.fixture
def hall(service: MembersService) -> str:
    return str(service.register_venue(caller=ADMIN, command_id="hall", **WIDE)["venue_id"])


def close(service: MembersService, hall: str, on: str, key: str = "close") -> dict[str, Any]:
    answer: dict[str, Any] = service.close_venue(caller=ADMIN, command_id=key, venue_id=hall, on=on)
    return answer


def held(service: MembersService, hall: str, on: str) -> dict[str, tuple[int, list[str]]]:
    found = refusal(close, service=service, hall=hall, on=on, key="held")
    assert found.code == "venue_in_use"
    named = ((each["code"].removeprefix("venue_holds_"), each["details"]) for each in found.details["errors"])
    return {kind: (each["count"], each["ids"]) for kind, each in named}


def test_all_that_is_booked_from_that_day_on_is_named_at_once(service: MembersService, hall: str) -> None:
    talks = [talk(service, hall, f"2026-03-{n:02d}") for n in range(13, 30) if n not in {19, 26}]
    talks += [talk(service, hall, f"2026-06-{n:02d}") for n in range(1, 9)]
    cleaning = publish(service, venue_id=hall, begins="2026-03-31T14:00:00+08:00", ends="2026-03-31T16:00:00+08:00")
    series = opened(service, hall)
    dates = service.series(caller=WORKER, series_id=series)["dates"]
    days = [each["activity_id"] for each in dates if each["activity_id"]]
    assert held(service, hall, "2026-03-13") == {
        "bookings": (23, talks[:20]),
        "activities": (5, [*days[:2], cleaning, *days[2:]]),
        "series": (1, [series]),
    }
    assert held(service, hall, "2026-06-08") == {"bookings": (1, talks[-1:])}
    assert service.venue(caller=ADMIN, venue_id=hall)["until"] is None


def test_a_booking_that_lasts_over_midnight_and_none_that_is_over_or_given_back_holds_it(
    service: MembersService, hall: str
) -> None:
    night = {"begins": "2026-03-13T22:00:00+08:00", "ends": "2026-03-14T02:00:00+08:00", "heads": 5, "purpose": "值守"}
    id = service.book_venue(caller=WORKER, command_id="night", venue_id=hall, **night)["booking_id"]
    assert held(service, hall, "2026-03-14") == {"bookings": (1, [id])}
    service.cancel_booking(caller=WORKER, command_id="off", booking_id=id)
    talk(service, hall, "2026-03-13")
    receipt = close(service, hall, "2026-03-14")
    assert close(service, hall, "2026-03-14") == receipt
    assert refusal(talk, service=service, hall=hall, day="2026-03-14").code == "venue_closed_then"
    late = {"begins": "2026-03-14T14:00:00+08:00", "ends": "2026-03-14T16:00:00+08:00", "venue_id": hall}
    refused = refusal(service.publish_activity, caller=WORKER, command_id="late", **(CLEANING | late))
    assert refused.code == "venue_closed"


def test_a_venue_is_either_closed_or_booked_by_who_comes_at_the_same_time(service: MembersService, hall: str) -> None:
    """Whoever is first: there is no booking in a closed venue, however many book and close at once."""

    def attempt(n: int) -> str:
        try:
            if n % 2:
                close(service, hall, "2026-03-14", f"close-{n}")
                return "closed"
            talk(service, hall, f"2026-04-{n + 1:02d}")
        except Refusal as refused:
            return refused.code
        return "booked"

    with ThreadPoolExecutor(12) as many:
        answers = set(many.map(attempt, range(24)))
    found = service.bookings(caller=WORKER, venue_id=hall)["items"]
    closed = service.venue(caller=ADMIN, venue_id=hall)["until"] is not None
    assert ("closed" in answers, "booked" in answers) == (closed, bool(found))
    assert closed != bool(found)
