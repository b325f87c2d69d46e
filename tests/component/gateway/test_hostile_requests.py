"""Requests that look for a way around: each is answered, with 4xx, and the process goes on as if nothing had been."""

import json

import psutil
import pytest

from tests.component.gateway.running import Running
from tests.component.gateway.test_framing import signed, statuses


def ask(running: Running, first: bytes, *headers: bytes, host: bytes = b"x") -> tuple[int, str]:
    """Status and code of what is answered to a first line and headers."""
    head = b"".join(line + b"\r\n" for line in (first, b"Host: " + host, b"Connection: close", *headers, b""))
    received = running.raw(head, until_closed=True)
    [status] = statuses(received)
    code = json.loads(received.rpartition(b"\r\n\r\n")[2])["code"] if status >= 400 else ""
    return status, code


PATHS = {
    "up and down": (b"/v1/../v1/cases/c-1", 404),
    "up out of the API": (b"/v1/cases/../../health/live", 404),
    "up beyond the root": (b"/../../etc/passwd", 404),
    "up, encoded": (b"/v1/cases/%2e%2e/c-1", 404),
    "a slash in an id": (b"/v1/cases/..%2f..%2fme", 404),
    "a slash in an id, encoded twice": (b"/v1/cases/..%252fme/nothing", 404),
    "a backslash": (b"/v1\\cases\\c-1", 404),
    "two slashes first, which the standard library takes for one": (b"//v1/cases/c-1", 200),
    "no slash first": (b"v1/cases/c-1", 404),
    "two slashes within": (b"/v1//cases/c-1", 404),
    "a slash at the end": (b"/v1/cases/c-1/", 404),
    "a dot at the end": (b"/v1/cases/.", 200),
    "NUL": (b"/v1/cases/%00", 400),
    "NUL at the end": (b"/v1/cases/c-1%00.json", 400),
    "lines in an id": (b"/v1/cases/c-1%0d%0aX-Evil:%201", 400),
    "a parameter in the path": (b"/v1;a=b/cases", 404),
    "an encoded question mark": (b"/v1/cases%3fx", 404),
    "half an encoding": (b"/v1/cases/%", 200),
    "overlong UTF-8": (b"/v1/cases/%c0%ae%c0%ae%c0%afx/y", 404),
    "a whole address, as to a proxy": (b"http://evil.example/v1/cases/c-1", 200),
    "a whole address of nothing": (b"http://evil.example/v2/cases", 404),
    "another scheme": (b"file:///etc/passwd", 404),
    "an authority": (b"evil.example:443", 404),
    "a star": (b"*", 404),
}


@pytest.mark.parametrize(("path", "status"), PATHS.values(), ids=PATHS)
def test_a_path_leads_where_it_says_or_nowhere(running: Running, path: bytes, status: int) -> None:
    code = {200: "", 400: "malformed_request", 404: "route_not_found"}[status]
    assert ask(running, b"GET " + path + b" HTTP/1.1", signed(running).strip()) == (status, code)


METHODS = {
    "TRACE": (b"TRACE", (), 405),
    "CONNECT": (b"CONNECT", (), 405),
    "PROPFIND": (b"PROPFIND", (), 405),
    "made up": (b"X" * 3_000, (), 405),
    "one in a header": (b"DELETE", (b"X-HTTP-Method-Override: GET",), 405),
}


@pytest.mark.parametrize(("method", "headers", "status"), METHODS.values(), ids=METHODS)
def test_a_method_is_known_or_refused(running: Running, method: bytes, headers: tuple[bytes, ...], status: int) -> None:
    asked = ask(running, method + b" /v1/cases/c-1 HTTP/1.1", signed(running).strip(), *headers)
    assert asked == (status, "method_not_allowed")


def test_methods_that_are_made_up_fill_neither_the_counters_nor_the_log(running: Running) -> None:
    for number in range(50):
        assert ask(running, b"MADE%d /nothing HTTP/1.1" % number)[0] in {404, 405}
    assert "MADE" not in running.metrics("gateway")
    assert "MADE" not in running.log("gateway")


HOSTS = {
    "a path": b"x/../y",
    "a user": b"somebody@x",
    "a list": b"x, y",
    "a tag": b"<script>",
    "a name as port": b"x:y",
    "two ports": b"x:1:2",
    "an open bracket": b"[::1",
    "raw bytes": b"\xe4\xb8\x89",
    "blanks": b"a b",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_host_that_is_none_is_refused(running: Running, host: bytes) -> None:
    assert ask(running, b"GET /health/live HTTP/1.1", host=host) == (400, "malformed_request")


def test_another_host_and_what_a_client_says_of_proxies_changes_nothing(running: Running) -> None:
    told = (b"X-Forwarded-Host: evil.example", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 1.2.3.4")
    head = b"".join(line + b"\r\n" for line in (b"GET / HTTP/1.1", b"Host: evil.example", *told, b"Connection: close"))
    received = running.raw(head + b"\r\n", until_closed=True)
    assert statuses(received) == [200]
    assert b"evil" not in received
    assert b"Strict-Transport-Security" not in received


FLOODS = {
    "the same one a hundred times": [b"X-A: x"] * 97,
    "a hundred tokens": [b"Authorization: Bearer x"] * 90,
    "lists without end": [b"Accept-Language: " + b"en;q=0.1," * 800, b"Accept-Encoding: " + b"gzip;q=0.1," * 700],
    "tags without end": [b"If-None-Match: " + b'"x",' * 1_900],
    "cookies": [b"Cookie: " + b"a=b;" * 1_900],
    "names of all kinds": [b"X-%d_%d: x" % (number, number) for number in range(90)],
}


@pytest.mark.parametrize("headers", FLOODS.values(), ids=FLOODS)
def test_headers_within_the_limits_are_read_and_answered(running: Running, headers: list[bytes]) -> None:
    assert ask(running, b"GET /nothing HTTP/1.1", *headers) == (404, "route_not_found")


def test_floods_of_heads_leave_the_process_as_it_was(running: Running) -> None:
    """Beyond the limits: see test_slow_clients.py for each; here many of them, one after the other."""
    gateway = psutil.Process(running.processes["gateway"].pid)
    line, many = b"X-A: " + b"x" * 8_000, [b"X-%d: x" % number for number in range(200)]
    for _ in range(20):
        assert ask(running, b"GET / HTTP/1.1", *[line] * 12) == (431, "header_too_large")
        assert ask(running, b"GET / HTTP/1.1", *many) == (431, "header_too_large")
        assert ask(running, b"GET /" + b"x" * 12_000 + b" HTTP/1.1") == (414, "uri_too_long")
    before = gateway.memory_info().rss
    for _ in range(60):
        assert ask(running, b"GET / HTTP/1.1", *[line] * 12)[0] == 431
    assert gateway.memory_info().rss - before < 20_000_000
    assert running.ask().status_code == 200
