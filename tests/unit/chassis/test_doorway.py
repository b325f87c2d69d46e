"""A few pass at once, a few wait, and whoever comes besides is refused at once."""

import eventlet
import pytest

from chassis.doorway import Doorway, NoRoom
from tests.unit.crowd import Crowd


class AtTheDoor(Crowd):
    """Before one door."""

    def __init__(self, width: int = 2, queued: int = 2, patience: float = 60) -> None:
        super().__init__()
        self.door = Doorway(width, patience=patience, again=7, queued=queued)

    def enter(self, names: str) -> None:
        for name in names:
            self.go_in(name, self.door.passing)


def test_as_many_as_there_are_places_and_those_who_wait_in_the_order_in_which_they_came() -> None:
    crowd = AtTheDoor()
    crowd.enter("abcd")
    assert (crowd.inside, crowd.refused) == (["a", "b"], [])
    crowd.leave("b")
    assert crowd.inside == ["a", "c"]
    crowd.leave("a")
    assert crowd.inside == ["c", "d"]


def test_where_too_many_wait_who_comes_is_refused_at_once_and_keeps_nobody_out() -> None:
    crowd = AtTheDoor()
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
    crowd = AtTheDoor(width=1, queued=0)
    crowd.enter("ab")
    assert (crowd.inside, crowd.refused) == (["a"], ["b"])


def test_who_has_no_turn_in_time_is_refused() -> None:
    crowd = AtTheDoor(width=1, patience=0.01)
    crowd.enter("ab")
    eventlet.sleep(0.05)
    assert (crowd.inside, crowd.refused) == (["a"], ["b"])
    crowd.leave("a")
    crowd.enter("c")
    assert crowd.inside == ["c"]


def test_who_goes_away_while_it_waits_or_is_in_leaves_its_place() -> None:
    crowd = AtTheDoor(width=1)
    crowd.enter("abc")
    crowd.kill("b")
    crowd.kill("a")
    assert crowd.inside == ["c"]
    crowd.kill("c")
    crowd.enter("d")
    assert crowd.inside == ["d"]


def test_who_is_refused_is_told_when_to_come_again() -> None:
    door = Doorway(1, patience=0, again=7)
    with door.passing(), pytest.raises(NoRoom) as refused, door.passing():
        pass
    assert (refused.value.code, refused.value.details) == ("busy_try_again", {"retry_after": 7})
