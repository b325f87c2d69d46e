"""A point lies in exactly one grid of a level, also on every shared edge and corner."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.area import community_of, tenant_of
from members.closings.closing import closed
from members.demo.territory import service_grids
from members.territory.grid import Grid, Level, holding

NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
GRIDS = service_grids()
LONS = sorted({lon for grid in GRIDS for lon, _ in grid.ring})
LATS = sorted({lat for grid in GRIDS for _, lat in grid.ring})
CORNERS = list(itertools.product(LONS, LATS))


def codes(lon: float, lat: float) -> list[str]:
    return [grid.code for grid in GRIDS if grid.holds(lon, lat)]


def test_the_demo_map_has_18_service_grids_with_codes_of_15_digits() -> None:
    assert len({grid.code for grid in GRIDS}) == 18
    assert {len(grid.code) for grid in GRIDS} == {15}
    assert {grid.level for grid in GRIDS} == {Level.SERVICE}


def test_the_centre_of_the_city_is_in_the_second_grid_of_guangchang_only() -> None:
    assert codes(115.0100, 25.8600) == ["360704100007002"]


@pytest.mark.parametrize(("lon", "lat"), CORNERS)
def test_a_corner_belongs_to_the_grid_north_east_of_it_and_to_no_other(lon: float, lat: float) -> None:
    inside = lon < LONS[-1] and lat < LATS[-1]
    assert codes(lon, lat) == (codes(lon + 0.001, lat + 0.001) if inside else [])


@pytest.mark.parametrize(("lon", "lat"), list(itertools.product(LONS, [lat + 0.0031 for lat in LATS[:-1]])))
def test_an_upright_edge_belongs_to_the_grid_east_of_it(lon: float, lat: float) -> None:
    assert codes(lon, lat) == (codes(lon + 0.001, lat) if lon < LONS[-1] else [])


@pytest.mark.parametrize(("lon", "lat"), list(itertools.product([lon + 0.0031 for lon in LONS[:-1]], LATS)))
def test_a_level_edge_belongs_to_the_grid_north_of_it(lon: float, lat: float) -> None:
    assert codes(lon, lat) == (codes(lon, lat + 0.001) if lat < LATS[-1] else [])


def test_the_holding_grid_is_found_among_candidates() -> None:
    assert holding(GRIDS, 115.0058, 25.8672, Level.SERVICE, NOW).name == "高新社区第一网格（东源胜景片）"


def test_a_point_outside_every_grid_is_refused() -> None:
    with pytest.raises(Refusal, match="outside_all_grids") as refusal:
        holding(GRIDS, 114.9, 25.86, Level.SERVICE, NOW)
    assert refusal.value.details == {"lon": 114.9, "lat": 25.86, "level": "SERVICE"}


def test_a_point_has_no_grid_of_a_level_that_is_not_drawn() -> None:
    with pytest.raises(Refusal, match="outside_all_grids"):
        holding(GRIDS, 115.0058, 25.8672, Level.BASE, NOW)


def test_where_two_grids_overlap_the_smaller_code_has_the_point() -> None:
    twin = Grid("360704100002009", "x", "高新社区", Level.SERVICE, GRIDS[2].ring, GRIDS[2].opened)
    for grids in ([*GRIDS, twin], [twin, *GRIDS]):
        assert holding(grids, 115.0058, 25.8672, Level.SERVICE, NOW).code == GRIDS[2].code


def test_a_grid_holds_from_its_opening_until_it_is_closed() -> None:
    old = replace(GRIDS[2], closed=NOW)
    new = replace(old, code="360704100002009", opened=NOW, closed=None)
    assert holding([old, new], 115.0058, 25.8672, Level.SERVICE, NOW).code == new.code
    assert holding([old, new], 115.0058, 25.8672, Level.SERVICE, NOW - timedelta(microseconds=1)).code == old.code
    with pytest.raises(Refusal, match="outside_all_grids"):
        holding([old, new], 115.0058, 25.8672, Level.SERVICE, old.opened - timedelta(microseconds=1))


def test_a_code_names_its_district_and_its_community() -> None:
    assert tenant_of("360704100002001") == "360704"
    assert community_of("360704100002001") == "360704100002"


@pytest.mark.parametrize("code", ["36070410000200", "36070410000200x", ""])
def test_a_grid_needs_a_code_of_15_digits(code: str) -> None:
    with pytest.raises(ValueError, match="15 digits"):
        Grid(code, "x", "y", Level.SERVICE, GRIDS[0].ring, GRIDS[0].opened)


def test_a_polygon_must_be_closed() -> None:
    with pytest.raises(ValueError, match="closed"):
        Grid("360704100002009", "x", "y", Level.SERVICE, GRIDS[0].ring[:-1], GRIDS[0].opened)


def test_a_grid_that_opens_later_does_not_close_before() -> None:
    later = replace(GRIDS[2], opened=NOW + timedelta(days=2))
    with pytest.raises(Refusal, match="closing_too_early"):
        closed(later, NOW + timedelta(days=1), NOW, {})
    assert closed(later, later.opened, NOW, {}).closed == later.opened
