"""Neighbouring polygons share no point and miss none."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.polygon import contains

LEFT = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
RIGHT = [(2, 0), (4, 0), (4, 2), (2, 2), (2, 0)]
ABOVE = [(0, 2), (2, 2), (2, 4), (0, 4), (0, 2)]
TRIANGLES = ([(0, 0), (4, 0), (4, 4), (0, 0)], [(0, 0), (4, 4), (0, 4), (0, 0)])

whole = st.integers(min_value=0, max_value=3)


def test_left_and_bottom_edges_belong_and_right_and_top_edges_do_not() -> None:
    assert contains(LEFT, 0, 1)
    assert contains(LEFT, 1, 0)
    assert contains(LEFT, 0, 0)
    assert not contains(LEFT, 2, 1)
    assert not contains(LEFT, 1, 2)
    assert not contains(LEFT, 2, 2)


def test_a_point_on_a_shared_edge_belongs_to_one_side_only() -> None:
    assert [contains(ring, 2, 1) for ring in (LEFT, RIGHT)] == [False, True]
    assert [contains(ring, 1, 2) for ring in (LEFT, ABOVE)] == [False, True]


@given(x=whole, y=whole)
def test_polygons_that_tile_the_plane_hold_each_point_exactly_once(x: int, y: int) -> None:
    assert sum(contains(ring, x, y) for ring in TRIANGLES) == 1


def test_the_direction_of_the_ring_does_not_matter() -> None:
    assert contains(LEFT[::-1], 0, 0)
    assert not contains(LEFT[::-1], 2, 1)
