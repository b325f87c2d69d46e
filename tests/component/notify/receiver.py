"""A partner's endpoint for tests: a real HTTP server that answers as it is told and remembers what it got."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from dev.ports import free_port


@dataclass
class Reply:
    """What is answered: a status with headers and a body, or whatever `speak` writes to the socket."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: Event | None = None
    speak: Callable[["Handler"], None] | None = None


@dataclass(frozen=True)
class Got:
    """One request as it came, and what was answered."""

    path: str
    headers: dict[str, str]
    body: bytes
    reply: Reply


class Receiver:
    """Answers with the replies in turn, the last one for ever."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: tuple[str, int] | None = None) -> None:
        self.replies: list[Reply] = [Reply()]
        self.got: list[Got] = []
        host, self.port = address or ("127.0.0.1", free_port())
        self.closed = Event()
        self.drained = Event()
        self._server = ThreadingHTTPServer((host, self.port), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.receiver = self  # type: ignore[attr-defined]  # for the handlers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, got: Got) -> None:
        self.got.append(got)

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def start(self) -> None:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Reads one request and answers it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # see Receiver
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        reply = receiver.next_reply()
        receiver.take(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body, reply))
        self.close_connection = True
        with suppress(OSError):
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        if reply.wait is not None:
            reply.wait.wait(20)
        if reply.speak is not None:
            reply.speak(self)
            return
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests look at `got`."""


def drip(handler: Handler) -> None:
    """A header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        handler.wfile.write(b"a")
        time.sleep(0.05)


def half_a_head(handler: Handler) -> None:
    """The beginning of an answer, and then the end of the connection."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Cut: o")


def another_protocol(handler: Handler) -> None:
    """What no HTTP server says."""
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")


def flood(handler: Handler) -> None:
    """A gigabyte, or as much of it as is taken."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for _ in range(1000):
        handler.wfile.write(b"x" * 1_000_000)
    handler.server.receiver.drained.set()  # type: ignore[attr-defined]  # see Receiver


@contextmanager
def receiving(*replies: Reply, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that answers with these replies."""
    receiver = Receiver(tls)
    receiver.replies = list(replies) or [Reply()]
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()
