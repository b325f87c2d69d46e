"""Grids in a real database: the index proposes, the rule decides; every addition carries its event."""

import itertools
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from members.demo.territory import service_grids
from members.noun import Noun
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.places import page_of
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
        return holding(store.grids_around(lon, lat, Level.SERVICE, tenants), lon, lat, Level.SERVICE).code
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


def test_places_come_page_by_page_grids_before_compounds_before_units(
    mapped: TerritoryStore, organisations: UnitStore
) -> None:
    lodge = Compound("c-dongyuan", "东源胜景小区", "360704100002001", (115.0058, 25.8672), is_old=True)
    mapped.compounds.add([lodge], NOW)
    organisations.units.add([Unit("u-1", "360704", "高新社区居委会", "COMMUNITY", ("360704100002001",))], NOW)
    nouns: dict[str, Noun[Any]] = {"grids": mapped.grids, "compounds": mapped.compounds, "units": organisations.units}
    after, types = "", []
    while page := page_of(nouns, after, 7):
        types += [item["type"] for item in page]
        after = page[-1]["cursor"]
    assert types == ["grid.opened"] * 18 + ["compound.registered", "unit.registered"]


def test_looking_up_a_point_takes_milliseconds(mapped: TerritoryStore) -> None:
    began = time.perf_counter()
    for _ in range(20):
        located(mapped, 115.0058, 25.8672)
    assert (time.perf_counter() - began) / 20 < 0.02


@pytest.mark.parametrize("lon", [-180.0, -179.9995, 0.0, 115.0, 180.0])
@pytest.mark.parametrize("lat", [-90.0, -89.9995, 0.0, 89.9995, 90.0])
def test_a_point_at_the_edge_of_the_globe_is_in_no_grid(mapped: TerritoryStore, lon: float, lat: float) -> None:
    assert located(mapped, lon, lat) is None
