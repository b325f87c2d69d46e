"""Whether two reports are about the same thing: what speaks for it, in which order, and what can be merged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.case import NOT_TAKEN, Case, Status
from cases.likeness import MOST, SCORES, WORDS, Reason, Sketch, likenesses
from cases.place import METRES_OF_DEGREE, Place, Point
from tests.unit.cases.play import (
    AT,
    ELSEWHERE,
    GRID,
    LAMP,
    NEIGHBOUR,
    closed,
    dispatched,
    in_progress,
    opened,
    registered,
)

ROAD = Point(115.0058, 25.8672)
BY_THE_ROAD = Place(GRID, ROAD)


def north(metres: float, **fields: Any) -> Place:
    return replace(BY_THE_ROAD, point=Point(ROAD.lon, ROAD.lat + metres / METRES_OF_DEGREE), **fields)


def reasons(sketch: Sketch, other: Case) -> list[str] | None:
    found = likenesses(sketch, [other])
    return [reason.value for reason in found[0].reasons] if found else None


@pytest.mark.parametrize(
    ("mine", "other", "reason"),
    [
        (BY_THE_ROAD, north(20), "same_spot"),
        (BY_THE_ROAD, north(199), "near"),
        (BY_THE_ROAD, north(201), None),
        (BY_THE_ROAD, replace(BY_THE_ROAD, grid_code=ELSEWHERE), None),
        (LAMP, LAMP, "same_compound"),
        (LAMP, north(20, compound_id="c-dongyuan"), "same_spot"),
        (LAMP, north(300, compound_id="c-dongyuan"), "same_compound"),
        (LAMP, north(20, compound_id="c-other"), None),
        (Place(GRID), BY_THE_ROAD, "same_grid"),
        (Place(GRID), Place(GRID), "same_grid"),
    ],
)
def test_what_the_place_says(mine: Place, other: Place, reason: str | None) -> None:
    found = reasons(Sketch(mine, AT, "0101"), opened(place=other).case)
    assert (found[0] if found else None) == reason


@pytest.mark.parametrize(
    ("mine", "other", "reason"),
    [
        ("0101", "0101", "same_category"),
        (None, "0101", "category_open"),
        ("0101", None, "category_open"),
        ("0101", "0102", None),
    ],
)
def test_what_the_category_says(mine: str | None, other: str | None, reason: str | None) -> None:
    found = reasons(Sketch(BY_THE_ROAD, AT, mine), opened(place=BY_THE_ROAD, category=other).case)
    assert (found[1] if found else None) == reason


@pytest.mark.parametrize(
    ("days", "reason"), [(0, "same_day"), (-1, "same_day"), (3, "same_week"), (-14, "same_fortnight"), (14.1, None)]
)
def test_what_the_time_says(days: float, reason: str | None) -> None:
    found = reasons(Sketch(BY_THE_ROAD, AT + timedelta(days=days), "0101"), opened(place=BY_THE_ROAD).case)
    assert (found[2] if found else None) == reason


def test_that_it_lies_in_the_same_grid_and_has_no_category_is_not_enough() -> None:
    assert reasons(Sketch(Place(GRID), AT), opened(place=BY_THE_ROAD).case) is None


def test_the_most_alike_comes_first_and_of_equals_the_first_that_was_reported() -> None:
    spot, near, later = (
        opened(place=BY_THE_ROAD).case,
        opened(place=north(90)).case,
        opened(place=north(10), at=AT + timedelta(hours=1)).case,
    )
    found = likenesses(Sketch(BY_THE_ROAD, AT, "0101"), [later, near, spot])
    assert [each.case for each in found] == [spot, later, near]
    assert [each.score for each in found] == [100, 100, 90]
    assert len(likenesses(Sketch(BY_THE_ROAD, AT, "0101"), [opened(place=BY_THE_ROAD).case] * 30)) == MOST


def test_a_case_is_not_like_itself_and_none_that_has_ended_is_suggested() -> None:
    case = opened().case
    assert likenesses(Sketch.of(case), [case]) == []
    assert likenesses(Sketch.of(case), [closed().case]) == []


@pytest.mark.parametrize(
    ("mine", "other", "into_it", "from_it"),
    [
        (opened, dispatched, True, True),
        (opened, in_progress, True, False),
        (in_progress, opened, False, True),
        (lambda: opened(category=None), registered, True, False),
        (lambda: opened(complained_unit_id="u-lighting"), registered, False, False),
        (lambda: opened(place=north(300, compound_id="c-dongyuan")), registered, False, False),
    ],
)
def test_which_way_two_can_be_merged(mine: Any, other: Any, into_it: bool, from_it: bool) -> None:
    [found] = likenesses(Sketch.of(mine().case), [other().case])
    assert (found.into_it, found.from_it) == (into_it, from_it)


def test_a_report_that_is_not_kept_yet_is_compared_like_one_that_is() -> None:
    draft = Sketch(LAMP, AT + timedelta(hours=1), "0101")
    kept = Sketch.of(opened(NEIGHBOUR, at=AT + timedelta(hours=1)).case)
    case = dispatched().case
    assert likenesses(draft, [case]) == likenesses(kept, [case])


def test_every_reason_has_its_score_and_its_words() -> None:
    assert set(SCORES) == set(WORDS) == set(Reason)
    assert frozenset({Status.REPORTED, Status.VERIFYING, Status.REGISTERED, Status.DISPATCHED}) == NOT_TAKEN
