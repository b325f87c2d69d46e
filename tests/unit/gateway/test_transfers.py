"""Photos lie in files while a client takes its time, and each client has a few of them at once."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.errors import Refusal
from gateway.transfers import AGAIN_SECONDS, IN_MEMORY, Holder, PhotoFile, Transfers, Way, laid_down

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


def full(**_: Any) -> Any:
    """A file on a disk that has no room; small pieces wait in its buffer until it is read."""
    return Path("/dev/full").open("r+b")


def refused() -> Iterator[Mapping[str, Any]]:
    """What stands in the log of each way of using a file for which there is no room."""

    def read_back() -> None:
        with PhotoFile() as file:
            file.rollover()
            file.write(b"little")
            file.seek(0)

    for use in (read_back, lambda: laid_down([bytes(IN_MEMORY), b"more"])):
        with capture_logs() as told, pytest.raises(Refusal) as refusal:
            use()
        assert (refusal.value.code, refusal.value.details) == ("photos_unavailable", {"retry_after": 30})
        yield from told


def test_where_there_is_no_room_a_photo_is_refused_and_the_log_says_which_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(tempfile, "tempdir", "/var/photos")
    no_room = {"log_level": "error", "event": "no room for photos", "directory": "/var/photos"}
    assert [*refused()] == [{**no_room, "reason": "[Errno 28] No space left on device"}] * 2


def test_a_directory_that_is_not_there_is_as_good_as_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with capture_logs() as told, pytest.raises(Refusal):
        laid_down([bytes(IN_MEMORY), b"more"])
    assert told[0]["directory"] == str(tmp_path / "none")
    assert told[0]["reason"].startswith("[Errno 2] No such file or directory")


def test_a_client_that_goes_is_not_taken_for_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)

    def going() -> Iterator[bytes]:
        yield b"begun"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        laid_down(going())
