"""The fault proxy passes, resets, holds, delays, trickles and cuts, on real sockets of this machine."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from dev.ports import free_port
from tests.chaos.proxy import Proxy, Way

CONFIRM = b"\x01\x00\x01\x00\x00\x00\x0d\x00\x3c\x00\x50" + bytes(9) + b"\xce"


class Echo(socketserver.BaseRequestHandler):
    """Gives back what it gets, and keeps it."""

    got = bytearray()

    def handle(self) -> None:
        with suppress(ConnectionResetError):
            while data := self.request.recv(65_536):
                Echo.got += data
                self.request.sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    Echo.got = bytearray()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with Proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=3) as client:
        yield client


def cut_off(client: socket.socket) -> bytes | None:
    """What came before the connection was reset; None when it ended in peace."""
    back = b""
    try:
        while data := client.recv(100):
            back += data
    except ConnectionResetError:
        return back
    return None


def answered(client: socket.socket, data: bytes) -> float:
    """Seconds until all of `data` has come back."""
    began, back = time.monotonic(), b""
    client.sendall(data)
    while len(back) < len(data):
        back += client.recv(65_536)
    assert back == data
    return time.monotonic() - began


def test_bytes_pass(client: socket.socket) -> None:
    assert answered(client, b"hello" * 10_000) < 1


def test_a_reset_ends_every_connection_and_new_ones_pass(proxy: Proxy, client: socket.socket) -> None:
    answered(client, b"hello")
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=3) as again:
        answered(again, b"hello")


def test_a_black_hole_keeps_the_connection_and_gives_everything_back_later(proxy: Proxy, client: socket.socket) -> None:
    proxy.way = Way.HOLD
    client.sendall(b"hello")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(1)
    proxy.way = Way.PASS
    client.settimeout(3)
    assert client.recv(5) == b"hello"


def test_latency_is_added_each_way(proxy: Proxy, client: socket.socket) -> None:
    proxy.way = Way.SLOW
    assert answered(client, b"hello") >= 1.0


def test_a_trickle_is_a_thousand_bytes_a_second(proxy: Proxy, client: socket.socket) -> None:
    proxy.way = Way.TRICKLE
    assert 0.9 < answered(client, bytes(1000)) < 2.5


def test_a_cut_lets_exactly_so_many_bytes_pass(proxy: Proxy, client: socket.socket) -> None:
    proxy.cut_after(7)
    client.sendall(b"0123456789")
    assert cut_off(client) is not None
    assert b"0123456".startswith(Echo.got)  # an RST may overtake them, but never more than seven come
    assert proxy.cuts == 1


def test_a_confirm_is_kept_back_and_its_connection_cut(proxy: Proxy, client: socket.socket) -> None:
    proxy.cut_before_confirm()
    answered(client, b"no confirm")
    client.sendall(b"more" + CONFIRM)
    back = cut_off(client)
    assert back is not None
    assert CONFIRM not in back
    assert bytes(Echo.got).endswith(CONFIRM)


def test_a_server_that_is_away_refuses_the_client() -> None:
    with Proxy(free_port()) as proxy:
        # The reset may come before the connection is even seen to be made.
        with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", proxy.port), 3) as client:
            client.recv(1)
        assert proxy.connections == 0
