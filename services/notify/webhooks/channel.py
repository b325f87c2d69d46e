"""Posting to partners: the only way from here to addresses that somebody else has chosen; it knows no case."""

import io
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, RemoteDisconnected
from threading import Timer
from types import TracebackType
from typing import Any, Self

import eventlet
from eventlet import patcher, tpool

from notify.webhooks.address import Address, Network, canonical, listed, open_to
from notify.webhooks.target import BadUrl, Target, target
from notify.webhooks.webhook import Answer

POST_SECONDS = 30.0
CONNECT_SECONDS = 10.0
LOOK_UP_SECONDS = 5.0
ADDRESSES_TRIED = 3
RESPONSE_BYTES = 20_000

Resolve = Callable[[str, int], list[str]]


class Unwelcome(Exception):
    """The partner's URL leads where this service does not go; the text is a stable code that says why."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of `host`, asked for in a real thread, because a look-up would stop every greenlet."""
    plain = patcher.original("socket")
    with eventlet.Timeout(LOOK_UP_SECONDS, OSError("the look-up took too long")):
        found = tpool.execute(plain.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(entry[4][0] for entry in found))


class WebhookChannel:
    """Posts to partners, at addresses that were checked, within limits of time and size."""

    def __init__(self, networks: Sequence[Network], resolve: Resolve = look_up, seconds: float = POST_SECONDS) -> None:
        """`networks` may be connected to although they are not public, and without TLS."""
        self._networks = networks
        self._resolve = resolve
        self._seconds = seconds
        self._tls = ssl.create_default_context()

    def check(self, url: str) -> None:
        """Raise `Unwelcome` if the URL leads where this service does not go."""
        self._checked(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request and read the beginning of its answer; never raises for what a partner does.

        The host is resolved once and the checked address connected to; redirects are answers like others,
        and no proxy of the environment is used.
        """
        try:
            place, addresses = self._checked(url)
            with Deadline(self._seconds) as deadline:
                return self._exchange(place, self._connected(place, addresses, deadline), headers, body)
        except Unwelcome as error:
            return Answer(error=str(error))
        except TimeoutError:
            return Answer(error="timeout")
        except (OSError, HTTPException, ValueError) as error:
            return Answer(error=type(error).__name__)

    def _checked(self, url: str) -> tuple[Target, list[Address]]:
        try:
            place = target(url)
            addresses = self._addresses(place)
        except BadUrl as error:
            raise Unwelcome(str(error)) from None
        if not all(open_to(address, self._networks) for address in addresses):
            raise Unwelcome("address_refused")
        if place.scheme == "http" and not all(listed(address, self._networks) for address in addresses):
            raise Unwelcome("https_required")
        return place, addresses

    def _addresses(self, place: Target) -> list[Address]:
        with suppress(ValueError):
            return [canonical(place.host)]
        try:
            return [canonical(text) for text in self._resolve(place.host, place.port)]
        except (OSError, ValueError):
            raise Unwelcome("name_not_found") from None

    def _connected(self, place: Target, addresses: Sequence[Address], deadline: "Deadline") -> socket.socket:
        plain = _first_that_answers(addresses, place.port)
        plain.settimeout(self._seconds)  # it was that of connecting, and who answers has longer
        with _closed_on_error(plain):
            deadline.guard(plain)
            if place.scheme == "http":
                return plain
            secure = self._tls.wrap_socket(plain, server_hostname=place.host, do_handshake_on_connect=False)
        with _closed_on_error(secure):
            deadline.guard(secure)
            secure.do_handshake()
            return secure

    def _exchange(self, place: Target, connected: socket.socket, headers: Mapping[str, str], body: bytes) -> Answer:
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.host, place.port)
        connection.sock = connected
        connection.response_class = WholeHead
        try:
            connection.request("POST", place.path, body, {"user-agent": "Sandan-Webhook/1", **headers})
            response = connection.getresponse()
            text = response.read(RESPONSE_BYTES).decode("utf-8", "replace")
            return Answer(response.status, response.getheader("retry-after"), text)
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


def _first_that_answers(addresses: Sequence[Address], port: int) -> socket.socket:
    error: OSError = OSError("the name has no address")
    for address in addresses[:ADDRESSES_TRIED]:
        try:
            return socket.create_connection((str(address), port), CONNECT_SECONDS)
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


class Deadline:
    """Cuts a socket when the time is over, however slowly its peer drips; then raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._guarded: socket.socket | None = None
        self._over = False

    def guard(self, connected: socket.socket) -> None:
        """Cut this socket when the time is over; raises TimeoutError if it is already."""
        self._guarded = connected
        if self._over:
            raise TimeoutError

    def __enter__(self) -> Self:
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
        if self._guarded is not None:
            with suppress(OSError):
                self._guarded.shutdown(socket.SHUT_RDWR)
