"""Time is allowed by the stretch and earned by bytes; only the waiting for the client counts."""

import io
import socket
import time
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest

from gateway.listener.pace import Allowance, Paced, TooSlow


def test_without_a_rate_nothing_is_earned() -> None:
    assert Allowance(10).left(waited=4, moved=1_000_000) == 6


def test_with_a_rate_each_byte_earns_its_time() -> None:
    assert Allowance(30, 8192).left(waited=31, moved=16_384) == 1


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_does_not_come_is_given_up_once_the_time_is_spent(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    given_up: list[bool] = []
    paced = Paced(ours, Allowance(0.3), lambda: given_up.append(True))
    theirs.sendall(b"a")
    assert paced.readinto(bytearray(8)) == 1
    with pytest.raises(TooSlow):
        paced.readinto(bytearray(8))
    theirs.sendall(b"b")
    with pytest.raises(TooSlow):
        paced.readinto(bytearray(8))
    assert given_up == [True, True]


def test_a_new_stretch_has_its_own_time(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    paced = Paced(ours, Allowance(0.1), lambda: None)
    with pytest.raises(TooSlow):
        paced.readinto(bytearray(8))
    paced.allow(Allowance(1))
    theirs.sendall(b"b")
    assert io.BufferedReader(paced).read(1) == b"b"


def test_our_own_time_costs_the_client_nothing(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    paced = Paced(ours, Allowance(0.2), lambda: None)
    theirs.sendall(b"ab")
    time.sleep(0.3)
    assert paced.readinto(bytearray(8)) == 2


def test_an_answer_that_nobody_takes_is_given_up(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = ends
    given_up: list[bool] = []
    paced = Paced(ours, Allowance(0.2), lambda: given_up.append(True))

    def fill() -> None:
        while True:
            paced.write(bytes(100_000))

    with pytest.raises(TimeoutError):
        fill()
    assert given_up == [True]


class Torrent:
    """A connection on which there is always more to read."""

    def settimeout(self, seconds: float) -> None:
        """Never needed."""

    def recv_into(self, buffer: Any) -> int:
        return len(buffer)


def test_who_sends_without_pause_does_not_keep_the_others_waiting() -> None:
    turns: list[str] = []
    eventlet.spawn(turns.append, "somebody else's")
    reader = io.BufferedReader(Paced(Torrent(), Allowance(1), lambda: None))
    reader.read(1024 * 1024)
    assert turns
