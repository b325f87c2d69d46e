"""Places: exactly one grid for each point, found by its tile, in a reference system that is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.place import (
    METRES_OF_DEGREE,
    Compound,
    Grid,
    Place,
    Point,
    distance_m,
    holding,
    nearest,
    point,
    same_place,
    shown_point,
    spots_around,
    tile,
    tiles,
    within,
)
from chassis.datum import to_bd09, to_gcj02
from tests.unit.cases.play import GRID, LAMP, code_of


def square(code: str, west: float, south: float, size: float = 0.008, level: str = "SERVICE") -> Grid:
    east, north = west + size, south + size
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Grid(code, code, "高新社区", level, ring)


NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
LEFT, RIGHT = square("left", 115.0, 25.86), square("right", 115.008, 25.86)
longitudes = st.floats(114.9, 115.1)
latitudes = st.floats(25.8, 25.9)


@given(longitudes, latitudes)
def test_neighbours_share_no_point(lon: float, lat: float) -> None:
    held = [grid for grid in (LEFT, RIGHT) if code_of_grid([grid], Point(lon, lat)) == grid.code]
    assert len(held) <= 1


def code_of_grid(grids: list[Grid], spot: Point) -> str | None:
    from chassis.errors import Refusal  # noqa: PLC0415

    try:
        return holding(grids, spot, NOW).code
    except Refusal:
        return None


@given(longitudes, latitudes, st.floats(0.001, 0.1), st.floats(0, 0.999999), st.floats(0, 0.999999))
def test_every_point_of_a_grid_finds_it_by_its_tile(west: float, south: float, size: float, x: float, y: float) -> None:
    grid = square("any", west, south, size)
    assert tile(west + x * size, south + y * size) in tiles(grid.ring)


def test_a_shared_edge_belongs_to_the_right_hand_grid() -> None:
    assert holding([LEFT, RIGHT], Point(115.008, 25.861), NOW).code == "right"


def test_a_point_outside_every_grid_is_refused() -> None:
    assert code_of(holding, [LEFT, RIGHT], Point(116.0, 25.861), NOW) == "outside_all_grids"


def test_where_two_grids_overlap_the_smaller_code_has_the_point() -> None:
    for grids in ([LEFT, replace(LEFT, code="again")], [replace(LEFT, code="again"), LEFT]):
        assert holding(grids, Point(115.001, 25.861), NOW).code == "again"


def test_a_grid_holds_from_its_opening_until_it_is_closed() -> None:
    old, new = replace(LEFT, closed=NOW), replace(LEFT, code="new", opened=NOW)
    spot = Point(115.001, 25.861)
    assert holding([old, new], spot, NOW).code == "new"
    assert holding([old, new], spot, NOW - timedelta(microseconds=1)).code == "left"


def test_only_service_grids_hold_cases() -> None:
    assert (
        code_of(holding, [square("base", 115.0, 25.86, level="BASE")], Point(115.001, 25.861), NOW)
        == "outside_all_grids"
    )


def test_the_reference_system_is_kept_and_has_to_be_known() -> None:
    assert point({"lon": 115, "lat": 25, "crs": "CGCS2000"}) == Point(115.0, 25.0, "CGCS2000")
    for crs in ("wgs84", "EPSG:3857"):
        assert code_of(point, {"lon": 115, "lat": 25, "crs": crs}) == "unknown_crs"


@pytest.mark.parametrize("crs", ["GCJ02", "BD09"])
def test_a_point_of_a_phone_map_lies_where_it_is_and_not_where_it_shows(crs: str) -> None:
    there = to_gcj02(115.0, 25.86) if crs == "GCJ02" else to_bd09(*to_gcj02(115.0, 25.86))
    found = point({"lon": there[0], "lat": there[1], "crs": crs})
    assert distance_m(found, Point(115.0, 25.86)) < 0.1
    assert distance_m(Point(*there), Point(115.0, 25.86)) > 300
    assert found.source_crs == crs
    assert shown_point(found) == {"lon": found.lon, "lat": found.lat, "crs": "WGS84", "source_crs": crs}


def test_a_place_lies_in_its_district_town_community_and_grid() -> None:
    assert LAMP.areas == ("360704", "360704100", "360704100002", GRID)
    assert LAMP.tenant == "360704"


@pytest.mark.parametrize(("metres", "near"), [(160, False), (170, True)])
def test_distance_is_measured_on_the_sphere(metres: float, near: bool) -> None:
    assert within(Point(115.0, 25.86), Point(115.0, 25.8615), metres) is near
    assert within(None, Point(0, 0), metres) is None
    assert round(distance_m(Point(0, 0), Point(1, 0))) == 111_195


def test_two_reports_may_be_about_one_spot() -> None:
    assert same_place(LAMP, Place(GRID))
    assert same_place(LAMP, Place(GRID, Point(115.0060, 25.8675)))
    assert not same_place(LAMP, Place(GRID, compound_id="c-other"))
    assert not same_place(LAMP, Place("360704100002002"))


def test_a_point_lies_at_the_nearest_compound_within_two_hundred_metres() -> None:
    def at(id: str, metres: float) -> Compound:
        return Compound(id, id, GRID, Point(115.0, 25.86 + metres / METRES_OF_DEGREE), True, False, None)

    here = Point(115.0, 25.86)
    assert nearest([at("b", 150), at("a", 190), at("c", -160)], here) == at("b", 150)
    assert nearest([at("b", 150), at("a", 150)], here) == at("a", 150)
    assert nearest([at("a", 199)], here) == at("a", 199)
    assert nearest([at("a", 201)], here) is None
    assert nearest([], here) is None


@pytest.mark.parametrize("lat", [84.0, 89.9, 90.0, -90.0])
def test_at_a_pole_there_are_no_more_squares_than_anywhere_else(lat: float) -> None:
    assert len(spots_around(Point(115.0, lat), 200)) < 500
