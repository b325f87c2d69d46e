"""H1 and H2 of docs/domain.md §4: areas on the ground, and the tenth of a percent at which they fail."""

from dataclasses import replace
from math import cos, pi, radians

import pytest

from members.coverage.facts import Ring
from members.coverage.surface import uncovered
from members.territory.distance import EARTH_RADIUS_M
from tests.unit.members.coverage.covered import COVERED, ONE, found, named, square

ONE_GRID, TWO_GRID = COVERED.grids
KM2 = 1_000_000


def test_grids_that_fill_their_service_area_leave_nothing_and_overlap_nowhere() -> None:
    for id in ("H1", "H2"):
        whole = found(id)
        assert (whole.count.numerator, whole.percentage, whole.passes, named(whole)) == (0, 0.0, True, [])


def test_an_area_is_measured_in_square_metres_on_the_ground() -> None:
    side = 0.01 * pi / 180 * EARTH_RADIUS_M
    expected = 2 * side * side * cos(radians(25.865))
    assert float(uncovered(COVERED).denominator) == pytest.approx(expected, rel=1e-5)
    assert 2 * KM2 < uncovered(COVERED).denominator < 3 * KM2


@pytest.mark.parametrize(("gap", "passes"), [(0.000_019, True), (0.000_021, False)])
def test_a_thousandth_of_the_service_area_may_lie_in_no_grid(gap: float, passes: bool) -> None:
    narrower = replace(TWO_GRID, ring=square(115.01, 115.02 - gap))
    assert found("H1", grids=(ONE_GRID, narrower)).passes is passes


def test_what_lies_in_no_grid_is_named_with_its_size() -> None:
    half = found("H1", grids=(ONE_GRID,))
    assert (half.percentage, half.passes, named(half)) == (50.0, False, [("uncovered", "uncovered")])


def test_without_a_registered_outline_nobody_knows_what_is_missing() -> None:
    unknown = found("H1", outline=None)
    assert (unknown.percentage, unknown.passes, unknown.reason) == (None, None, "no_outline")


@pytest.mark.parametrize(("over", "passes"), [(0.000_019, True), (0.000_021, False)])
def test_a_thousandth_may_lie_in_two_grids_of_a_level(over: float, passes: bool) -> None:
    wider = replace(ONE_GRID, ring=square(115.0, 115.01 + over))
    overlapping = found("H2", grids=(wider, TWO_GRID))
    assert overlapping.passes is passes
    assert named(overlapping) == [(ONE, "overlap")]


def test_grids_of_different_levels_may_lie_above_each_other() -> None:
    base = replace(ONE_GRID, code="360704100002101", level="BASE")
    assert found("H2", grids=(*COVERED.grids, base)).passes is True


def test_without_an_outline_the_overlap_is_measured_against_what_the_grids_cover() -> None:
    twice = replace(ONE_GRID, code="360704100002009")
    overlapping = found("H2", outline=None, grids=(*COVERED.grids, twice))
    assert (overlapping.percentage, overlapping.passes) == (50.0, False)


def test_a_service_area_may_have_several_parts() -> None:
    parts: tuple[Ring, ...] = (square(115.0, 115.02), square(116.0, 116.02))
    assert found("H1", outline=parts).percentage == 50.0
