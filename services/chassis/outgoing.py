"""Connections to servers that are not ours: names looked up off the loop, one deadline over all, answers cut short."""

import io
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, RemoteDisconnected
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self

import eventlet
from eventlet import patcher, tpool

CONNECT_SECONDS = 10.0
LOOK_UP_SECONDS = 5.0
ADDRESSES_TRIED = 3


class Place(Protocol):
    """Where to connect and what to ask for there."""

    @property
    def scheme(self) -> str:
        """`https` or `http`."""

    @property
    def host(self) -> str:
        """The name, or the address as text."""

    @property
    def port(self) -> int:
        """From 1 to 65535."""

    @property
    def path(self) -> str:
        """With the query, if there is one."""


@dataclass(frozen=True)
class Heard:
    """The beginning of an answer; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def look_up(host: str, port: int, seconds: float = LOOK_UP_SECONDS) -> list[str]:
    """The addresses of `host`, asked for in a real thread, because a look-up would stop every greenlet."""
    plain = patcher.original("socket")
    with eventlet.Timeout(seconds, OSError("the look-up took too long")):
        found = tpool.execute(plain.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(entry[4][0] for entry in found))


class Deadline:
    """Cuts a socket when the time is over, however slowly its peer drips; then raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._ends = seconds, monotonic() + seconds
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._end: Callable[[], object] = _nothing
        self._over = False

    def left(self) -> float:
        """Seconds until the time is over; raises TimeoutError when there are none."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def guard(self, connected: socket.socket) -> None:
        """Cut this socket when the time is over; raises TimeoutError if it is already."""
        self.end(partial(connected.shutdown, socket.SHUT_RDWR))

    def end(self, end: Callable[[], object]) -> None:
        """As `guard`, for what has its own way to be cut; it may raise OSError, or ValueError once it has ended."""
        self._end = end
        if self._over:
            raise TimeoutError

    def __enter__(self) -> Self:
        self._ends = monotonic() + self._seconds
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._over:
            raise TimeoutError from error

    def _cut(self) -> None:
        self._over = True
        with suppress(OSError, ValueError):
            self._end()


def _nothing() -> None:
    """There is no connection yet."""


def connected(place: Place, addresses: Sequence[Any], deadline: Deadline, tls: ssl.SSLContext) -> socket.socket:
    """A connection to one of the addresses of the place, with TLS for its name where the scheme is https.

    Raises OSError; what is sent and read over it ends with the deadline too.
    """
    plain = _first_that_answers(addresses, place.port, deadline)
    with _closed_on_error(plain):
        deadline.guard(plain)
        plain.settimeout(deadline.left())  # it was that of connecting, and who answers has longer
        if place.scheme == "http":
            return plain
        secure = tls.wrap_socket(plain, server_hostname=place.host, do_handshake_on_connect=False)
    with _closed_on_error(secure):
        deadline.guard(secure)
        secure.do_handshake()
        return secure


def exchanged(
    place: Place, over: socket.socket, method: str, headers: Mapping[str, str], body: bytes | None, most: int
) -> Heard:
    """What is answered to one request over a connection, of its body at most so many bytes; the connection is closed.

    A redirect is an answer like others, and no proxy of the environment is used. Raises OSError and HTTPException.
    """
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.host, place.port)
    connection.sock = over
    connection.response_class = WholeHead
    try:
        connection.request(method, place.path, body, dict(headers))
        response = connection.getresponse()
        told = {name.lower(): str(response.getheader(name)) for name in response.headers}
        return Heard(response.status, told, response.read(most))
    finally:
        connection.close()


class HeadReader(io.BufferedReader):
    """What an answer is read from; where the connection ends instead of a line, there is no answer."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """The next line; raises RemoteDisconnected at the end."""
        line = super().readline(size)
        if not line:
            raise RemoteDisconnected("the connection ended in the head of the answer")
        return line


class WholeHead(HTTPResponse):
    """An answer whose head has come to its end: the standard library takes a head that is cut off for a whole one."""

    def __init__(self, sock: socket.socket, *more: Any, **options: Any) -> None:
        super().__init__(sock, *more, **options)
        self.fp: Any = HeadReader(self.fp.detach())


def _first_that_answers(addresses: Sequence[Any], port: int, deadline: Deadline) -> socket.socket:
    error: OSError = OSError("the name has no address")
    for address in addresses[:ADDRESSES_TRIED]:
        seconds = min(CONNECT_SECONDS, deadline.left())
        try:
            return socket.create_connection((str(address), port), seconds)
        except OSError as failed:
            error = failed
    raise error


@contextmanager
def _closed_on_error(connected: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connected.close()
        raise
