"""Connecting to servers that are not ours: how many addresses are tried, for how long, and what is let go of."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import eventlet
import pytest

from chassis.outgoing import ADDRESSES_TRIED, CONNECT_SECONDS, Deadline, connected, look_up


@dataclass(frozen=True)
class There:
    scheme: str = "https"
    host: str = "partner.example"
    port: int = 443
    path: str = "/"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def tried(monkeypatch: pytest.MonkeyPatch, seconds: float, *addresses: str) -> tuple[list[Any], str]:
    """What was tried of these addresses, of which none answers, and what that ends with."""
    found: list[Any] = []

    def refused(address: tuple[str, int], seconds: float) -> socket.socket:
        found.append((address[0], seconds))
        raise ConnectionRefusedError(address[0])

    monkeypatch.setattr(socket, "create_connection", refused)
    with Deadline(seconds) as deadline, pytest.raises(OSError, match=r".") as failed:
        connected(There(), addresses, deadline, ssl.create_default_context())
    return found, str(failed.value)


def test_of_many_addresses_the_first_few_are_tried_each_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"192.0.2.{n}" for n in range(9)]
    found, why = tried(monkeypatch, 100, *many)
    assert found == [(address, CONNECT_SECONDS) for address in many[:ADDRESSES_TRIED]]
    assert why == many[ADDRESSES_TRIED - 1]


def test_none_is_waited_for_longer_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    [(_, seconds)], _ = tried(monkeypatch, CONNECT_SECONDS / 2, "192.0.2.1")
    assert 0 < seconds <= CONNECT_SECONDS / 2


def test_a_name_without_an_address_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tried(monkeypatch, 100) == ([], "the name has no address")


def test_a_look_up_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.outgoing.tpool.execute", lambda *_, **__: eventlet.sleep(5))
    with pytest.raises(OSError, match="took too long"):
        look_up("partner.example", 443, seconds=0.01)


def test_of_a_name_each_address_is_told_once_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(0, 0, 0, "", (address, 443)) for address in ("192.0.2.2", "192.0.2.1", "192.0.2.2")]
    monkeypatch.setattr("chassis.outgoing.tpool.execute", lambda *_, **__: entries)
    assert look_up("partner.example", 443) == ["192.0.2.2", "192.0.2.1"]


def test_a_connection_without_a_handshake_is_closed(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    monkeypatch.setattr(socket, "create_connection", lambda *_: ours)
    theirs.settimeout(5)
    theirs.sendall(b"no TLS")
    with Deadline(100) as deadline, pytest.raises(ssl.SSLError) as failed:
        connected(There(), ["192.0.2.1"], deadline, ssl.create_default_context())
    with suppress(ConnectionResetError):
        while theirs.recv(65536):
            continue
    del failed  # which until here kept alive what was not closed


def test_a_handshake_that_never_comes_ends_with_the_time(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[socket.socket, socket.socket]
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pair[0])
    with pytest.raises(TimeoutError), Deadline(0.05) as deadline:
        connected(There(), ["192.0.2.1"], deadline, ssl.create_default_context())


def test_when_the_time_is_over_nothing_more_is_begun() -> None:
    deadline = Deadline(0)
    with pytest.raises(TimeoutError):
        deadline.left()
    deadline._cut()
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        deadline.guard(ours)
