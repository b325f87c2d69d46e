"""The internal port listens where it is told; what fails there is in the log, and nothing that came is."""

from dataclasses import replace
from socket import AF_INET, AF_INET6, AddressFamily

import pytest
import structlog
from environs import EnvError

from chassis import http
from chassis.http import Http, InternalServer, QuietProtocol
from chassis.settings import settings


def test_a_request_that_fails_says_why_in_the_log_and_nowhere_else() -> None:
    route = Http("GET", "/photos/<ticket>")
    route.method_name = "give_out"
    with structlog.testing.capture_logs() as lines:
        answer = route.response_from_exception(KeyError("content-length"))
    assert (answer.status_code, answer.data) == (500, b"")
    (line,) = lines
    assert (line["event"], line["method"], line["log_level"]) == ("internal request failed", "give_out", "error")
    assert isinstance(line["exc_info"], KeyError)


def test_what_came_is_written_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is no request, as `send_error` of the base class would tell of it."""
    protocol = QuietProtocol.__new__(QuietProtocol)
    protocol.client_address = ("127.0.0.1", 1)
    protocol.log_error("code %d, message %s", 400, "Bad request version ('secret-ticket')")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("host", "family"), [("127.0.0.1", AF_INET), ("localhost", AF_INET), ("::1", AF_INET6), ("[::1]", AF_INET6)]
)
def test_it_listens_by_either_family_of_addresses(
    monkeypatch: pytest.MonkeyPatch, host: str, family: AddressFamily
) -> None:
    monkeypatch.setattr(http, "settings", replace(settings, internal_host=host, internal_port=0))
    with InternalServer()._listening() as listener:
        assert (listener.family, listener.getsockname()[0]) == (family, {AF_INET: "127.0.0.1", AF_INET6: "::1"}[family])


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 64, "2001:db8::1"])
def test_where_it_cannot_listen_is_told_by_the_names_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(http, "settings", replace(settings, internal_host=host, internal_port=0))
    with pytest.raises(EnvError, match="INTERNAL_HOST, INTERNAL_PORT: nobody can listen at"):
        InternalServer()._listening()
