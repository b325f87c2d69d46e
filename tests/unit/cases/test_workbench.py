"""Large pictures wait for room a little and leave some to small ones; who finds none is refused."""

import eventlet
import pytest

from cases.photo import ANYBODYS_MAX_PIXELS, MAX_PIXELS
from cases.workbench import (
    ANYBODYS_PLACES,
    FOR_SMALL,
    PLACE_PIXELS,
    PLACES,
    QUEUED,
    Workbench,
)
from chassis.doorway import NoRoom
from tests.unit.crowd import Crowd

SMALL, LARGE = PLACE_PIXELS, 2 * PLACE_PIXELS


class Hall(Crowd):
    """Before a workbench."""

    def __init__(self, places: int, patience: float = 60) -> None:
        super().__init__()
        self.bench = Workbench(places, patience)

    def enter(self, name: str, pixels: int) -> None:
        self.go_in(name, lambda: self.bench.room(pixels))


def test_as_many_small_ones_as_there_are_places() -> None:
    hall = Hall(FOR_SMALL + 2)
    for name in "abcdef":
        hall.enter(name, SMALL)
    assert hall.inside == ["a", "b", "c", "d"]
    hall.leave("a")
    assert hall.inside == ["b", "c", "d", "e"]


def test_large_ones_take_turns_and_leave_places_to_small_ones_that_came_later() -> None:
    hall = Hall(FOR_SMALL + 3)
    hall.enter("large", LARGE)
    hall.enter("next", LARGE)
    hall.enter("small", SMALL)
    hall.enter("other", SMALL)
    assert hall.inside == ["large", "small", "other"]
    hall.leave("large")
    assert hall.inside == ["small", "other", "next"]


def test_while_a_large_one_waits_small_ones_take_none_of_its_places() -> None:
    hall = Hall(FOR_SMALL + 2)
    for name in "abcd":
        hall.enter(name, SMALL)
    hall.enter("large", LARGE)
    hall.enter("e", SMALL)
    hall.leave("a")
    assert hall.inside == ["b", "c", "d"]
    hall.leave("b")
    assert hall.inside == ["c", "d", "large"]
    hall.leave("c")
    assert hall.inside == ["d", "large", "e"]


def test_what_needs_more_than_there_is_gets_all_but_those_of_small_ones() -> None:
    hall = Hall(FOR_SMALL + 2)
    hall.enter("huge", 99 * PLACE_PIXELS)
    assert hall.inside == ["huge"]
    hall.leave("huge")
    hall.enter("next", LARGE)
    assert hall.inside == ["next"]


def test_who_finds_no_room_in_time_is_refused_and_keeps_nobody_out() -> None:
    hall = Hall(FOR_SMALL + 2, patience=0.01)
    hall.enter("large", LARGE)
    hall.enter("late", LARGE)
    eventlet.sleep(0.05)
    assert (hall.inside, hall.refused) == (["large"], ["late"])
    for name in "ab":
        hall.enter(name, SMALL)
    hall.leave("large")
    for name in "cd":
        hall.enter(name, SMALL)
    assert hall.inside == ["a", "b", "c", "d"]


@pytest.mark.parametrize("pixels", [SMALL, LARGE])
def test_where_too_many_wait_who_comes_is_refused_at_once(pixels: int) -> None:
    places = FOR_SMALL + 2
    needed = pixels // PLACE_PIXELS
    fit = places if pixels == SMALL else 1
    hall = Hall(places)
    for number in range(fit + QUEUED * places // needed):
        hall.enter(f"{number}", pixels)
    assert (len(hall.inside), hall.refused) == (fit, [])
    hall.enter("more", pixels)
    assert hall.refused == ["more"]


def test_who_goes_away_while_it_waits_or_is_in_leaves_its_places() -> None:
    hall = Hall(FOR_SMALL + 2)
    for name in ("large", "waits", "next"):
        hall.enter(name, LARGE)
    hall.kill("waits")
    hall.kill("large")
    assert hall.inside == ["next"]


def test_who_is_refused_is_told_when_to_come_again() -> None:
    full = Workbench(FOR_SMALL + 1, patience=0)
    with full.room(SMALL), full.room(SMALL), full.room(SMALL), pytest.raises(NoRoom) as refused, full.room(SMALL):
        pass
    assert (refused.value.code, refused.value.details) == ("busy_try_again", {"retry_after": 10})


def test_two_of_the_largest_size_are_in_at_once_and_two_small_ones() -> None:
    hall = Hall(PLACES)
    for name in ("one", "two", "three"):
        hall.enter(name, max(MAX_PIXELS.values()))
    for name in "abc":
        hall.enter(name, SMALL)
    assert hall.inside == ["one", "two", "a", "b"]


def test_people_without_an_account_have_a_quarter_at_most_and_one_large_one_leaves_room_to_small_ones() -> None:
    assert ANYBODYS_PLACES <= (PLACES + ANYBODYS_PLACES) / 4
    hall = Hall(ANYBODYS_PLACES)
    for name, pixels in (("large", ANYBODYS_MAX_PIXELS["JPEG"]), ("a", SMALL), ("b", SMALL), ("c", SMALL)):
        hall.enter(name, pixels)
    assert hall.inside == ["large", "a", "b"]
