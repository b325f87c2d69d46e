"""A few passwords are hashed at once, a few wait, and whoever comes besides is refused at once."""

import eventlet
import pytest

from members.accounts.hashing import PATIENCE_SECONDS, PLACES, QUEUED, HashingRoom, NoPlace


class Crowd:
    """Greenlets that enter a room and leave when they are told."""

    def __init__(self, places: int = 2, queued: int = 2, patience: float = 60) -> None:
        self.room = HashingRoom(places, queued, patience)
        self.inside: list[str] = []
        self.refused: list[str] = []
        self._exits = {}  # type: dict[str, eventlet.event.Event]
        self._threads = {}  # type: dict[str, eventlet.greenthread.GreenThread]

    def enter(self, names: str) -> None:
        for name in names:
            self._exits[name] = eventlet.event.Event()
            self._threads[name] = eventlet.spawn(self._stay, name)
            eventlet.sleep(0)

    def leave(self, name: str) -> None:
        self._exits[name].send()
        self._settle()

    def kill(self, name: str) -> None:
        self._threads[name].kill()
        self._settle()

    def _settle(self) -> None:
        for _ in range(5):
            eventlet.sleep(0)

    def _stay(self, name: str) -> None:
        try:
            with self.room.place():
                self.inside.append(name)
                try:
                    self._exits[name].wait()
                finally:
                    self.inside.remove(name)
        except NoPlace:
            self.refused.append(name)


def test_as_many_as_there_are_places_and_those_who_wait_in_the_order_in_which_they_came() -> None:
    crowd = Crowd()
    crowd.enter("abcd")
    assert (crowd.inside, crowd.refused) == (["a", "b"], [])
    crowd.leave("b")
    assert crowd.inside == ["a", "c"]
    crowd.leave("a")
    assert crowd.inside == ["c", "d"]


def test_where_too_many_wait_who_comes_is_refused_at_once_and_keeps_nobody_out() -> None:
    crowd = Crowd()
    crowd.enter("abcde")
    assert crowd.refused == ["e"]
    crowd.leave("a")
    crowd.enter("fg")
    assert (crowd.inside, crowd.refused) == (["b", "c"], ["e", "g"])
    for name in "bcdf":
        crowd.leave(name)
    crowd.enter("hi")
    assert crowd.inside == ["h", "i"]


def test_nobody_need_wait() -> None:
    crowd = Crowd(places=1, queued=0)
    crowd.enter("ab")
    assert (crowd.inside, crowd.refused) == (["a"], ["b"])


def test_who_has_no_turn_in_time_is_refused() -> None:
    crowd = Crowd(places=1, patience=0.01)
    crowd.enter("ab")
    eventlet.sleep(0.05)
    assert (crowd.inside, crowd.refused) == (["a"], ["b"])
    crowd.leave("a")
    crowd.enter("c")
    assert crowd.inside == ["c"]


def test_who_goes_away_while_it_waits_or_is_in_leaves_its_place() -> None:
    crowd = Crowd(places=1)
    crowd.enter("abc")
    crowd.kill("b")
    crowd.kill("a")
    assert crowd.inside == ["c"]
    crowd.kill("c")
    crowd.enter("d")
    assert crowd.inside == ["d"]


def test_who_is_refused_is_told_when_to_come_again() -> None:
    assert (NoPlace().code, NoPlace().details) == ("busy_try_again", {"retry_after": 2})


@pytest.mark.parametrize("seconds_of_one", [0.3])
def test_the_last_that_waits_has_its_turn_before_whoever_asks_gives_up(seconds_of_one: float) -> None:
    """By default a gateway waits five seconds, and a hash takes a third of one where all four share two processors."""
    turns = 1 + QUEUED / PLACES
    assert turns * seconds_of_one < PATIENCE_SECONDS < 5 - 1
