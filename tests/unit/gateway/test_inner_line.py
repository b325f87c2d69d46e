"""HTTP with instances of services: of the right authority and the right name, whatever address the name led to."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

from gateway.inner_line import InnerLine
from gateway.instances import Instance, instances
from tests.certificates import Authority

NAME = "cases.example"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def url(authority: Authority) -> Iterator[str]:
    """Where somebody listens who has the certificate of NAME."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = authority.server(NAME).wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_certificate_has_to_be_of_the_name_that_was_looked_up(authority: Authority, url: str) -> None:
    with InnerLine(str(authority.file)) as line:
        assert line.to(Instance(url, NAME), "GET", "/x", timeout=5).text == "ok"
    with InnerLine(str(authority.file)) as line, pytest.raises(requests.exceptions.SSLError, match="doesn't match"):
        line.to(Instance(url, "members.example"), "GET", "/x", timeout=5)


def test_it_has_to_be_of_an_authority_that_is_believed(url: str, tmp_path: Path) -> None:
    for ca_file in ("", str(Authority(tmp_path).file)):
        with InnerLine(ca_file) as line, pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            line.to(Instance(url, NAME), "GET", "/x", timeout=5)


def test_each_instance_behind_a_name_keeps_the_name() -> None:
    [found] = [each for each in instances(["https://localhost:8100"]) if "127.0.0.1" in each.url]
    assert found == Instance("https://127.0.0.1:8100", "localhost")
    assert instances(["https://nowhere.invalid"]) == [Instance("https://nowhere.invalid", "nowhere.invalid")]
    assert Instance("https://127.0.0.1:443", "127.0.0.1") in instances(["https://127.0.0.1"])
