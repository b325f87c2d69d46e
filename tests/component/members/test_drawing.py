"""Grids are opened from a map file, all or none, and redrawn on a date, everything that lies in them with them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

import members
from chassis.datum import Datum, to_bd09, to_gcj02
from chassis.errors import Refusal
from chassis.event import Event
from chassis.instant import written
from members.demo.territory import areas, service_grids
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.service import MembersService
from members.territory.compound import Compound, standing
from members.territory.grid import Level, holding
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import REST_STATION, Venue
from tests.component.members.owed import entered
from tests.component.members.small_district import ADMIN, SELF, refusal
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock
from tests.component.stored import stored

Stored = Database[dict[str, Any]]

venues = stored(VenueStore)

MAP = json.loads((Path(members.__file__ or "").parent / "data" / "grids.geojson").read_text(encoding="utf-8"))
SQUARE, OLD = "360704100007", "360704100007002"
DATE = NOW + timedelta(days=20)
HALVES = {"360704100007003": (115.010, 115.014), "360704100007004": (115.014, 115.018)}
CADRE = {"id": "p-cadre", "grants": [{"role": "union_cadre", "scope": "360704"}], "unit": None}
LODGE = Compound("c-square", "广场小区", OLD, (115.0130, 25.8600), property_company_id=None)


def feature(code: str, box: tuple[float, float, float, float], **facts: Any) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"grid_code": code, "name": f"测试网格{code[-3:]}", "level": "SERVICE", **facts},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def halves(level: str = "SERVICE") -> dict[str, Any]:
    boxes = {code: (west, 25.8564, east, 25.8636) for code, (west, east) in HALVES.items()}
    return collection(*(feature(code, box, level=level) for code, box in boxes.items()))


def faults(found: Refusal) -> set[tuple[str, str]]:
    return {(each["pointer"], each["code"]) for each in found.details["errors"]}


@pytest.fixture
def tree(territory: TerritoryStore) -> TerritoryStore:
    territory.add_areas(areas(service_grids()), NOW - timedelta(days=400))
    return territory


@pytest.fixture
def mapped(tree: TerritoryStore, organisations: UnitStore) -> TerritoryStore:
    tree.grids.add(service_grids(), NOW)
    tree.compounds.add([standing(LODGE, service_grids()[0].opened)], NOW)
    organisations.units.add(
        [
            Unit("u-party-org-07", "360704", "广场社区党委", "PARTY_ORG", (OLD,)),
            Unit("u-union", "360704", "赣县区总工会", "UNION", (OLD,)),
        ],
        NOW,
    )
    return tree


def located(store: TerritoryStore, lon: float, lat: float, at: datetime = NOW) -> str:
    return holding(store.grids_around(lon, lat, Level.SERVICE, ["360704"], at), lon, lat, Level.SERVICE, at).code


def closing(code: str) -> Event:
    return Event("e", "grid.closed", "/services/members", f"grid/{code}", 2, NOW, None, {"grid_code": code}, b"", "")


def split(service: MembersService, at: datetime = DATE, **more: Any) -> dict[str, Any]:
    plan = {"at": at.isoformat(), "closes": [OLD], "opens": halves()} | more
    answer: dict[str, Any] = service.plan_redrawing(caller=ADMIN, command_id="split", **plan)
    return answer


def test_the_map_of_the_district_gives_18_grids(service: MembersService, tree: TerritoryStore) -> None:
    """F02: 18 grids, unique codes, no overlap, and the middle of the city in the second grid of 广场社区 only."""
    answer = service.open_grids(caller=ADMIN, command_id="map", **MAP, **{"from": "2025-07-01T00:00:00+08:00"})
    codes = answer["grid_codes"]
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (18, 18, {15})
    page = service.grids(caller=ADMIN, area="360704", rings=True, limit=50)
    assert [each["grid_code"] for each in page["items"]] == sorted(codes)
    found = service.locate(caller=ADMIN, lon=115.0100, lat=25.8600)
    assert (found["grid_code"], found["name"]) == (OLD, "广场社区第二网格（光彩市场片）")
    held = [grid.code for grid in tree.grids_within(["360704"], "", list(Level), NOW) if grid.holds(115.01, 25.86)]
    assert held == [OLD]
    assert service.open_grids(caller=ADMIN, command_id="map", **MAP, **{"from": "2025-07-01T00:00:00+08:00"}) == answer
    taken = refusal(service.open_grids, caller=ADMIN, command_id="again", **MAP)
    assert {code for _, code in faults(taken)} == {"grid_code_taken", "grid_overlaps"}
    assert len(taken.details["errors"]) == 36


def test_a_community_shows_both_lines_over_one_tree(service: MembersService, mapped: TerritoryStore) -> None:
    """F01: 广场社区 is opened; its Party organisation and its union service grids show, from one tree."""
    shown = service.area(caller=ADMIN, code=SQUARE)
    assert shown["party_organisation"] == {"unit_id": "u-party-org-07", "name": "广场社区党委"}
    assert shown["union_body"] == {"unit_id": "u-union", "name": "赣县区总工会"}
    assert [each["name"] for each in shown["ancestors"]] == ["赣县区", "城市社区管委会"]
    assert [(each["grid_code"], each["level"]) for each in shown["grids"]] == [
        ("360704100007001", "SERVICE"),
        (OLD, "SERVICE"),
    ]
    agency = service.area(caller=ADMIN, code="360704100")
    assert len(agency["children"]) == 12
    assert {"code": SQUARE, "name": "广场社区", "kind": "COMMUNITY"} in agency["children"]
    assert [each["code"] for each in service.area(caller=ADMIN, code="360704")["children"]] == ["360704100"]


WRONG: Mapping[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "no 15 digits, no level, no name": (
        {"properties": {"grid_code": "36070410000700", "name": " ", "level": "BIG", "population": -1}},
        {
            ("/features/0/properties/grid_code", "grid_code_malformed"),
            ("/features/0/properties/name", "name_missing"),
            ("/features/0/properties/level", "unknown_level"),
            ("/features/0/properties/population", "population_malformed"),
        },
    ),
    "an unknown community": (
        {"properties": {"grid_code": "360704100099001", "name": "x", "level": "SERVICE"}},
        {("/features/0/properties/grid_code", "unknown_community")},
    ),
    "another community's name": (
        {"properties": {"grid_code": "360704100007009", "name": "x", "level": "SERVICE", "community": "高新社区"}},
        {("/features/0/properties/community", "another_community")},
    ),
    "no parent": (
        {"properties": {"grid_code": "360704100007009", "name": "x", "level": "BASE"}},
        {("/features/0/properties/parent", "parent_missing")},
    ),
    "no polygon": ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, {("/features/0/geometry", "not_a_polygon")}),
    "no feature": ({"properties": None, "geometry": None}, {
        ("/features/0/properties", "properties_missing"), ("/features/0/geometry", "not_a_polygon"),
    }),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_of_a_feature_is_named(service: MembersService, tree: TerritoryStore, case: str) -> None:
    change, expected = WRONG[case]
    good = feature("360704100007009", (115.2, 25.9, 115.21, 25.91))
    found = refusal(service.open_grids, caller=ADMIN, command_id="k", **collection({**good, **change}))
    assert (found.code, faults(found)) == ("map_not_valid", expected)


RINGS = {
    "ring_not_closed": [[115.2, 25.9], [115.21, 25.9], [115.21, 25.91], [115.2, 25.91]],
    "ring_crosses_itself": [[115.2, 25.9], [115.21, 25.91], [115.21, 25.9], [115.2, 25.91], [115.2, 25.9]],
    "ring_too_short": [[115.2, 25.9], [115.21, 25.9], [115.2, 25.9]],
}
POINTS = {
    "coordinates_swapped": [25.9, 115.2],
    "coordinate_out_of_range": [2.35, 48.85],
    "coordinate_malformed": ["115.2", 25.9],
}


@pytest.mark.parametrize("code", RINGS)
def test_a_ring_that_is_none_is_named(service: MembersService, tree: TerritoryStore, code: str) -> None:
    wrong = feature("360704100007009", (0, 0, 1, 1))
    wrong["geometry"]["coordinates"] = [RINGS[code]]
    found = refusal(service.open_grids, caller=ADMIN, command_id="k", **collection(wrong))
    assert faults(found) == {("/features/0/geometry/coordinates/0", code)}


@pytest.mark.parametrize("code", POINTS)
def test_a_point_that_cannot_be_is_named(service: MembersService, tree: TerritoryStore, code: str) -> None:
    wrong = feature("360704100007009", (115.2, 25.9, 115.21, 25.91))
    wrong["geometry"]["coordinates"][0][2] = POINTS[code]
    found = refusal(service.open_grids, caller=ADMIN, command_id="k", **collection(wrong))
    assert faults(found) == {("/features/0/geometry/coordinates/0/2", code)}


def test_a_hole_is_refused(service: MembersService, tree: TerritoryStore) -> None:
    wrong = feature("360704100007009", (115.2, 25.9, 115.21, 25.91))
    wrong["geometry"]["coordinates"].append(
        [[115.203, 25.903], [115.206, 25.903], [115.206, 25.906], [115.203, 25.903]]
    )
    found = refusal(service.open_grids, caller=ADMIN, command_id="k", **collection(wrong))
    assert faults(found) == {("/features/0/geometry/coordinates/1", "polygon_with_holes")}


def test_faults_of_every_feature_come_at_once_and_nothing_is_half_done(
    service: MembersService, mapped: TerritoryStore, database: Database[dict[str, Any]]
) -> None:
    before = database["grids"].count_documents({})
    good = feature("360704100007009", (115.2, 25.9, 115.21, 25.91))
    twin = feature("360704100007009", (115.22, 25.9, 115.23, 25.91))
    across = feature("360704100007008", (115.205, 25.9, 115.215, 25.91))
    taken = feature("360704100007001", (115.24, 25.9, 115.25, 25.91))
    onto = feature("360704100007007", (115.012, 25.857, 115.02, 25.86))
    strange = feature("360703100007009", (115.26, 25.9, 115.27, 25.91))
    sent = collection(good, twin, across, taken, onto, strange)
    found = refusal(service.open_grids, caller=ADMIN, command_id="k", **sent)
    assert faults(found) == {
        ("/features/0/geometry/coordinates/0", "grid_overlaps"),
        ("/features/1/properties/grid_code", "grid_code_twice"),
        ("/features/2/geometry/coordinates/0", "grid_overlaps"),
        ("/features/3/properties/grid_code", "grid_code_taken"),
        ("/features/4/geometry/coordinates/0", "grid_overlaps"),
        ("/features/5/properties/grid_code", "another_district"),
        ("/features/5/properties/grid_code", "unknown_community"),
    }
    by_feature = {each["feature"]: each.get("details") for each in found.details["errors"]}
    assert by_feature[4]["grid_codes"] == [OLD, "360704100008001"]
    assert database["grids"].count_documents({}) == before


def test_a_base_grid_lies_in_a_service_grid(service: MembersService, mapped: TerritoryStore) -> None:
    inside, outside = (115.011, 25.857, 115.013, 25.859), (115.017, 25.857, 115.019, 25.859)
    fine = feature("360704100007101", inside, level="BASE", parent=OLD)
    service.open_grids(caller=ADMIN, command_id="k", **collection(fine))
    kept = mapped.grid("360704100007101")
    assert kept is not None
    assert (kept.level, kept.parent, kept.community) == (Level.BASE, OLD, "广场社区")
    wrong = [
        feature("360704100007102", outside, level="BASE", parent=OLD),
        feature("360704100007103", (115.014, 25.857, 115.015, 25.859), level="BASE", parent="360704100007999"),
        feature("360704100007104", (115.2, 25.9, 115.21, 25.91), parent=OLD),
    ]
    found = refusal(service.open_grids, caller=ADMIN, command_id="l", **collection(*wrong))
    assert faults(found) == {
        ("/features/0/properties/parent", "parent_does_not_hold_it"),
        ("/features/1/properties/parent", "unknown_parent"),
        ("/features/2/properties/parent", "parent_not_wanted"),
    }


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_map_of_a_phone_is_converted_and_its_datum_recorded(
    service: MembersService, tree: TerritoryStore, datum: Datum
) -> None:
    plain = feature("360704100007009", (115.2, 25.9, 115.21, 25.91))
    moved = json.loads(json.dumps(plain))
    ring = [to_gcj02(lon, lat) for lon, lat in plain["geometry"]["coordinates"][0]]
    moved["geometry"]["coordinates"] = [ring if datum is Datum.GCJ02 else [to_bd09(*point) for point in ring]]
    service.open_grids(caller=ADMIN, command_id="k", **collection(moved, crs=datum.value))
    kept = tree.grid("360704100007009")
    assert kept is not None
    assert kept.source_crs == datum.value
    for (lon, lat), (x, y) in zip(kept.ring, plain["geometry"]["coordinates"][0], strict=True):
        assert (lon, lat) == pytest.approx((x, y), abs=1e-7)
    found = refusal(service.open_grids, caller=ADMIN, command_id="l", **collection(plain, crs="EPSG:3857"))
    assert ("/crs", "unknown_crs") in faults(found)


def test_the_desk_of_the_agency_reads_what_is_planned_in_its_district(
    service: MembersService, mapped: TerritoryStore
) -> None:
    plan = split(service)
    for role in ("dispatcher", "auditor"):
        desk = {**ADMIN, "grants": [{"role": role, "scope": "360704100"}]}
        listed = service.redrawings(caller=desk)["items"]
        assert [each["redrawing_id"] for each in listed] == [plan["redrawing_id"]]
        assert service.redrawing(caller=desk, redrawing_id=plan["redrawing_id"])["closes"] == [OLD]
    worker = {**ADMIN, "grants": [{"role": "grid_worker", "scope": OLD}]}
    assert refusal(service.redrawings, caller=worker).code == "not_permitted"


def strip(width: float, height: float) -> dict[str, Any]:
    """A strip with one edge along its south, and many along its north."""
    found = feature("360704100007009", (115.0, 25.0, 115.0 + width, 25.0 + height))
    north = [[115.0 + width * n / 100, 25.0 + height] for n in range(100, -1, -1)]
    found["geometry"]["coordinates"] = [[[115.0, 25.0], [115.0 + width, 25.0], *north, [115.0, 25.0]]]
    return found


def test_what_the_index_cannot_hold_is_refused_before_it_gets_there(
    service: MembersService, tree: TerritoryStore
) -> None:
    for wrong, code in ((strip(1.0, 0.0002), "ring_too_narrow"), (strip(1.5, 1.0), "edge_too_long")):
        found = refusal(service.open_grids, caller=ADMIN, command_id=code, **collection(wrong))
        assert faults(found) == {("/features/0/geometry/coordinates/0", code)}
    service.open_grids(caller=ADMIN, command_id="k", **collection(strip(1.0, 0.002)))
    assert located(tree, 115.5, 25.00001, NOW) == located(tree, 115.5, 25.00199, NOW) == "360704100007009"


def test_a_redrawing_that_the_database_refuses_holds_up_no_other(
    service: MembersService, mapped: TerritoryStore, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    narrow = strip(1.0, 0.0002)["geometry"]["coordinates"]
    plan = split(service)
    kept = database["redrawings"].find_one({"_id": plan["redrawing_id"]}) or {}
    bad = {**kept["opens"][0], "_id": "360704100007008", "area": {"type": "Polygon", "coordinates": narrow}}
    before = {**kept, "_id": "r-before", "at": kept["at"] - timedelta(seconds=1), "closes": [], "opens": [bad]}
    database["redrawings"].insert_one(before | {"commands": ["r-before"]})
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    stages = {each["_id"]: each["stage"] for each in database["redrawings"].find()}
    assert stages == {"r-before": "PLANNED", plan["redrawing_id"]: "CARRIED_OUT"}


def test_nobody_else_draws(service: MembersService, tree: TerritoryStore) -> None:
    good = collection(feature("360704100007009", (115.2, 25.9, 115.21, 25.91)))
    assert refusal(service.open_grids, caller=SELF, command_id="k", **good).code == "not_permitted"
    elsewhere = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert refusal(service.open_grids, caller=elsewhere, command_id="k", **good).code == "not_permitted"


def test_a_grid_is_split_on_its_date_with_all_that_lies_in_it(
    service: MembersService, mapped: TerritoryStore, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    base = feature("360704100007101", (115.011, 25.857, 115.013, 25.859), level="BASE", parent=OLD)
    service.open_grids(caller=ADMIN, command_id="base", **collection(base))
    plan = split(service)
    assert split(service) == plan
    clock.moment = DATE - timedelta(seconds=1)
    service.carry_out_redrawings()
    assert located(mapped, 115.0130, 25.8600, clock.now()) == OLD
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    service.carry_out_redrawings()
    assert located(mapped, 115.0130, 25.8600, DATE) == "360704100007003"
    assert located(mapped, 115.0140, 25.8600, DATE) == "360704100007004"
    assert located(mapped, 115.0130, 25.8600, DATE - timedelta(seconds=1)) == OLD
    old = service.grid(caller=ADMIN, grid_code=OLD)
    assert (old["to"], old["successors"]) == ("2026-04-01T11:46:00Z", sorted(HALVES))
    child = mapped.grid("360704100007101")
    assert child is not None
    assert child.parent == "360704100007003"
    lodge = service.compound(caller=ADMIN, compound_id="c-square")
    assert lodge["grid_code"] == "360704100007003"
    assert [each["grid_code"] for each in lodge["stood"]] == [OLD, "360704100007003"]
    assert service.redrawing(caller=ADMIN, redrawing_id=plan["redrawing_id"])["stage"] == "CARRIED_OUT"
    events = {
        (document["_id"], entry["type"])
        for name in ("grids", "compounds")
        for document in database[name].find({"unrelayed": True})
        for entry in document["history"]
        if entry["n"] > document["relayed"]
    }
    assert {
        (OLD, "grid.closed"),
        ("c-square", "compound.changed"),
        *((code, "grid.opened") for code in HALVES),
    } <= events
    with pytest.raises(Refusal, match="grid_closed"):
        mapped.check_open([OLD], "360704", DATE)
    mapped.check_open([OLD], "360704", DATE - timedelta(seconds=1))


def test_units_serve_what_their_grid_was_split_into_and_companies_where_their_compounds_lie(
    service: MembersService, mapped: TerritoryStore, organisations: UnitStore, clock: SetClock
) -> None:
    firm = Unit("u-firm", "360704", "测试企业甲", "ENTERPRISE", (OLD, "360704100002001"))
    homes = Unit("u-homes", "360704", "测试物业01公司", "PROPERTY", ())
    organisations.units.add([firm, homes], NOW)
    manages = {"compound_id": "c-square", "property_company_id": "u-homes"}
    service.change_compound(caller=ADMIN, command_id="manage", **manages)
    split(service)
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    found = {unit.id: unit for unit in organisations.units_of(["u-firm", "u-homes"])}
    assert found["u-firm"].grid_codes == ("360704100002001", "360704100007003", "360704100007004")
    assert found["u-homes"].grid_codes == ("360704100007003",)
    before = DATE - timedelta(seconds=1)
    assert found["u-firm"].grids_at(before) == ("360704100002001", OLD)
    assert found["u-homes"].grids_at(before) == (OLD,)


def rider(service: MembersService, name: str, **told: Any) -> str:
    known = {"nickname": name, "kind": "rider", "platform": "美团", "grid_code": OLD, "needs": []}
    return str(service.register_worker(caller=CADRE, command_id=name, **(known | told))["worker_id"])


def test_workers_belong_to_what_follows_their_grid(
    service: MembersService, mapped: TerritoryStore, venues: VenueStore, clock: SetClock, database: Stored
) -> None:
    """Of several that follow it, to the one of their station; who has none stays where they were, to be asked."""
    venues.add([Venue("v-east", "红色驿站", REST_STATION, OLD, (115.0160, 25.8600), NOW.date())], NOW)
    here, at_station, gone = rider(service, "甲"), rider(service, "乙", station_id="v-east"), rider(service, "丙")
    service.worker_leaves(caller=CADRE, command_id="gone", worker_id=gone)
    split(service)
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    for _ in range(2):
        service.follow_redrawn_grid(closing(OLD))
    found = {each["_id"]: each for each in database["workers"].find()}
    assert {id: each["links"][-1]["grid_code"] for id, each in found.items()} == {
        here: OLD,
        at_station: "360704100007004",
        gone: OLD,
    }
    links = [(each["grid_code"], each["station_id"], each["until"]) for each in found[at_station]["links"]]
    assert links == [(OLD, "v-east", DATE), ("360704100007004", "v-east", None)]
    assert found[at_station]["version"] == 2
    newcomer = {"nickname": "丁", "kind": "rider", "platform": "美团", "station_id": "v-east", "needs": []}
    entered = service.register_worker(caller=CADRE, command_id="new", **newcomer)
    assert entered["grid_code"] == "360704100007004"


def test_a_worker_moves_with_a_grid_that_is_merged(
    service: MembersService, mapped: TerritoryStore, clock: SetClock, database: Stored
) -> None:
    here = rider(service, "甲")
    whole = collection(feature("360704100007009", (115.002, 25.8564, 115.018, 25.8636)))
    split(service, closes=["360704100007001", OLD], opens=whole)
    clock.moment = DATE
    service.carry_out_redrawings()
    service.follow_redrawn_grid(closing(OLD))
    assert service.worker(caller=CADRE, worker_id=here)["grid_code"] == "360704100007009"
    census = service.worker_census(caller=CADRE, area=SQUARE)
    assert (census["known"], census["linked"]) == (1, 1)


def test_where_a_point_will_lie_is_told_by_the_plan(service: MembersService, mapped: TerritoryStore) -> None:
    plan = split(service)

    def lies(at: datetime | None) -> str:
        told = {"lon": 115.0130, "lat": 25.8600} | ({"at": at.isoformat()} if at else {})
        return str(service.locate(caller=ADMIN, **told)["grid_code"])

    assert lies(DATE) == lies(DATE + timedelta(days=1)) == "360704100007003"
    assert lies(None) == lies(DATE - timedelta(seconds=1)) == OLD
    service.cancel_redrawing(caller=ADMIN, command_id="stop", redrawing_id=plan["redrawing_id"])
    assert lies(DATE) == OLD


NEW_HOMES = {"name": "测试新苑", "location": {"lon": 115.0130, "lat": 25.8610}}


def test_a_compound_that_comes_while_its_grid_closes_goes_where_the_others_do(
    service: MembersService, mapped: TerritoryStore, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written after the sweep has looked for compounds: the sweep finds its grid changed, and looks anew."""
    split(service)
    clock.moment = DATE - timedelta(seconds=1)
    look, made = service.territory.compounds_in, list[dict[str, Any]]()

    def slowly(codes: Any, tenant: str) -> Any:
        found = look(codes, tenant)
        if not made:
            clock.moment = DATE - timedelta(seconds=1)  # whoever enters it read the clock before the date
            made.append(service.register_compound(caller=ADMIN, command_id="new", **NEW_HOMES))
            clock.moment = DATE + timedelta(seconds=3)
        return found

    monkeypatch.setattr(service.territory, "compounds_in", slowly)
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    assert made[0]["grid_code"] == OLD
    assert service.grid(caller=ADMIN, grid_code=OLD)["to"] is None
    service.carry_out_redrawings()
    moved = service.compound(caller=ADMIN, compound_id=made[0]["compound_id"])
    assert moved["grid_code"] == "360704100007003"


@pytest.mark.parametrize("moved", [False, True])
def test_a_compound_whose_grid_has_closed_before_it_is_written_goes_to_the_next(
    service: MembersService,
    mapped: TerritoryStore,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    moved: bool,
) -> None:
    split(service)
    elsewhere = {"lon": 115.0060, "lat": 25.8600}
    id = service.register_compound(caller=ADMIN, command_id="far", name="测试旧苑", location=elsewhere)["compound_id"]
    read, swept = service.territory.grids_of, list[bool]()

    def slowly(codes: Any, tenant: str) -> Any:
        found = read(codes, tenant)
        if not swept:
            swept.append(True)
            clock.moment = DATE
            service.carry_out_redrawings()
            clock.moment = DATE - timedelta(seconds=1)  # the clock of whoever enters it is late
        return found

    clock.moment = DATE - timedelta(seconds=1)
    monkeypatch.setattr(service.territory, "grids_of", slowly)
    if moved:
        told = {"compound_id": id, "location": NEW_HOMES["location"]}
        assert refusal(service.change_compound, caller=ADMIN, command_id="new", **told).code == "stale_version"
        made = service.change_compound(caller=ADMIN, command_id="new", **told)
    else:
        made = service.register_compound(caller=ADMIN, command_id="new", **NEW_HOMES)
    assert made["grid_code"] == "360704100007003"


def test_grids_are_merged_on_a_date(service: MembersService, mapped: TerritoryStore, clock: SetClock) -> None:
    whole = collection(feature("360704100007009", (115.002, 25.8564, 115.018, 25.8636)))
    split(service, closes=["360704100007001", OLD], opens=whole)
    clock.moment = DATE
    service.carry_out_redrawings()
    assert located(mapped, 115.0130, 25.8600, DATE) == located(mapped, 115.0030, 25.8600, DATE) == "360704100007009"


def test_a_redrawing_that_was_cancelled_is_not_carried_out(
    service: MembersService, mapped: TerritoryStore, clock: SetClock
) -> None:
    plan = split(service)
    service.cancel_redrawing(caller=ADMIN, command_id="stop", redrawing_id=plan["redrawing_id"])
    clock.moment = DATE
    service.carry_out_redrawings()
    assert located(mapped, 115.0130, 25.8600, DATE) == OLD
    over = refusal(service.cancel_redrawing, caller=ADMIN, command_id="x", redrawing_id=plan["redrawing_id"])
    assert over.code == "redrawing_over"


def test_what_is_opened_planned_called_off_and_redrawn_is_in_the_trail(
    service: MembersService, mapped: TerritoryStore, clock: SetClock
) -> None:
    base = feature("360704100007101", (115.011, 25.857, 115.013, 25.859), level="BASE", parent=OLD)
    service.open_grids(caller=ADMIN, command_id="base", **collection(base))
    off = split(service)["redrawing_id"]
    service.cancel_redrawing(caller=ADMIN, command_id="stop", redrawing_id=off)
    done = service.plan_redrawing(caller=ADMIN, command_id="anew", at=DATE.isoformat(), closes=[OLD], opens=halves())[
        "redrawing_id"
    ]
    clock.moment = DATE
    service.carry_out_redrawings()
    service.carry_out_redrawings()
    maps = entered(service, service.drawings.maps.outbox)
    told = {"grid_codes": ["360704100007101"], "from": written(NOW)}
    assert [(row["act"], row["who"], row["role"], row["what"]["id"], row["details"]) for row in maps] == [
        ("map.drawn", "p-admin", "district_admin", "360704", told)
    ]
    planned = {"closes": [OLD], "opens": sorted(HALVES), "for": written(DATE)}
    rows = entered(service, service.drawings.redrawings.outbox, area=OLD)
    assert sorted((row["act"], row["who"], row["what"]["id"], len(row["details"])) for row in rows) == sorted(
        [
            ("redrawing.planned", "p-admin", off, 3),
            ("redrawing.cancelled", "p-admin", off, 0),
            ("redrawing.planned", "p-admin", done, 3),
            ("redrawing.carried_out", "clock", done, 2),
        ]
    )
    of_done = {row["act"]: row["details"] for row in rows if row["what"]["id"] == done}
    assert of_done["redrawing.planned"] == planned
    assert of_done["redrawing.carried_out"] == {"closed": [OLD], "opened": sorted(HALVES)}


def test_all_that_is_wrong_with_a_plan_is_named_at_once(service: MembersService, mapped: TerritoryStore) -> None:
    base = feature("360704100007101", (115.013, 25.857, 115.015, 25.859), level="BASE", parent=OLD)
    service.open_grids(caller=ADMIN, command_id="base", **collection(base))
    small = collection(feature("360704100007003", (115.010, 25.8564, 115.0135, 25.8636)))
    plan = {"at": NOW.isoformat(), "closes": [OLD], "opens": small}
    found = refusal(service.plan_redrawing, caller=ADMIN, command_id="k", **plan)
    assert faults(found) == {
        ("/at", "redrawing_too_early"),
        ("/opens", "redrawing_covers_other_land"),
        ("/opens", "redrawing_cuts_grids"),
    }
    unknown = {**plan, "at": DATE.isoformat(), "closes": ["360704100007555"]}
    found = refusal(service.plan_redrawing, caller=ADMIN, command_id="k", **unknown)
    assert ("/closes/0", "unknown_grid") in faults(found)


def test_a_grid_is_in_one_redrawing_at_a_time_and_planned_codes_are_taken(
    service: MembersService, mapped: TerritoryStore
) -> None:
    split(service)
    again = {"at": DATE.isoformat(), "closes": [OLD], "opens": halves()}
    found = refusal(service.plan_redrawing, caller=ADMIN, command_id="k", **again)
    assert faults(found) == {
        ("/closes/0", "grid_redrawn_already"),
        ("/opens/features/0/properties/grid_code", "grid_code_taken"),
        ("/opens/features/1/properties/grid_code", "grid_code_taken"),
    }


def test_who_was_slower_draws_anew(
    service: MembersService, mapped: TerritoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two drawings that overlap, decided on the same map: the second is decided anew, and refused."""
    one = collection(feature("360704100007009", (115.2, 25.9, 115.21, 25.91)))
    other = collection(feature("360704100007008", (115.205, 25.9, 115.215, 25.91)))
    service.open_grids(
        caller=ADMIN, command_id="first", **collection(feature("360704100007007", (115.3, 25.9, 115.31, 25.91)))
    )
    meeting, raced = TerritoryStore.grids_meeting, list[bool]()

    def slow(store: TerritoryStore, *arguments: Any) -> Any:
        found = meeting(store, *arguments)
        if not raced:
            raced.append(True)
            service.open_grids(caller=ADMIN, command_id="fast", **one)
        return found

    monkeypatch.setattr(TerritoryStore, "grids_meeting", slow)
    found = refusal(service.open_grids, caller=ADMIN, command_id="slow", **other)
    assert faults(found) == {("/features/0/geometry/coordinates/0", "grid_overlaps")}


def test_a_compound_lies_in_the_grid_that_holds_its_point(
    service: MembersService, mapped: TerritoryStore, clock: SetClock
) -> None:
    lon, lat = to_gcj02(115.0141, 25.8600)
    body = {"name": "新苑小区", "location": {"lon": lon, "lat": lat, "crs": "GCJ02"}, "fallback_unit_id": "u-union"}
    made = service.register_compound(caller=ADMIN, command_id="k", **body)
    assert (made["grid_code"], made["fallback_unit_id"]) == (OLD, "u-union")
    assert service.register_compound(caller=ADMIN, command_id="k", **body) == made
    shown = service.compound(caller=ADMIN, compound_id=made["compound_id"])
    assert shown["source_crs"] == "GCJ02"
    assert (shown["location"]["lon"], shown["location"]["lat"]) == pytest.approx((115.0141, 25.86), abs=1e-6)
    clock.moment = NOW + timedelta(days=1)
    to = {"location": {"lon": 115.003, "lat": 25.86}}
    moved = service.change_compound(caller=ADMIN, command_id="l", compound_id=made["compound_id"], **to)
    assert moved["grid_code"] == "360704100007001"
    kept = mapped.compound(made["compound_id"], ["360704"])
    assert kept is not None
    before, after = kept[0].as_of(NOW), kept[0].as_of(NOW + timedelta(days=1))
    assert before is not None
    assert after is not None
    assert (before.grid_code, after.grid_code) == (OLD, "360704100007001")
    assert kept[0].as_of(NOW - timedelta(seconds=1)) is None
    wrong = refusal(service.register_compound, caller=ADMIN, command_id="m", **body | {"fallback_unit_id": "u-x"})
    outside = {"location": {"lon": 110.0, "lat": 20.0}, "property_company_id": "u-union", "fallback_unit_id": "u-x"}
    every = refusal(service.register_compound, caller=ADMIN, command_id="o", **body | outside)
    again = refusal(service.change_compound, caller=ADMIN, command_id="p", compound_id=made["compound_id"], **outside)
    faults = [("/location", "outside_all_grids"), ("/property_company_id", "not_a_property_company")]
    for found in (every, again):
        told = [(each["pointer"], each["code"]) for each in found.details["errors"]]
        assert (found.code, told) == ("invalid", [*faults, ("/fallback_unit_id", "unknown_unit")])
    assert kept == mapped.compound(made["compound_id"], ["360704"])
    stranger = refusal(service.register_compound, caller=SELF, command_id="q", **body | outside)
    assert stranger.code == "not_permitted"
    assert (wrong.code, wrong.details["errors"][0]["pointer"]) == ("unknown_unit", "/fallback_unit_id")
    assert refusal(service.register_compound, caller=SELF, command_id="n", **body).code == "not_permitted"


def test_areas_are_entered_beneath_areas_that_there_are(service: MembersService, mapped: TerritoryStore) -> None:
    body = {"code": "360704100013", "name": "测试社区", "party_organisation": "u-party-org-07"}
    made = service.open_area(caller=ADMIN, command_id="k", **body)
    assert service.open_area(caller=ADMIN, command_id="k", **body) == made
    assert service.area(caller=ADMIN, code="360704100013")["party_organisation"]["name"] == "广场社区党委"
    assert refusal(service.open_area, caller=ADMIN, command_id="l", **body).code == "area_code_taken"
    orphan = refusal(service.open_area, caller=ADMIN, command_id="l", code="360704200001", name="x")
    assert orphan.code == "unknown_area"
    nobody = refusal(service.open_area, caller=ADMIN, command_id="l", code="360704100014", name="x", union_body="u-x")
    assert nobody.dump() == {"code": "unknown_unit", "details": {"union_body": "u-x"}}
    service.change_area(caller=ADMIN, command_id="m", code="360704100013", to="2026-03-12T12:00:00Z")
    closed = refusal(service.area, caller=ADMIN, code="360704100013", at="2026-03-12T12:00:00Z")
    assert closed.code == "area_not_found"
    assert service.area(caller=ADMIN, code="360704100013", at="2026-03-12T11:59:59Z")["name"] == "测试社区"
    codes = [each["code"] for each in service.areas(caller=ADMIN, kind="COMMUNITY", limit=5)["items"]]
    assert codes == [f"3607041000{n:02d}" for n in range(1, 6)]


def test_buildings_stand_in_a_compound_by_number(service: MembersService, mapped: TerritoryStore) -> None:
    for number in ("10号楼", "9号楼", "A座"):
        service.register_building(
            caller=ADMIN, command_id=number, compound_id="c-square", number=number, households=60, entrances=2
        )
    shown = service.buildings(caller=SELF, compound_id="c-square")["items"]
    assert [each["number"] for each in shown] == ["9号楼", "10号楼", "A座"]
    again: dict[str, Any] = {"caller": ADMIN, "compound_id": "c-square", "number": "A座"}
    assert refusal(service.register_building, command_id="x", **again).code == "building_number_taken"
    gone = {"caller": ADMIN, "building_id": shown[2]["building_id"], "to": "2026-04-01T00:00:00Z"}
    service.change_building(command_id="y", **gone)
    service.register_building(command_id="z", **again | {"from": "2026-04-01T00:00:00Z"})
    later = service.buildings(caller=ADMIN, compound_id="c-square", at="2026-04-02T00:00:00Z")["items"]
    assert [each["number"] for each in later] == ["9号楼", "10号楼", "A座"]
    assert refusal(service.buildings, caller=ADMIN, compound_id="c-x").code == "compound_not_found"
    assert refusal(service.register_building, command_id="w", **again | {"caller": SELF}).code == "not_permitted"


def test_a_list_goes_on_where_its_page_ended(service: MembersService, mapped: TerritoryStore) -> None:
    first = service.grids(caller=ADMIN, area="360704100012", level="SERVICE", limit=1)
    assert (first["items"][0]["grid_code"], first["next"]) == ("360704100012001", "360704100012001")
    second = service.grids(caller=ADMIN, area="360704100012", level="SERVICE", limit=1, after=first["next"])
    assert ([each["grid_code"] for each in second["items"]], second["next"]) == (["360704100012002"], None)
    assert "ring" not in second["items"][0]
    assert service.grids(caller=ADMIN, at="2025-06-30T15:59:59Z")["items"] == []
    assert service.grids(caller={**ADMIN, "grants": [{"role": "auditor", "scope": "360703"}]})["items"] == []


def test_standings_of_a_moment_are_one() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    twice = standing(replace(standing(LODGE, at), grid_code="360704100007001"), at)
    assert [each.grid_code for each in twice.stood] == ["360704100007001"]
    assert standing(twice, NOW) == twice
