"""Messages to several people go out at the same time, and never to more of them than are foreseen."""

import eventlet
import pytest

from notify.providers import SENT_AT_ONCE, AtOnceProvider


def test_several_are_sent_at_the_same_time_and_the_results_are_in_their_order() -> None:
    at_once = AtOnceProvider().get_dependency(None)
    under_way: set[int] = set()
    seen: list[int] = []

    def send(number: int) -> int:
        under_way.add(number)
        seen.append(len(under_way))
        eventlet.sleep(0.001 * (number % 3))
        under_way.remove(number)
        return number

    assert at_once(send, range(50)) == list(range(50))
    assert max(seen) == SENT_AT_ONCE


def test_what_one_of_them_raises_is_raised() -> None:
    at_once = AtOnceProvider().get_dependency(None)
    with pytest.raises(ZeroDivisionError):
        at_once(lambda number: 1 // (number - 3), range(5))
