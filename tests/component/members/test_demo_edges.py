"""What is odd in the demo's district (docs/domain.md §8.5): played by commands on a real database, and read back."""

from datetime import datetime
from typing import Any

import pytest
from pymongo.database import Database

from chassis.mongo import Home
from members.demo.district import District, district
from members.demo.edges import DISCREET, OF_THREE_TAGS, OFFICE, Edges
from members.demo.loading import add_people
from members.demo.plots import HALVES, SPLIT
from members.demo.territory import OPENED
from members.people.person import LOCAL
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.demo_stores import district_stores
from tests.component.members.small_district import ADMIN
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


@pytest.fixture
def edges(demo: District, database: Stored, seal: Seal, clock: SetClock, service: MembersService) -> Edges:
    """What is odd, on as much of the district as it needs; the clock stands on the last day of the period."""
    stores, odd = district_stores(database), {OFFICE, OF_THREE_TAGS, DISCREET}
    people = [each for each in demo.people if each.person.id in odd]
    stores.territory.add_areas(demo.areas, OPENED)
    stores.territory.grids.add([*demo.grids, *demo.base_grids], OPENED)
    add_people(people, stores.people, seal)
    made = Edges(demo, Home(database))
    made.play()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    return made


def person(demo: District, id: str) -> Answer:
    return next(each.person for each in demo.people if each.person.id == id).caller().dump()


def test_a_grid_is_split_on_a_date_and_what_was_written_down_keeps_the_old_code(
    edges: Edges, demo: District, service: MembersService
) -> None:
    old = service.grid(caller=ADMIN, grid_code=SPLIT)
    assert (old["to"], old["successors"]) == ("2025-10-08T16:00:00Z", list(HALVES))
    spot = {"lon": 115.0175, "lat": 25.8575, "level": "BASE"}
    assert service.locate(caller=ADMIN, **spot, at="2025-10-08T23:59:59+08:00")["grid_code"] == SPLIT
    assert service.locate(caller=ADMIN, **spot, at="2025-10-09T00:00:00+08:00")["grid_code"] == HALVES[1]
    [patrol] = service.patrols(caller=person(demo, DISCREET))["items"]
    assert patrol["grid_code"] == SPLIT
    [drawn] = service.redrawings(caller=ADMIN)["items"]
    assert (drawn["stage"], drawn["closes"]) == ("CARRIED_OUT", [SPLIT])


def test_110_base_grids_are_in_force_on_the_last_day(edges: Edges, service: MembersService) -> None:
    report = service.coverage(caller=ADMIN, area="360704", as_of="2026-03-31")
    found = {each["id"]: (each["numerator"], each["denominator"]) for each in report["checks"]}
    assert found["V1"] == (18 + 110, 18 + 110)


def test_a_person_shows_three_tags(edges: Edges, demo: District, service: MembersService) -> None:
    shown = service.identities(caller=person(demo, OF_THREE_TAGS))["items"]
    assert {each["kind"] for each in shown} == {"rider_party_member", "party_member", "veteran"}
    assert all(each["revoked_at"] is None for each in shown)
    known = service.person(caller=ADMIN, person_id=OF_THREE_TAGS)
    assert sorted(known["tags"]) == ["party_member", "rider_party_member", "veteran"]


def test_whoever_withdrew_the_consent_reads_of_both_and_nobody_else_of_either(
    edges: Edges, demo: District, service: MembersService
) -> None:
    assert service.identities(caller=person(demo, DISCREET))["items"] == [
        {
            "kind": "rider_party_member",
            "text_version": "2025-07",
            "consented_at": "2025-09-03T12:00:00Z",
            "revoked_at": "2026-01-15T13:00:00Z",
        }
    ]
    assert service.person(caller=ADMIN, person_id=DISCREET)["tags"] == []


def test_a_patrol_without_a_network_is_told_a_day_later_and_its_way_once(
    edges: Edges, demo: District, service: MembersService, database: Stored
) -> None:
    who = person(demo, DISCREET)
    [patrol] = service.patrols(caller=who)["items"]
    assert (patrol["started_at"], patrol["stopped_at"]) == ("2025-09-20T01:00:00Z", "2025-09-20T02:05:00Z")
    assert len(service.track(caller=who, patrol_id=patrol["patrol_id"])["points"]) == 13
    history = database["patrols"].find_one({"_id": patrol["patrol_id"]}, {"history.at": True}) or {}
    assert {each["at"] for each in history["history"]} == {datetime(2025, 9, 21, 8, 30, tzinfo=LOCAL)}


def test_what_was_played_is_not_played_again(edges: Edges, database: Stored) -> None:
    before = versions(database)
    edges.play()
    assert versions(database) == before


def versions(database: Stored) -> dict[str, int]:
    names = ("grids", "maps", "patrols", "people", "redrawings")
    return {f"{name}/{each['_id']}": each["version"] for name in names for each in database[name].find()}
