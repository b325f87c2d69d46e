"""Everybody on the way reads the same request out of the same bytes, or it is refused."""

import http.client
import io

import pytest

from gateway.listener.framing import origin_form, well_framed


def headers(*lines: str) -> http.client.HTTPMessage:
    return http.client.parse_headers(io.BytesIO("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")))


@pytest.mark.parametrize(
    "lines",
    [
        ("Host: a",),
        ("Host: a", "Content-Length: 0"),
        ("Host: a", "Content-Length: 12", "Content-Length: 12"),
        ("Host: a", "Transfer-Encoding: chunked"),
        ("host: a", "X-Anything: 1", "X-Anything: 2"),
        ("Host: sandan.example.cn:8443",),
        ("Host: 127.0.0.1:8000",),
        ("Host: [::1]:8000",),
        ("Host: a_b",),
        ("Host:",),
    ],
)
def test_usual_requests_pass(lines: tuple[str, ...]) -> None:
    assert well_framed(headers(*lines), "HTTP/1.1")


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Host: a", "Host: b"),
        ("Host: a b",),
        ("Host: a/../b",),
        ("Host: a@b",),
        ("Host: a, b",),
        ("Host: <script>",),
        ("Host: a:port",),
        ("Host: a:1:2",),
        ("Host: [::1",),
        ("Host: \xe4",),
        ("Host: a", "Content-Length: 1", "Content-Length: 2"),
        ("Host: a", "Content-Length: +38"),
        ("Host: a", "Content-Length: 5_6"),
        ("Host: a", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Host: a", "Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Host: a", "Content-Length: 5\x85"),
        ("Host: a", "Content-Length: " + "9" * 5_000),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(lines: tuple[str, ...]) -> None:
    assert not well_framed(headers(*lines), "HTTP/1.1")


@pytest.mark.parametrize("version", ["HTTP/0.9", "HTTP/1.0"])
def test_before_http_1_1_there_is_no_transfer_encoding(version: str) -> None:
    assert not well_framed(headers("Host: a", "Transfer-Encoding: chunked"), version)
    assert well_framed(headers("Host: a", "Content-Length: 5"), version)


@pytest.mark.parametrize(
    ("whole", "path"),
    [
        ("http://127.0.0.1:8000/v1/me?a=b", "/v1/me?a=b"),
        ("HTTPS://sandan.example.cn/health/live", "/health/live"),
        ("http://sandan.example.cn", "/"),
        ("http://sandan.example.cn?a=b", "/?a=b"),
        ("/v1/me?next=http://sandan.example.cn/", "/v1/me?next=http://sandan.example.cn/"),
        ("*", "*"),
    ],
)
def test_an_address_that_is_written_whole_is_its_path(whole: str, path: str) -> None:
    assert origin_form(f"GET {whole} HTTP/1.1\r\n".encode()) == f"GET {path} HTTP/1.1\r\n".encode()
