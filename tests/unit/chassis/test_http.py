"""What fails on the internal port is in the log, and nothing that came is."""

import pytest
import structlog

from chassis.http import Http, QuietProtocol


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
