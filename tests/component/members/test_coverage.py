"""The report of coverage over the stores of those who own its facts, as of any day."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.event import Event
from members.coverage.store import CoverageStore
from members.demo.territory import areas, service_grids
from members.organisations.store import UnitStore
from members.party_groups.party_group import CAPACITIES, Meeting, PartyGroup, Seat
from members.party_groups.store import PartyGroupStore
from members.posts.post import Post
from members.posts.store import PostStore
from members.service import MembersService
from members.territory.compound import standing
from members.territory.store import TerritoryStore
from members.venues.venue import Venue
from tests.component.members.small_district import ADMIN, GRID, LODGE, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW

FIRST = date(2025, 7, 1)
DISTRICT = "360704"


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def checks(service: MembersService, area: str = DISTRICT, as_of: str = "2026-03-31") -> dict[str, dict[str, Any]]:
    report = service.coverage(caller=ADMIN, area=area, as_of=as_of)
    return {each["id"]: each for each in report["checks"]}


def codes(territory: TerritoryStore) -> list[str]:
    return [grid.code for grid in territory.grids_within([DISTRICT], "", ["SERVICE"], NOW)]  # type: ignore[list-item]


def sample(type: str) -> dict[str, Any]:
    path = Path(__file__).parents[2] / "contract" / "events" / f"{type}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return data


def failing(check: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"], each["reason"]) for each in check["failing"]]


def test_a_grid_that_loses_its_union_cadre_is_named_from_that_day_on(
    service: MembersService, posts: PostStore, territory: TerritoryStore
) -> None:
    """F03: 17/18 naming 高新社区第一网格 as of 2026-03-02, 18/18 as of 2026-02-28."""
    for n, code in enumerate(codes(territory)):
        kinds = ("union_leader", "union_cadre", "community_worker")
        posts.add([Post(f"{post}-{n}", code, f"p-{post}-{n}", post, FIRST) for post in kinds], NOW)
    lost = next(kept for kept in posts.on_grid(GRID) if kept.item.post == "union_cadre")
    service.end_post(caller=ADMIN, command_id="end", post_id=lost.id, on="2026-03-01")
    before, after = (checks(service, as_of=day)["V2"] for day in ("2026-02-28", "2026-03-02"))
    assert (before["numerator"], before["denominator"], before["passes"]) == (18, 18, True)
    assert (after["numerator"], after["denominator"], after["percentage"], after["passes"]) == (17, 18, 94.44, False)
    [(name, reason)] = failing(after)
    assert (name.startswith("高新社区第一网格"), reason) == (True, "union_cadre_missing")
    assert [checks(service, as_of=day)["V4"]["passes"] for day in ("2026-03-15", "2026-03-16")] == [True, False]


def test_a_compound_outside_all_grids_is_listed(service: MembersService, territory: TerritoryStore) -> None:
    """F04: H3 is below 100 % and lists that compound."""
    lost = replace(LODGE, id="c-lost", name="城外小区", at=(115.2, 25.9))
    territory.compounds.add([standing(lost, NOW)], NOW)
    outside = checks(service)["H3"]
    assert outside["percentage"] < 100
    assert ("城外小区", "outside_all_grids") in failing(outside)


def test_a_party_group_without_a_medic_fails(service: MembersService, party_groups: PartyGroupStore) -> None:
    """F06: the group of 广场社区第一网格 has no medic, and V7 says 医护 missing."""
    square = "360704100007001"
    seats = [Seat(each, f"p-{each}", each, FIRST) for each in CAPACITIES if each != "medic"]
    met = (Meeting("m-1", date(2026, 3, 20), ("p-leader",)),)
    party_groups.add([PartyGroup(square, FIRST, None, tuple(seats), met)], NOW)
    [found] = checks(service, square)["V7"]["failing"]
    assert (found["id"], "医护 missing" in found["zh"], "医护 missing" in found["en"]) == (square, True, True)
    assert checks(service, square)["V6"]["passes"] is True


def rectangle(west: float, east: float, **more: Any) -> dict[str, Any]:
    ring = [[west, 25.8492], [east, 25.8492], [east, 25.8708], [west, 25.8708], [west, 25.8492]]
    return {"type": "Polygon", "coordinates": [ring], **more}


def test_a_grid_that_is_missing_is_so_much_of_the_service_area(
    service: MembersService, territory: TerritoryStore
) -> None:
    """F04: H1 passes when all 18 squares are drawn, and fails with 1 of 18 when one is closed."""
    agency = "360704100"
    territory.add_areas(areas(service_grids()), NOW)
    whole = checks(service, agency, "2026-03-31")["H1"]
    assert (whole["numerator"], whole["percentage"], whole["passes"]) == (0, 0.0, True)
    assert checks(service, DISTRICT, "2026-03-31")["H1"] == whole
    territory.grids.outbox.collection.update_one({"_id": GRID}, {"$set": {"closed": NOW}})
    short = checks(service, agency, "2026-03-31")["H1"]
    assert (short["percentage"], short["passes"], failing(short)) == (5.56, False, [("", "uncovered")])
    assert checks(service, agency, "2026-03-01")["H1"]["passes"] is True
    assert checks(service, agency, "2025-06-01")["H1"]["reason"]["code"] == "no_outline"
    assert checks(service, GRID[:12], "2026-03-31")["H1"]["reason"]["code"] == "no_outline"


def test_a_report_of_a_past_day_is_about_the_outline_of_then(
    service: MembersService, territory: TerritoryStore
) -> None:
    agency = "360704100"
    territory.add_areas(areas(service_grids()), NOW)
    service.change_area(caller=ADMIN, command_id="wider", code=agency, outline=rectangle(114.986, 115.082))
    assert checks(service, agency, "2026-03-31")["H1"]["percentage"] == 50.0
    assert checks(service, agency, "2026-03-11")["H1"]["percentage"] == 0.0
    service.change_area(caller=ADMIN, command_id="none", code=agency, outline=None)
    assert checks(service, agency, "2026-03-31")["H1"]["reason"]["code"] == "no_outline"
    assert checks(service, agency, "2026-03-11")["H1"]["percentage"] == 0.0


def test_what_others_tell_is_kept_once_and_counts_from_its_day_on(
    service: MembersService, coverage_told: CoverageStore, posts: PostStore
) -> None:
    data = {"session_id": "s-1", "kind": "forum", "area": GRID, "held_at": "2026-03-12T17:00:00Z", "more": 1}
    for _ in range(2):
        service.note_session(Event("e", "session.held", "s", "session/s-1", 1, NOW, None, data, b"", ""))
    community = GRID[:12]
    assert coverage_told.sessions([community], DISTRICT, date(2026, 3, 12)) == {}
    assert coverage_told.sessions([community], DISTRICT, date(2026, 3, 31)) == {community: date(2026, 3, 13)}
    sheet = {**data, "session_id": "s-2", "kind": "register", "area": "360704100007"}
    service.note_session(Event("f", "session.held", "s", "session/s-2", 1, NOW, None, sheet, b"", ""))
    assert coverage_told.sessions(["360704100007"], DISTRICT, date(2026, 3, 31)) == {}
    posts.add([Post("a", GRID, "p-near", "union_cadre", FIRST)], NOW)
    for person in ("p-near", "p-far"):
        reached = {**sample("notice.delivered"), "person_id": person, "day": "2026-03-01"}
        service.note_reached(Event("g", "notice.delivered", "s", "reached/x", 1, NOW, None, reached, b"", ""))
    assert coverage_told.reached(["p-near", "p-far"], date(2026, 3, 31)) == {"p-near": date(2026, 3, 1)}
    assert checks(service, as_of="2026-03-31")["V8"]["passes"] is True
    [late] = checks(service, as_of="2026-04-01")["V8"]["failing"]
    assert (late["name"], late["reason"]) == ("李师傅", "not_reached")


def test_the_census_and_the_rounds_count_as_of_the_day(service: MembersService) -> None:
    """H6 and H7: who was known by then, and which doors had been knocked at by then."""
    service.enter_estimate(caller=ADMIN, command_id="estimate", area=DISTRICT, day="2026-03-01", number=2)
    worker = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
    rider = {"nickname": "小测", "kind": "rider", "platform": "美团", "grid_code": GRID}
    service.register_worker(caller=worker, command_id="rider", **rider)
    doors = [{"grid_code": GRID, "building": "1", "door": n} for n in (1, 2)]
    made = service.open_round(caller=worker, command_id="round", title="敲门", addresses=doors)
    [first, _] = service.round_addresses(caller=worker, round_id=made["round_id"])["items"]
    visit = {"round_id": made["round_id"], "address_id": first["address_id"], "outcome": "visited"}
    service.record_visit(caller=worker, command_id="visit", **visit)
    found = checks(service, as_of="2026-03-12")
    assert [(found[id]["numerator"], found[id]["denominator"]) for id in ("H6", "H7")] == [(1, 2), (1, 2)]
    assert failing(found["H7"]) == [("1-2", "not_visited")]
    earlier = checks(service, as_of="2026-03-11")
    assert (earlier["H6"]["numerator"], earlier["H7"]["reason"]["code"]) == (0, "nothing_recorded")


def test_a_worker_whose_grid_is_closed_is_named_masked_from_that_moment_on(
    service: MembersService, territory: TerritoryStore
) -> None:
    """H6: who is linked to no grid and to no station that is open, by id and masked nickname."""
    worker = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
    here = {"kind": "rider", "platform": "美团", "grid_code": GRID}
    station = Venue("v-rest", "高新社区红色驿站", "rest_station", GRID, LODGE.at, FIRST, until=date(2026, 3, 30))
    service.venues_kept.add([station], NOW)
    made = service.register_worker(caller=worker, command_id="a", nickname="小测", **here)
    service.register_worker(caller=worker, command_id="b", nickname="大测", station_id=station.id, **here)
    assert checks(service, as_of="2026-03-29")["H6"]["failing_total"] == 0
    close = {"$set": {"closed": datetime(2026, 3, 28, 16, tzinfo=UTC)}}
    territory.grids.outbox.collection.update_one({"_id": GRID}, close)
    assert checks(service, as_of="2026-03-28")["H6"]["failing_total"] == 0
    found = checks(service, as_of="2026-03-29")["H6"]
    assert [(each["id"], each["name"]) for each in found["failing"]] == [(made["worker_id"], "小**")]
    assert (found["numerator"], checks(service, as_of="2026-03-30")["H6"]["failing_total"]) == (2, 2)
    assert checks(service, "360704100001", "2026-03-30")["H6"]["failing_total"] == 0
    later = service.worker_census(caller=ADMIN, area=DISTRICT, day="2026-03-29")
    assert (later["known"], later["linked"]) == (2, 2)  # nobody knows yet what is closed on a day to come


def test_all_18_are_told_and_those_that_cannot_be_say_why(service: MembersService) -> None:
    found = checks(service)
    assert list(found) == [f"V{n}" for n in range(1, 9)] + [f"H{n}" for n in range(1, 11)]
    assert (found["H8"]["passes"], found["H8"]["reason"]["code"]) == (None, "nothing_recorded")
    assert all(each["passes"] is not None or each["reason"] for each in found.values())


def test_a_report_is_for_staff_of_the_place_and_names_no_more_than_is_asked_for(service: MembersService) -> None:
    assert refusal(service.coverage, caller=SELF, area=DISTRICT).code == "not_permitted"
    assert refusal(service.coverage, caller=ADMIN, area="360703").code == "not_permitted"
    assert refusal(service.coverage, caller=ADMIN, area="3607041").code == "invalid"
    report = service.coverage(caller=ADMIN, area=DISTRICT, most=3)
    vacant = next(each for each in report["checks"] if each["id"] == "V4")
    assert (len(vacant["failing"]), vacant["failing_total"]) == (3, 54)
