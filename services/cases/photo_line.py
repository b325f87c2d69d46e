"""The line to the S3 store that photos may be in: connections that are kept, and names looked up off the loop.

A look-up by the standard library would stop every greenlet of the service, for as long as a server of names is away.
"""

import socket
from contextlib import suppress
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any, ClassVar

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager, Retry, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from cases.store.photo_bytes import WHOLE_SECONDS
from chassis.outgoing import Deadline, look_up
from chassis.tls import Trust

CONNECT_SECONDS = 2.0
WAITS = (CONNECT_SECONDS, 4.0)
"""Seconds, for a connection and for each part of an answer. A request is tried twice, so that to a silent store is over
before the gateway has waited for 10 s."""

ADDRESSES_TRIED = 2
KEPT_CONNECTIONS = 40


_DEADLINE: ContextVar[Deadline] = ContextVar("_DEADLINE")
"""That of the request which is under way: both of its tries together have so long."""


class _LookedUp(HTTPConnection):
    def request(self, *args: Any, **options: Any) -> None:
        """Send it within the deadline."""
        if self.sock is None:
            self.connect()
        _DEADLINE.get().guard(self.sock)
        super().request(*args, **options)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3 overrides so, too
        """The head of the answer, with its body where that is wanted at once, within the deadline."""
        _DEADLINE.get().guard(self.sock)
        return super().getresponse()

    def _new_conn(self) -> socket.socket:
        """Connect to one of the addresses of the name, which TLS still asks for afterwards."""
        named = self._dns_host
        try:
            return self._first_that_answers(self._addresses(named))
        finally:
            self._dns_host = named

    def _addresses(self, named: str) -> list[str]:
        with suppress(ValueError):
            return [str(ip_address(named))]
        try:
            return look_up(named, int(self.port or 0), CONNECT_SECONDS)[:ADDRESSES_TRIED]
        except OSError as error:
            raise NameResolutionError(named, self, socket.gaierror(str(error))) from error

    def _first_that_answers(self, addresses: list[str]) -> socket.socket:
        failed: HTTPError = NewConnectionError(self, "the name has no address")
        for self._dns_host in addresses:
            try:
                return super()._new_conn()
            except (NewConnectionError, ConnectTimeoutError) as error:
                failed = error
        raise failed


class _SecurelyLookedUp(_LookedUp, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _LookedUp


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecurelyLookedUp


class PhotoLine(PoolManager):
    """Asks one store; no redirect is followed, and no proxy of the environment is used."""

    POOLS: ClassVar[dict[str, Any]] = {"http": _Pool, "https": _SecurePool}

    def __init__(self, trust: Trust, waits: tuple[float, float] = WAITS) -> None:
        """`trust` is for a store at `https://`."""
        super().__init__(
            maxsize=KEPT_CONNECTIONS,
            timeout=Timeout(connect=waits[0], read=waits[1]),
            retries=Retry(total=1, redirect=0, status=0),
            cert_reqs="CERT_REQUIRED",
            ca_certs=trust.ca_file or None,
            cert_file=trust.cert_file or None,
            key_file=trust.key_file or None,
        )
        self.pool_classes_by_scheme = self.POOLS

    def urlopen(self, *args: Any, **options: Any) -> BaseHTTPResponse:
        """The answer, with its body where that is wanted at once, within `WHOLE_SECONDS`; raises TimeoutError."""
        with Deadline(WHOLE_SECONDS) as deadline:
            before = _DEADLINE.set(deadline)
            try:
                return super().urlopen(*args, **options)
            finally:
                _DEADLINE.reset(before)
