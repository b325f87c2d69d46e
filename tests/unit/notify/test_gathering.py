"""Things that are handed in at nearly the same time are done together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from notify.partners.gathering import Gathering


def test_what_comes_while_a_lot_is_done_makes_the_next_lot() -> None:
    gathering: Gathering[int] = Gathering(0)
    begun, release, lots = Event(), Event(), list[list[int]]()

    def work(lot: list[int]) -> None:
        begun.set()
        release.wait(10)
        lots.append(lot)

    with ThreadPoolExecutor(4) as pool:
        handed = [pool.submit(gathering.add, 0, work)]
        assert begun.wait(10)
        handed += [pool.submit(gathering.add, n, work) for n in (1, 2, 3)]
        while len(gathering._lot) < 3:
            pass
        release.set()
        for each in handed:
            each.result(10)
    assert [sorted(lot) for lot in lots] == [[0], [1, 2, 3]]


def test_a_lot_that_fails_is_over_and_the_next_one_goes() -> None:
    gathering: Gathering[int] = Gathering(0)
    lots: list[list[int]] = []

    def fail(lot: list[int]) -> None:
        raise ValueError(lot)

    with pytest.raises(ValueError, match="1"):
        gathering.add(1, fail)
    gathering.add(2, lots.append)
    assert lots == [[2]]
