"""Large pictures wait for room; small ones share it."""

import eventlet

from cases.workbench import PLACE_PIXELS, Workbench


class Hall:
    """Greenlets that enter a workbench and leave when they are told."""

    def __init__(self, places: int) -> None:
        self.bench = Workbench(places)
        self.inside: list[str] = []
        self._exits = {}  # type: dict[str, eventlet.event.Event]

    def enter(self, name: str, pixels: int) -> None:
        self._exits[name] = eventlet.event.Event()
        eventlet.spawn(self._stay, name, pixels)
        eventlet.sleep(0)

    def leave(self, name: str) -> None:
        self._exits[name].send()
        for _ in range(5):
            eventlet.sleep(0)

    def _stay(self, name: str, pixels: int) -> None:
        with self.bench.room(pixels):
            self.inside.append(name)
            self._exits[name].wait()
            self.inside.remove(name)


def test_as_many_small_ones_as_there_are_places() -> None:
    hall = Hall(2)
    for name in "abc":
        hall.enter(name, 1)
    assert hall.inside == ["a", "b"]
    hall.leave("a")
    assert hall.inside == ["b", "c"]


def test_a_large_one_waits_for_all_the_places_that_it_needs_and_goes_before_who_came_later() -> None:
    hall = Hall(3)
    hall.enter("small", PLACE_PIXELS)
    hall.enter("large", 3 * PLACE_PIXELS)
    hall.enter("later", 1)
    assert hall.inside == ["small"]
    hall.leave("small")
    assert hall.inside == ["large"]
    hall.leave("large")
    assert hall.inside == ["later"]


def test_what_needs_more_than_there_is_gets_it_all() -> None:
    hall = Hall(2)
    hall.enter("huge", 99 * PLACE_PIXELS)
    assert hall.inside == ["huge"]
    hall.leave("huge")
    hall.enter("next", 2 * PLACE_PIXELS)
    assert hall.inside == ["next"]
