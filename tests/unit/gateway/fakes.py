"""Stand-ins for what the application is given: services that answer as they are told, and the photo port of cases."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from werkzeug.test import TestResponse

from gateway.endings.ended import Ended
from gateway.facade import ErrandFailed
from gateway.live.hub import Hub, Place


def said(response: TestResponse) -> dict[str, Any]:
    """The JSON object in an answer."""
    body: dict[str, Any] = json.loads(response.data)
    return body


SEED = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
"""The bytes 0 to 31, as the seed of a signing key for tests."""

RECEIPT = {
    "case_id": "c-1",
    "number": "GX-20260312-7Q4M",
    "version": 1,
    "status": "REPORTED",
    "act": "report",
    "at": "2026-03-12T11:40:00Z",
    "event_id": "e-1",
    "category": None,
    "grid_code": "360704100002001",
    "respond_due": None,
    "resolve_due": "2026-03-17T10:00:00Z",
}


NOTED: dict[str, Any] = {"cases.note_download": None, "members.note_download": None}
"""What every service does unless a test says otherwise."""


class FakeService:
    """One service: each method returns, raises or computes what was set for it, and every call is kept."""

    def __init__(self, name: str, services: "FakeServices") -> None:
        self._name, self._services = name, services

    def __getattr__(self, method: str) -> Any:
        def called(**arguments: Any) -> Any:
            json.dumps(arguments).encode()  # only JSON travels
            noted = method == "note_download"
            (self._services.downloads if noted else self._services.calls).append((f"{self._name}.{method}", arguments))
            outcome = {**NOTED, **self._services.outcomes}[f"{self._name}.{method}"]
            if isinstance(outcome, Exception):
                raise outcome
            return outcome(**arguments) if callable(outcome) else outcome

        return called


def hearing_hub(most: int = 20, most_of_one: int = 3) -> Hub:
    """A hub that hears the strands, of which each has come to position 10."""
    hub = Hub(most, most_of_one)
    hub.connected = True
    for strand in ("cases", "inbox"):
        hub.begin(strand, Place(10, "c-10"))
    return hub


@dataclass
class FakeServices:
    """The three services, set up by `services.outcomes["cases.case"] = …`."""

    outcomes: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    downloads: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    live: Hub = field(default_factory=hearing_hub)
    endings: Ended = field(default_factory=lambda: Ended(900))

    def on_behalf_of(self, request_id: str) -> "FakeServices":
        self.request_ids.append(request_id)
        return self

    def apart(self, work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        self.commands.append(list(command))
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)
        if done.returncode != 0:
            raise ErrandFailed(done.stderr.decode())
        return done.stdout

    def faults(self) -> list[str]:
        return self.troubles

    def __getattr__(self, name: str) -> FakeService:
        return FakeService(name, self)

    @property
    def last(self) -> dict[str, Any]:
        """The arguments of the last call."""
        return self.calls[-1][1]


@dataclass
class FakePort:
    """The internal HTTP of a service: it answers what is set, and keeps what it got."""

    url: str
    answers: dict[tuple[str, str], tuple[int, str, bytes]] = field(default_factory=dict)
    got: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    cut_short: int = 0
    """So many bytes at the end of each body do not come."""


@contextmanager
def fake_port() -> Iterator[FakePort]:
    """A real HTTP server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            port.got.append((self.command, self.path, body, dict(self.headers)))
            status, media_type, answer = port.answers.get((self.command, self.path), (404, "text/plain", b""))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer[: len(answer) - port.cut_short])
            self.close_connection = self.close_connection or port.cut_short > 0

        do_GET = do_PUT = answer  # noqa: N815 - named by http.server

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        port = FakePort(f"http://127.0.0.1:{server.server_port}")
        try:
            yield port
        finally:
            server.shutdown()
