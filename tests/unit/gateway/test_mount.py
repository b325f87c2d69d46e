"""The public port outlives whatever happens on one connection."""

import socket

import pytest
from flask import Flask

from gateway.listener.mount import FaceServer
from gateway.settings import Settings


class Server(FaceServer):
    """One whose requests all fail below the application."""

    def process_request(self, sock: socket.socket, address: object) -> None:
        raise RuntimeError("unforeseen")


def test_an_error_below_the_application_ends_only_its_connection(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(lambda _services, _settings: Flask("none"), lambda: settings)
    ours, theirs = socket.socketpair()
    with theirs:
        server._serve(ours, ("127.0.0.1", 1))
        assert theirs.recv(1) == b""
    assert "connection failed" in capsys.readouterr().out
