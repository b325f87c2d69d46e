"""The public port outlives whatever happens on one connection."""

import socket
import ssl
import traceback

import pytest
from flask import Flask

from gateway.listener.mount import FaceServer, ServerLog
from gateway.settings import Settings


class Server(FaceServer):
    """One whose requests all fail below the application."""

    error: Exception

    def process_request(self, sock: socket.socket, address: object) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("unforeseen"), "connection failed"),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "client gone"),
        (ConnectionResetError(104, "reset"), "client gone"),
    ],
)
def test_an_error_below_the_application_ends_only_its_connection(
    settings: Settings, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    server = Server(lambda _services, _settings: Flask("none"), lambda: settings)
    server.error = error
    ours, theirs = socket.socketpair()
    with theirs:
        server._serve(ours, ("127.0.0.1", 1))
        assert theirs.recv(1) == b""
    assert f"{said} " in capsys.readouterr().out


def trace_of(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


GONE = (BrokenPipeError(32, "Broken pipe"), ConnectionResetError(104, "reset"), TimeoutError())


@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
def test_a_client_that_has_gone_is_one_line_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    ServerLog().info(trace_of(error))
    assert f"error={type(error).__name__}" in capsys.readouterr().out
    assert caplog.text == ""


def test_what_nobody_foresaw_is_logged_whole(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    ServerLog().info(trace_of(LookupError("unforeseen")))
    assert "LookupError: unforeseen" in caplog.text
