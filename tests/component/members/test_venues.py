"""F50 as far as the register goes: rest stations and practice stations, registered, changed, closed and listed."""

from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle

EVENINGS = {"weekday": 4, "start": "18:00", "end": "00:00"}
STATION = {
    "name": "高新社区红色驿站",
    "kind": "rest_station",
    "grid_code": GRID,
    "location": {"lon": 115.0062, "lat": 25.8671},
    "hours": [{"weekday": 4, "start": "08:00", "end": "12:00"}, EVENINGS],
    "facilities": ["water", "charging", "toilet"],
    "capacity": 20,
    "manager_unit_id": "u-lamps",
    "since": "2026-03-01",
}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def register(service: MembersService, by: dict[str, Any] = ADMIN, key: str = "k", **changes: Any) -> str:
    return str(service.register_venue(caller=by, command_id=key, **(STATION | changes))["venue_id"])


def listed(service: MembersService, by: dict[str, Any] = ADMIN, **filters: Any) -> list[str]:
    return [each["name"] for each in service.venues(caller=by, filters=filters)["items"]]


def codes(refused: Refusal) -> set[str]:
    return {fault["code"] for fault in refused.details["errors"]}


def test_a_station_is_registered_once_and_shown_to_everybody_of_its_district(service: MembersService) -> None:
    """F50: kind, grid, point, opening hours by weekday, facilities, capacity and who manages it."""
    id = register(service)
    assert register(service) == id
    found = service.venue(caller=SELF, venue_id=id)
    assert {name: found[name] for name in STATION if name not in {"location", "facilities"}} == {
        name: value for name, value in STATION.items() if name not in {"location", "facilities"}
    }
    assert found["location"] == {"lon": 115.0062, "lat": 25.8671, "crs": "WGS84"}
    assert found["facilities"] == ["charging", "toilet", "water"]
    foreign = {"id": "p-x", "grants": [{"role": "district_admin", "scope": "360703"}], "unit": None}
    assert refusal(service.venue, caller=foreign, venue_id=id).code == "venue_not_found"


def test_a_point_of_a_phone_map_is_converted_on_entry(service: MembersService) -> None:
    id = register(service, location={"lon": 115.0112, "lat": 25.8641, "crs": "GCJ02"})
    lon, lat = (service.venue(caller=ADMIN, venue_id=id)["location"][axis] for axis in ("lon", "lat"))
    assert (round(115.0112 - lon, 3), round(25.8641 - lat, 3)) == (0.005, -0.003)


def test_venues_are_found_by_area_kind_and_facility_on_a_day(service: MembersService) -> None:
    register(service)
    register(service, key="practice", name="高新社区文明实践站", kind="practice_station", facilities=["stage"])
    both = ["高新社区红色驿站", "高新社区文明实践站"]
    assert sorted(listed(service)) == sorted(listed(service, area="360704100002")) == sorted(both)
    assert listed(service, kind="rest_station") == listed(service, facility="charging") == both[:1]
    assert listed(service, as_of="2026-02-28") == listed(service, area="360704100007") == []
    assert refusal(service.venues, caller=SELF, filters={"area": "360703"}).code == "not_permitted"


def test_a_venue_is_changed_and_closed_and_one_that_is_closed_stays_so(service: MembersService) -> None:
    id = register(service)
    service.change_venue(caller=ADMIN, command_id="c", venue_id=id, hours=[EVENINGS], capacity=None)
    found = service.venue(caller=ADMIN, venue_id=id)
    assert (found["hours"], found["capacity"], found["version"]) == ([EVENINGS], None, 2)
    same = {"caller": ADMIN, "command_id": "same", "venue_id": id, "hours": [EVENINGS]}
    assert refusal(service.change_venue, **same).code == "nothing_changed"
    early = {"caller": ADMIN, "command_id": "early", "venue_id": id, "on": "2026-02-01"}
    assert refusal(service.close_venue, **early).code == "venue_closes_too_early"
    service.close_venue(caller=ADMIN, command_id="close", venue_id=id, on="2026-03-10")
    assert (listed(service, as_of="2026-03-09"), listed(service, as_of="2026-03-10")) == (["高新社区红色驿站"], [])
    assert refusal(service.change_venue, **same | {"name": "x"}).code == "venue_closed"
    assert refusal(service.close_venue, **early | {"on": "2026-03-11"}).code == "venue_closed"


def test_everything_that_is_wrong_with_a_venue_is_named_at_once(service: MembersService) -> None:
    wrong = {
        "location": {"lon": 115.03, "lat": 25.86},
        "hours": [{"weekday": 4, "start": "12:00", "end": "08:00"}, EVENINGS, EVENINGS],
        "manager_unit_id": "u-homes-elsewhere",
    }
    refused = refusal(register, service=service, **wrong)
    assert codes(refused) == {"outside_its_grid", "closes_before_it_opens", "hours_overlap", "unknown_unit"}
    assert listed(service) == []
    assert refusal(register, service=service, since="2020-01-01").code == "grid_closed"
    early = refusal(register, service=service, **wrong | {"since": "2020-01-01"})
    assert codes(early) == codes(refused) | {"grid_closed"}


def test_only_the_office_of_the_place_keeps_venues(service: MembersService) -> None:
    assert refusal(register, service=service, by=SELF).code == "not_permitted"
    id = register(service)
    ending = {"caller": SELF, "command_id": "x", "venue_id": id, "on": "2026-03-10"}
    assert refusal(service.close_venue, **ending).code == "not_permitted"
