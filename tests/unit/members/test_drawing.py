"""Every point of a drawn country lies in exactly one grid of a level, and what does not fit is found."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import cos, pi, sin
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.demo.territory import OPENED, service_grids
from members.drawing import feature, fit
from members.drawing.redrawing import Redrawing, Stage, cancelled, closed, placed_anew, unfit
from members.territory.compound import Compound, standing
from members.territory.grid import Grid, Level, Ring

WEST, SOUTH, EAST, NORTH = 115.0, 25.8, 115.1, 25.9
inner = st.floats(0.05, 0.95)


def grid(code: int, *points: tuple[float, float]) -> Grid:
    return Grid(f"360704100002{code:03d}", "x", "高新社区", Level.SERVICE, (*points, points[0]), OPENED)


def tiling(x: float, y: float) -> list[Grid]:
    """Four triangles around an inner point: together the square, with edges that slope every way."""
    middle = (WEST + x * (EAST - WEST), SOUTH + y * (NORTH - SOUTH))
    corners = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH)]
    return [grid(n, before, after, middle) for n, (before, after) in enumerate(pairwise(corners), 1)]


@example(0.6929409714004352, 0.6929409714004352, 0.6929409714004352, 0.6929409714004352)  # rounding, on an edge
@given(inner, inner, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_every_point_of_a_tiling_lies_in_exactly_one_grid(x: float, y: float, across: float, up: float) -> None:
    lon, lat = WEST + across * 0.0999, SOUTH + up * 0.0999
    assert sum(each.holds(lon, lat) for each in tiling(x, y)) == 1


@given(inner, inner)
def test_every_corner_of_a_tiling_lies_in_at_most_one_grid(x: float, y: float) -> None:
    grids = tiling(x, y)
    points = {point for each in grids for point in each.ring}
    held = {point: sum(each.holds(*point) for each in grids) for point in points}
    assert set(held.values()) <= {0, 1}
    assert held[WEST, SOUTH] == 1  # left and bottom edges belong to it
    assert held[grids[0].ring[2]] == 1  # and so does the corner in the midst of all


@given(inner, inner)
def test_a_tiling_overlaps_nowhere_and_covers_what_it_divides(x: float, y: float) -> None:
    grids = tiling(x, y)
    assert list(fit.overlaps(drawn(grids), [])) == []
    whole = ((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH))
    assert fit.mismatch([whole], [each.ring for each in grids]) < 1e-9


def drawn(grids: list[Grid]) -> list[feature.Drawn]:
    return [feature.Drawn(n, each.code, each.name, None, each.level, each.ring) for n, each in enumerate(grids)]


def moved(one: Grid, share: float) -> Grid:
    """The grid moved east by a share of its width."""
    return replace(one, code="360704100002999", ring=tuple((lon + share * 0.008, lat) for lon, lat in one.ring))


@pytest.mark.parametrize(("share", "found"), [(0.9989, 1), (0.9991, 0), (1.0, 0), (0.5, 1), (0.0, 1)])
def test_an_overlap_counts_beyond_a_thousandth(share: float, found: int) -> None:
    old = service_grids()[2]
    assert len(list(fit.overlaps(drawn([moved(old, share)]), [old]))) == found


def test_grids_of_other_levels_may_cover_the_same_land() -> None:
    old = service_grids()[2]
    assert list(fit.overlaps(drawn([replace(moved(old, 0.0), level=Level.DEDICATED)]), [old])) == []


def test_grids_that_all_lie_on_one_another_are_told_so_once_and_not_compared() -> None:
    old = service_grids()[2]
    heap = drawn([moved(old, 0.0)] * 250)
    assert [(each.code, each.feature) for each in fit.overlaps(heap, [])] == [("map_too_crowded", None)]
    assert [each.code for each in fit.overlaps(heap[:50], [])] == ["grid_overlaps"] * 50
    assert [each.code for each in fit.overlaps(heap[:1], [old] * 250)] == ["grid_overlaps"]


def test_grids_around_one_point_are_compared_and_fit() -> None:
    corners = [(115.0 + 0.01 * cos(n / 50 * pi), 26.0 + 0.01 * sin(n / 50 * pi)) for n in range(101)]
    fan = [grid(n, before, after, (115.0, 26.0)) for n, (before, after) in enumerate(pairwise(corners), 1)]
    assert list(fit.overlaps(drawn(fan), [])) == []


SQUARE = ((115.0, 26.0), (115.01, 26.0), (115.01, 26.01), (115.0, 26.01), (115.0, 26.0))
CROSSED = ((115.0, 26.0), (115.01, 26.01), (115.01, 26.0), (115.0, 26.01), (115.0, 26.0))
CORNER = ((115.0, 26.0), (115.001, 26.0), (115.001, 26.001), (115.0, 26.001), (115.0, 26.0))
ELSEWHERE = tuple((lon + 1, lat) for lon, lat in CORNER)


@pytest.mark.parametrize(
    ("outer", "inner", "found"),
    [
        pytest.param(SQUARE, CORNER, [], id="within"),
        pytest.param(SQUARE, SQUARE, [], id="the same"),
        pytest.param(CORNER, SQUARE, ["parent_does_not_hold_it"], id="larger"),
        pytest.param(SQUARE, ELSEWHERE, ["parent_does_not_hold_it"], id="elsewhere"),
        pytest.param(SQUARE, CROSSED, [], id="crosses itself"),
        pytest.param(CROSSED, CORNER, [], id="in one that crosses itself"),
        pytest.param(CROSSED, CROSSED, [], id="both cross themselves"),
    ],
)
def test_a_grid_lies_in_its_parent(outer: Ring, inner: Ring, found: list[str]) -> None:
    """What crosses itself is told as such, and whether it lies in another is not asked."""
    parent = feature.Drawn(0, "360704100002001", level=Level.SERVICE, ring=outer)
    child = feature.Drawn(1, "360704100002002", level=Level.BASE, ring=inner, parent=parent.code)
    assert [each.code for each in fit.orphans([parent, child], [])] == found


def test_the_demo_map_reads_without_a_fault() -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"grid_code": each.code, "name": each.name, "level": each.level.value},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in each.ring]]},
        }
        for each in service_grids()
    ]
    read, faults = feature.read({"features": features})
    fine, crossing = fit.simple(read)
    assert (len(fine), faults, crossing, list(fit.overlaps(fine, []))) == (18, [], [], [])


@pytest.mark.parametrize(
    ("collection", "code"),
    [
        ({}, "map_without_features"),
        ({"features": []}, "map_without_features"),
        ({"features": "x"}, "map_without_features"),
        ({"features": [{}] * 2_001}, "too_many_features"),
        ({"features": [{"geometry": {"coordinates": [[[0, 0]] * 100_001]}}]}, "too_many_vertices"),
        ({"features": [3]}, "not_a_feature"),
    ],
)
def test_a_file_that_is_none_is_told_so(collection: dict[str, Any], code: str) -> None:
    assert [each.code for each in feature.read(collection)[1]] == [code]


LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
MEMBERS = st.sampled_from(["type", "geometry", "coordinates", "properties", "grid_code", "crs"])
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=4))


@given(ANYTHING)
def test_whatever_is_sent_is_read_or_refused(anything: Any) -> None:
    _, faults = feature.read({"features": [anything], "crs": anything})
    assert faults
    assert all(each.dump()["code"] for each in faults)


def split(at_share: float = 0.5) -> tuple[Grid, list[Grid]]:
    old = service_grids()[2]
    (west, south), (east, north) = old.ring[0], old.ring[2]
    middle = west + at_share * (east - west)
    return old, [
        grid(3, (west, south), (middle, south), (middle, north), (west, north)),
        grid(4, (middle, south), (east, south), (east, north), (middle, north)),
    ]


def plan(old: Grid, new: list[Grid]) -> Redrawing:
    return Redrawing("r-1", "360704", OPENED.replace(year=2026), (old.code,), tuple(new), OPENED)


def lodge(old: Grid) -> Compound:
    return standing(Compound("c-1", "x", old.code, (115.0058, 25.8672)), OPENED)


def test_halves_take_the_place_of_a_grid() -> None:
    old, new = split()
    assert list(unfit([old], [], new)) == []
    over = closed(old, plan(old, new))
    assert (over.closed, over.successors) == (OPENED.replace(year=2026), (new[0].code, new[1].code))


def test_one_half_does_not() -> None:
    old, new = split()
    assert [each.code for each in unfit([old], [], new[:1])] == ["redrawing_covers_other_land"]


def test_grids_of_several_levels_are_not_redrawn_together() -> None:
    old, new = split()
    assert [each.code for each in unfit([old, replace(moved(old, 1), level=Level.BASE)], [], new)] == ["several_levels"]
    other = [replace(each, level=Level.DEDICATED) for each in new]
    assert [each.code for each in unfit([old], [], other)] == ["another_level", "another_level"]


def test_a_compound_moves_to_the_half_that_holds_it_from_the_date_on() -> None:
    old, new = split()
    later = placed_anew(lodge(old), plan(old, new))
    assert later.grid_code == new[0].code
    assert [(each.since, each.grid_code) for each in later.stood] == [
        (OPENED, old.code),
        (OPENED.replace(year=2026), new[0].code),
    ]


def test_a_compound_that_was_changed_after_the_date_moves_from_that_change_on() -> None:
    old, new = split()
    on = plan(old, new).at
    later = on + timedelta(seconds=2)
    changed = standing(replace(lodge(old), property_company_id="u-homes"), later)
    moved_then = placed_anew(changed, plan(old, new))
    assert [(each.since, each.grid_code, each.property_company_id) for each in moved_then.stood] == [
        (OPENED, old.code, None),
        (later, new[0].code, "u-homes"),
    ]


def test_a_compound_in_a_sliver_goes_to_the_nearest() -> None:
    old, new = split()
    stray = standing(Compound("c-1", "x", old.code, (115.0101, 25.8672)), OPENED)
    assert placed_anew(stray, plan(old, new)).grid_code == new[1].code


def test_a_redrawing_is_called_off_once_and_before_its_date() -> None:
    old, new = split()
    one = plan(old, new)
    assert cancelled(one, OPENED).stage is Stage.CANCELLED
    for late, moment in ((one, one.at), (replace(one, stage=Stage.CANCELLED), OPENED)):
        with pytest.raises(Exception, match="redrawing_over"):
            cancelled(late, moment)
