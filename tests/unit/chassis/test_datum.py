"""Points from Chinese maps are turned into WGS84."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.datum import Datum, to_bd09, to_gcj02, to_wgs84

DECIMETRE = 9e-7
"""Degrees of latitude; of longitude it is less."""

PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
"""WGS84 points and the same points in GCJ-02, from the test data of the public implementations."""


@pytest.mark.parametrize(("wgs84", "gcj02"), PUBLISHED)
def test_the_published_vectors_hold(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-6)


@pytest.mark.parametrize(("wgs84", "gcj02"), PUBLISHED)
def test_the_way_back_is_exact_to_a_decimetre(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert to_wgs84(*to_gcj02(*wgs84), Datum.GCJ02) == pytest.approx(wgs84, abs=DECIMETRE, rel=0)


@given(st.floats(73.6, 135), st.floats(18, 53.5))
def test_bd09_and_gcj02_lead_back_to_the_same_point(lon: float, lat: float) -> None:
    for shown, datum in ((to_gcj02(lon, lat), Datum.GCJ02), (to_bd09(*to_gcj02(lon, lat)), Datum.BD09)):
        assert to_wgs84(*shown, datum) == pytest.approx((lon, lat), abs=DECIMETRE, rel=0)


def test_bd09_is_as_published() -> None:
    """GCJ-02 (116.404, 39.915) in BD-09, from the test data of the public implementations."""
    assert to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-9)


def test_a_map_point_in_the_city_is_off_by_hundreds_of_metres() -> None:
    place = (115.0058, 25.8672)
    east, north = (there - here for there, here in zip(to_gcj02(*place), place, strict=True))
    assert 300 < hypot(east * cos(radians(place[1])), north) * 111_195 < 700


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.CGCS2000])
def test_other_data_stay_as_they_are(datum: Datum) -> None:
    assert to_wgs84(115.0, 25.8, datum) == (115.0, 25.8)


def test_outside_china_nothing_is_shifted() -> None:
    assert to_gcj02(13.4, 52.5) == (13.4, 52.5)
