"""Photos lie in files while a client takes its time, and each client has a few of them at once."""

import threading
from contextlib import ExitStack

import pytest

from chassis.errors import Refusal
from gateway.transfers import AGAIN_SECONDS, IN_MEMORY, Holder, Transfers, Way, laid_down

P1, P2 = Holder("p-1"), Holder("p-2")


def at_most(most: int, patience: float) -> Transfers:
    return Transfers(dict.fromkeys(Way, most), patience)


def test_who_has_as_many_as_one_may_waits_a_little_and_is_refused() -> None:
    transfers = at_most(2, patience=0.05)
    with transfers.of(P1, Way.SENT), transfers.of(P1, Way.SENT), transfers.of(P2, Way.SENT):
        with pytest.raises(Refusal) as refused, transfers.of(P1, Way.SENT):
            pass
        assert (refused.value.code, refused.value.details) == ("busy_try_again", {"retry_after": AGAIN_SECONDS})
    with transfers.of(P1, Way.SENT), transfers.of(P1, Way.SENT):
        pass


def test_photos_that_go_one_way_are_not_in_the_way_of_others() -> None:
    transfers = at_most(1, patience=0.05)
    with transfers.of(P1, Way.SENT), transfers.of(P1, Way.GIVEN_OUT), transfers.of(P1, Way.THUMBNAIL):
        for way in Way:
            with pytest.raises(Refusal), transfers.of(P1, way):
                pass


def test_an_address_has_as_much_as_all_who_share_it() -> None:
    transfers, address = at_most(1, patience=0.05), Holder("192.0.2.1", people=3)
    with ExitStack() as under_way:
        for _ in range(3):
            under_way.enter_context(transfers.of(address, Way.SENT))
        with pytest.raises(Refusal), transfers.of(address, Way.SENT):
            pass


def test_who_waits_gets_the_place_of_the_one_that_ends() -> None:
    transfers = at_most(1, patience=60)
    got = threading.Event()

    def another() -> None:
        with transfers.of(P1, Way.SENT):
            got.set()

    with transfers.of(P1, Way.SENT):
        waiting = threading.Thread(target=another)
        waiting.start()
        assert not got.wait(0.1)
    waiting.join(60)
    assert got.is_set()


def test_nothing_is_kept_of_clients_that_have_gone() -> None:
    transfers = at_most(1, patience=0.01)
    with transfers.of(P1, Way.SENT), pytest.raises(Refusal), transfers.of(P1, Way.SENT):
        pass
    with pytest.raises(ConnectionError), transfers.of(P2, Way.GIVEN_OUT):
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
