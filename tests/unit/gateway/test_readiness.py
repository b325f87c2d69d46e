"""Why a service cannot be reached: operators read it in the log, once for each reason, and everybody else never."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import structlog

from gateway.readiness import READY, UNREACHABLE, Readiness
from tests.certificates import Authority

HOST = "127.0.0.1"


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def serving(authority: Authority, name: str = HOST, *, expired: bool = False) -> Iterator[str]:
    """Where a service listens with the certificate of that name."""
    with ThreadingHTTPServer((HOST, 0), Ready) as server:
        server.socket = authority.server(name, expired=expired).wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"https://{HOST}:{server.server_port}"
        server.shutdown()


def lines(readiness: Readiness, asked: int = 1) -> list[Any]:
    """What the log says while it is asked so often."""
    with structlog.testing.capture_logs() as found:
        for _ in range(asked):
            readiness.states()
    return found


@pytest.mark.parametrize(
    ("name", "expired", "said"),
    [
        (
            HOST,
            True,
            "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
            "certificate has expired",
        ),
        ("cases.example", False, "CertificateError: hostname '127.0.0.1' doesn't match 'cases.example'"),
    ],
    ids=["expired", "of another name"],
)
def test_a_certificate_that_does_not_fit_is_told(authority: Authority, name: str, said: str, *, expired: bool) -> None:
    with serving(authority, name, expired=expired) as url:
        readiness = Readiness({"cases": [url]}, str(authority.file))
        [line] = lines(readiness)
        assert (line["log_level"], line["event"]) == ("warning", "instance unreachable")
        assert (line["service"], line["url"]) == ("cases", url)
        assert line["reason"].startswith(said)


def test_an_authority_that_is_not_theirs_is_told_and_so_is_a_file_of_authorities_that_went_away(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Authority(tmp_path_factory.mktemp("other"))
    with serving(authority) as url:
        readiness = Readiness({"cases": [url]}, str(other.file))
        [line] = lines(readiness)
        assert "CERTIFICATE_VERIFY_FAILED" in line["reason"]
        other.file.unlink()
        [line] = lines(readiness)
        assert "OSError: Could not find" in line["reason"]


def test_it_is_said_once_and_not_at_each_probe(authority: Authority) -> None:
    with serving(authority) as url:
        readiness = Readiness({"cases": [url]}, str(authority.file))
        assert lines(readiness) == []
    assert [line["reason"] for line in lines(readiness, 3)] == [
        "ConnectionRefusedError: [Errno 111] Connection refused"
    ]


def test_nothing_of_it_is_shown(authority: Authority) -> None:
    with serving(authority, expired=True) as url:
        [told] = Readiness({"cases": [url]}, str(authority.file)).states().values()
    assert (told.state, str(told)) == (UNREACHABLE, UNREACHABLE)


def test_a_reason_that_comes_back_is_said_again(authority: Authority) -> None:
    with serving(authority) as url:
        readiness = Readiness({"cases": [url]}, str(authority.file))
        whole = authority.file.read_bytes()
        for file, said in ((b"", 1), (whole, 0), (b"", 1)):
            authority.file.write_bytes(file)
            assert len(lines(readiness, 2)) == said
        authority.file.write_bytes(whole)
        assert readiness.states()["cases"].state == READY
