"""Photos lie in files while a client takes its time, and each client has a few of them at once."""

import threading

import pytest

from chassis.errors import Refusal
from gateway.transfers import AGAIN_SECONDS, IN_MEMORY, Transfers, laid_down


def test_who_has_as_many_as_one_may_waits_a_little_and_is_refused() -> None:
    transfers = Transfers(most=2, patience=0.05)
    with transfers.of("p-1"), transfers.of("p-1"), transfers.of("p-2"):
        with pytest.raises(Refusal) as refused, transfers.of("p-1"):
            pass
        assert (refused.value.code, refused.value.details) == ("busy_try_again", {"retry_after": AGAIN_SECONDS})
    with transfers.of("p-1"), transfers.of("p-1"):
        pass


def test_who_waits_gets_the_place_of_the_one_that_ends() -> None:
    transfers = Transfers(most=1, patience=60)
    got = threading.Event()

    def another() -> None:
        with transfers.of("p-1"):
            got.set()

    with transfers.of("p-1"):
        waiting = threading.Thread(target=another)
        waiting.start()
        assert not got.wait(0.1)
    waiting.join(60)
    assert got.is_set()


def test_nothing_is_kept_of_clients_that_have_gone() -> None:
    transfers = Transfers(most=1, patience=0.01)
    with transfers.of("p-1"), pytest.raises(Refusal), transfers.of("p-1"):
        pass
    with pytest.raises(ConnectionError), transfers.of("p-2"):
        raise ConnectionError
    assert vars(transfers)["_places"] == {}
    assert not vars(transfers)["_there"]


@pytest.mark.parametrize("length", [0, 1, IN_MEMORY, 3 * IN_MEMORY])
def test_what_is_laid_down_is_there_from_its_beginning(length: int) -> None:
    content = bytes(n % 251 for n in range(length))
    with laid_down(content[at : at + 1_000] for at in range(0, length, 1_000)) as file:
        assert file.read() == content


def test_what_breaks_off_is_an_error_as_it_was() -> None:
    def breaking_off() -> list[bytes]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        laid_down(each for each in breaking_off())
