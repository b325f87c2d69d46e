"""Grids in a real database: the index proposes, the rule decides; every addition carries its event."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from members.demo.territory import areas, service_grids
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.places import After, page_of
from members.territory.area import AreaKind
from members.territory.compound import Compound
from members.territory.grid import Grid, Level, holding
from members.territory.store import TerritoryStore

NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
GRIDS = service_grids()
CORNERS = list(itertools.product({lon for g in GRIDS for lon, _ in g.ring}, {lat for g in GRIDS for _, lat in g.ring}))


@pytest.fixture
def mapped(territory: TerritoryStore) -> TerritoryStore:
    territory.grids.add(GRIDS, NOW)
    return territory


def located(store: TerritoryStore, lon: float, lat: float, tenants: set[str] | None = None) -> str | None:
    try:
        return holding(store.grids_around(lon, lat, Level.SERVICE, tenants, NOW), lon, lat, Level.SERVICE, NOW).code
    except Refusal:
        return None


def test_every_corner_is_found_as_the_rule_alone_finds_it(mapped: TerritoryStore) -> None:
    for lon, lat in CORNERS:
        expected = next((grid.code for grid in GRIDS if grid.holds(lon, lat)), None)
        assert located(mapped, lon, lat) == expected


def test_every_edge_is_found_as_the_rule_alone_finds_it(mapped: TerritoryStore) -> None:
    for lon, lat in itertools.product((115.0037, 115.0058, 115.0099), sorted({y for _, y in CORNERS})):
        expected = next((grid.code for grid in GRIDS if grid.holds(lon, lat)), None)
        assert located(mapped, lon, lat) == expected


def test_a_wide_polygon_keeps_its_southern_edge_although_the_index_sees_it_bulge(territory: TerritoryStore) -> None:
    ring = ((114.0, 25.0), (115.0, 25.0), (115.0, 26.0), (114.0, 26.0), (114.0, 25.0))
    territory.grids.add([Grid("360704100009009", "x", "y", Level.SERVICE, ring, NOW)], NOW)
    assert located(territory, 114.5, 25.0) == "360704100009009"


def test_a_grid_of_another_district_is_not_found_for_a_caller_of_this_one(mapped: TerritoryStore) -> None:
    assert located(mapped, 115.0058, 25.8672, {"360704"}) == "360704100002001"
    assert located(mapped, 115.0058, 25.8672, {"360703"}) is None


def test_a_grid_comes_back_as_it_was_written(mapped: TerritoryStore) -> None:
    assert mapped.grid("360704100002001") == GRIDS[2]
    assert mapped.grid("360704100002999") is None


def test_adding_again_adds_nothing(mapped: TerritoryStore) -> None:
    assert mapped.grids.add(GRIDS, NOW) == 0


def test_each_grid_waits_in_the_outbox_with_its_event(
    mapped: TerritoryStore, database: Database[dict[str, Any]]
) -> None:
    kept = database["grids"].find_one({"_id": "360704100002001"})
    assert kept is not None
    assert (kept["version"], kept["relayed"], kept["unrelayed"]) == (1, 0, True)
    assert kept["history"][0]["type"] == "grid.opened"
    assert kept["history"][0]["data"]["ring"][0] == [115.002, 25.8636]


def test_places_come_page_by_page_grids_before_compounds_before_units_before_areas(
    mapped: TerritoryStore, organisations: UnitStore
) -> None:
    lodge = Compound("c-dongyuan", "东源胜景小区", "360704100002001", (115.0058, 25.8672), is_old=True)
    mapped.compounds.add([lodge], NOW)
    organisations.units.add([Unit("u-1", "360704", "高新社区居委会", "COMMUNITY", ("360704100002001",))], NOW)
    mapped.add_areas(areas(GRIDS)[:1], NOW)
    nouns: dict[str, After] = {
        "grids": mapped.grids.after,
        "compounds": mapped.compounds.after,
        "units": organisations.units.after,
        "areas": mapped.announced,
    }
    after, types = "", []
    while page := page_of(nouns, after, 7):
        types += [item["type"] for item in page]
        after = page[-1]["cursor"]
    assert types == ["grid.opened"] * 18 + ["compound.registered", "unit.registered", "area.opened"]


def test_a_tie_to_grids_names_all_that_are_unknown_before_all_that_are_closed(mapped: TerritoryStore) -> None:
    shut = [replace(GRIDS[n], code=f"36070410000290{n}", closed=NOW) for n in range(2)]
    mapped.grids.add(shut, NOW)
    codes = [GRIDS[2].code, *(grid.code for grid in shut)]
    mapped.check_open(codes, "360704", NOW - timedelta(seconds=1))
    with pytest.raises(Refusal) as closed:
        mapped.check_open(codes, "360704", NOW)
    assert closed.value.dump() == {"code": "grid_closed", "details": {"grid_codes": codes[1:]}}
    with pytest.raises(Refusal) as unknown:
        mapped.check_open([*codes, "360704100002999", "360704100002998"], "360704", NOW)
    assert unknown.value.dump() == {
        "code": "unknown_grid",
        "details": {"grid_codes": ["360704100002998", "360704100002999"]},
    }
    with pytest.raises(Refusal, match="unknown_grid"):
        mapped.check_open(codes[:1], "360703", NOW)


def test_a_grid_is_not_open_before_it_is_opened(mapped: TerritoryStore) -> None:
    with pytest.raises(Refusal, match="grid_closed"):
        mapped.check_open([GRIDS[0].code], "360704", GRIDS[0].opened - timedelta(seconds=1))


def test_the_areas_above_the_grids_are_found_by_their_codes(territory: TerritoryStore) -> None:
    assert territory.add_areas(areas(GRIDS), NOW) == 14
    assert territory.add_areas(areas(GRIDS), NOW) == 0
    square = territory.area("360704100007")
    assert square is not None
    assert (square.name, square.kind, square.parent) == ("广场社区", AreaKind.COMMUNITY, "360704100")
    assert (square.party_organisation, square.union_body) == ("u-party-org-07", "u-union")
    agency = territory.area("360704100")
    assert agency is not None
    assert (agency.name, agency.kind, agency.parent) == ("城市社区管委会", AreaKind.AGENCY, "360704")
    assert territory.area("360704100099") is None


@pytest.mark.parametrize("lon", [-180.0, -179.9995, 0.0, 115.0, 180.0])
@pytest.mark.parametrize("lat", [-90.0, -89.9995, 0.0, 89.9995, 90.0])
def test_a_point_at_the_edge_of_the_globe_is_in_no_grid(mapped: TerritoryStore, lon: float, lat: float) -> None:
    assert located(mapped, lon, lat) is None
