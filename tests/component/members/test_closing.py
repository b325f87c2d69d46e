"""A grid that none follows closes once nothing is in it any more; until then all that is in it is named at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Caller
from chassis.command import Asked
from chassis.records import Outcome
from members.demo.territory import areas, service_grids
from members.drawing.redrawing import Redrawing
from members.organisations.store import UnitStore
from members.organisations.tie import Tie
from members.organisations.unit import Unit
from members.party_groups.party_group import PartyGroup, Seat
from members.party_groups.store import PartyGroupStore
from members.posts.post import Post
from members.posts.store import PostStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import REST_STATION, Venue
from members.workers.store import WorkerStore
from members.workers.worker import registered
from tests.component.members.clean_up import publish
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.stored import stored

Stored = Database[dict[str, Any]]

EMPTY = "360704100005001"
SINCE = date(2026, 1, 1)

venues, workers = stored(VenueStore), stored(WorkerStore)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def close(service: MembersService, code: str = EMPTY, key: str = "close", **told: Any) -> dict[str, Any]:
    answer: dict[str, Any] = service.close_grid(caller=ADMIN, command_id=key, grid_code=code, **told)
    return answer


def held(service: MembersService, code: str = EMPTY, **told: Any) -> dict[str, Any]:
    found = refusal(close, service=service, code=code, key="held", **told)
    assert found.code == "grid_not_empty"
    return {each["code"].removeprefix("grid_holds_"): each.get("details") for each in found.details["errors"]}


def test_all_that_is_still_in_a_grid_is_named_at_once(
    service: MembersService,
    organisations: UnitStore,
    posts: PostStore,
    party_groups: PartyGroupStore,
    venues: VenueStore,
    workers: WorkerStore,
) -> None:
    posts.add([Post("post-1", GRID, "p-worker", "grid_worker", SINCE)], NOW)
    party_groups.add([PartyGroup(GRID, SINCE, None, (Seat("s-1", "p-near", "leader", SINCE, None),))], NOW)
    venues.add([Venue("v-1", "红色驿站", REST_STATION, GRID, (115.0060, 25.8660), SINCE)], NOW)
    rider = {"nickname": "甲", "kind": "rider", "platform": "美团", "grid_code": GRID}
    workers.add([registered(f"w-{n:02d}", rider, NOW) for n in range(25)])
    ring = [[115.003, 25.865], [115.005, 25.865], [115.005, 25.867], [115.003, 25.867], [115.003, 25.865]]
    base = {
        "type": "Feature",
        "properties": {"grid_code": "360704100002101", "name": "微格", "level": "BASE", "parent": GRID},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    service.territory.add_areas(areas(service_grids()), NOW - timedelta(days=400))
    service.open_grids(caller=ADMIN, command_id="base", type="FeatureCollection", features=[base])
    publish(service)
    found = held(service, GRID)
    [activity] = found.pop("activities")["ids"]
    assert service.activity(caller=ADMIN, activity_id=activity)["grid_code"] == GRID
    named = {kind: (each["count"], each["ids"]) for kind, each in found.items()}
    assert named == {
        "compounds": (1, ["c-dongyuan"]),
        "posts": (1, ["post-1"]),
        "roles": (1, ["p-worker"]),
        "workers": (25, [f"w-{n:02d}" for n in range(20)]),
        "units": (3, ["u-homes", "u-lamps", "u-school"]),
        "venues": (1, ["v-1"]),
        "seats": (1, ["s-1"]),
        "grids": (1, ["360704100002101"]),
    }


def test_what_has_ended_by_then_holds_up_nothing(
    service: MembersService,
    organisations: UnitStore,
    posts: PostStore,
    party_groups: PartyGroupStore,
    venues: VenueStore,
) -> None:
    on = NOW + timedelta(days=10)
    ends = on.date() - timedelta(days=1)
    posts.add([Post("post-1", EMPTY, "p-near", "grid_worker", SINCE, ends)], NOW)
    seat = Seat("s-1", "p-near", "leader", SINCE, ends)
    party_groups.add([PartyGroup(EMPTY, SINCE, None, (seat,))], NOW)
    venues.add([Venue("v-1", "驿站", REST_STATION, EMPTY, (115.0160, 25.8660), SINCE, until=ends)], NOW)
    tie = Tie(EMPTY, NOW - timedelta(days=90), on)
    organisations.units.add([Unit("u-firm", "360704", "测试企业甲", "ENTERPRISE", (EMPTY,), ties=(tie,))], NOW)
    assert set(held(service)) == {"posts", "seats", "venues", "units"}
    assert close(service, at=on.isoformat())["to"] == "2026-03-22T11:46:00Z"
    here = {"name": "测试新苑", "location": {"lon": 114.990, "lat": 25.860}}
    assert refusal(service.register_compound, caller=ADMIN, command_id="k", **here).code == "outside_all_grids"


def test_a_compound_that_comes_meanwhile_keeps_the_grid_open(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, came = service.territory.compounds_in, list[str]()
    here = {"name": "测试新苑", "location": {"lon": 114.990, "lat": 25.860}}

    def slowly(codes: Any, tenant: str) -> Any:
        found = look(codes, tenant)
        if not came:
            came.append(service.register_compound(caller=ADMIN, command_id="new", **here)["compound_id"])
        return found

    monkeypatch.setattr(service.territory, "compounds_in", slowly)
    assert held(service) == {"compounds": {"count": 1, "ids": came}}


def test_a_grid_that_a_redrawing_closes_is_left_to_it(service: MembersService) -> None:
    plan = Redrawing("r-1", "360704", NOW + timedelta(days=5), (EMPTY,), (), NOW)
    asked = Asked(Caller("p-admin"), "plan", "digest", NOW)
    service.drawings.redrawings.open(asked, Outcome(plan, "redrawing.planned", {}, "district_admin"))
    assert held(service) == {"redrawings": {"count": 1, "ids": ["r-1"]}}


def test_the_office_closes_grids_of_its_own_and_none_in_the_past(service: MembersService) -> None:
    early = refusal(close, service=service, at=(NOW - timedelta(seconds=1)).isoformat())
    assert (early.code, [each["pointer"] for each in early.details["errors"]]) == ("closing_too_early", ["/at"])
    asked = {"command_id": "k", "grid_code": EMPTY}
    assert refusal(service.close_grid, caller=SELF, **asked).code == "not_permitted"
    elsewhere = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert refusal(service.close_grid, caller=elsewhere, **asked).code == "grid_not_found"


def test_an_empty_grid_closes_once_and_its_event_leaves(
    service: MembersService, territory: TerritoryStore, database: Stored
) -> None:
    receipt = close(service)
    assert close(service) == receipt
    assert (receipt["grid_code"], receipt["to"]) == (EMPTY, "2026-03-12T11:46:00Z")
    assert territory.in_force([EMPTY], "360704", NOW) == set()
    kept = database["grids"].find_one({"_id": EMPTY}) or {}
    [entry] = [each for each in kept["history"] if each["type"] == "grid.closed"]
    assert (entry["data"]["successors"], entry["data"]["to"], kept["unrelayed"]) == ([], receipt["to"], True)
    assert refusal(close, service=service, key="again").code == "grid_closed"
