"""The same matter again: what counts as the same, and from when on a project is suggested."""

import pytest

from cases.act import Act
from cases.place import METRES_OF_DEGREE, Place, Point, distance_m, spot, spots_around
from cases.repeat import MOST_NAMED, OPEN_PROJECT, Earlier, Repeat, repeated
from tests.unit.cases.play import AT, DISPATCHER, ELSEWHERE, GRID, LAMP, opened, registered

OUTSIDE = Place(GRID, Point(115.0058, 25.8672))


def earlier(*places: Place) -> tuple[Earlier, ...]:
    return tuple(Earlier(f"case-{n}", f"number-{n}", place) for n, place in enumerate(places))


def north_of(place: Place, metres: float, grid: str = GRID) -> Place:
    assert place.point is not None
    return Place(grid, Point(place.point.lon, place.point.lat + metres / METRES_OF_DEGREE))


def test_in_a_compound_every_case_of_the_compound_counts_and_no_other() -> None:
    found = repeated(LAMP, earlier(LAMP, Place(GRID, None, "c-dongyuan"), Place(GRID, LAMP.point, "c-other"), OUTSIDE))
    assert (found.count, [one.case_id for one in found.earlier]) == (3, ["case-0", "case-1"])


def test_outside_a_compound_it_is_the_same_grid_within_a_hundred_metres() -> None:
    near, far, beyond = north_of(OUTSIDE, 99), north_of(OUTSIDE, 101), north_of(OUTSIDE, 50, ELSEWHERE)
    found = repeated(OUTSIDE, earlier(near, far, beyond, Place(GRID)))
    assert (found.count, [one.case_id for one in found.earlier]) == (2, ["case-0"])


def test_without_a_point_and_a_compound_nothing_is_the_same() -> None:
    assert repeated(Place(GRID), earlier(OUTSIDE, Place(GRID))) == Repeat(1)


@pytest.mark.parametrize(("others", "suggestion"), [(0, None), (1, None), (2, OPEN_PROJECT), (7, OPEN_PROJECT)])
def test_a_project_is_suggested_from_the_third_on(others: int, suggestion: str | None) -> None:
    assert repeated(LAMP, earlier(*[LAMP] * others)).suggestion == suggestion


def test_all_are_counted_and_the_latest_are_named() -> None:
    found = repeated(LAMP, earlier(*[LAMP] * 30))
    assert (found.count, len(found.earlier), found.earlier[0].case_id) == (31, MOST_NAMED, "case-0")


def test_the_squares_around_a_point_hold_whatever_is_so_near() -> None:
    for lat in (0.0001, 25.8672, 53.5):
        for step in range(12):
            centre = Point(115.0001 + step / 6_000, lat)
            squares = spots_around(centre, 200)
            assert len(squares) <= 16
            assert spot(centre) in squares
            for lon, north in ((0.0017, 0), (-0.0017, 0), (0, 0.0017), (0.0012, -0.0012)):
                other = Point(centre.lon + lon, centre.lat + north)
                assert spot(other) in squares or distance_m(centre, other) > 200


def test_registering_says_how_often_it_has_been_and_a_correction_says_it_anew() -> None:
    play = opened().at("03-12 19:44")
    play.facts = type(play.facts)(play.facts.known, earlier=earlier(LAMP, LAMP))
    play.do(Act.REGISTER, DISPATCHER)
    assert (play.last.data["repeat"], play.last.data["suggestion"]) == (3, OPEN_PROJECT)
    assert play.case.repeat == repeated(LAMP, earlier(LAMP, LAMP))
    play.do(Act.CORRECT, DISPATCHER, municipal=True)
    assert (play.last.data["repeat"], play.last.data["suggestion"]) == (3, None), "told once"
    play.facts = type(play.facts)(play.facts.known)
    play.do(Act.CORRECT, DISPATCHER, category="0102")
    assert (play.last.data["repeat"], play.last.data["suggestion"], play.case.repeat) == (1, None, Repeat(1))


def test_a_case_that_was_registered_before_cases_were_compared_says_nothing() -> None:
    play = registered()
    object.__setattr__(play.case, "repeat", None)
    play.do(Act.CORRECT, DISPATCHER, municipal=True)
    assert (play.last.data["repeat"], play.last.data["suggestion"], play.now > AT) == (None, None, True)
