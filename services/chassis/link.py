"""A connection to the broker that is kept up: who uses it is called at each coming up and going down.

One greenlet reads; anyone may write, since py-amqp serialises whole frames. After the coming up nobody may use a
method that waits for an answer, because the reader alone reads.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from time import monotonic
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import eventlet
import structlog
from amqp.exceptions import AMQPError
from kombu import Connection
from nameko.extensions import SharedExtension

from chassis import wire
from chassis.settings import settings

log = structlog.get_logger()

HEARTBEAT_SECONDS = 6
CONNECT_SECONDS = 3.0
READ_SECONDS = 1.0
RETRY_SECONDS = (0.2, 2.0)

LOST = (AMQPError, OSError)
"""What py-amqp raises when a connection or a channel is gone."""


class LinkDown(Exception):
    """There is no connection to the broker at this moment."""


class LinkUser(Protocol):
    """Who uses a link."""

    def link_up(self, connection: Any) -> None:
        """Declare, open channels, consume; may wait for answers of the broker."""

    def link_down(self) -> None:
        """Forget channels, wake whoever waits; must not block."""


class Link(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """One supervised connection, named for its use."""

    def __init__(self, name: str, vhost: str | None = None) -> None:
        """`vhost` is the virtual host, if not the one that the settings name."""
        self.name = name
        self._users: list[LinkUser] = []
        self._connection: Any = None
        self._stopping = False
        self._thread: Any = None
        self._blocked: str | None = None
        self._problem: str | None = "not connected yet"
        self._addresses = addresses(settings.amqp_uri, vhost)

    @property
    def sharing_key(self) -> tuple[type, str]:
        """One link for each name in a process."""
        return type(self), self.name

    def register(self, user: LinkUser) -> None:
        """Call `user` at each coming up and going down; to be done in `setup`."""
        self._users.append(user)

    def start(self) -> None:
        """Begin to keep the connection up; returns at once, whether or not the broker is there."""
        if self._thread is None:
            self._thread = self.container.spawn_managed_thread(self._keep_up)

    def stop(self) -> None:
        """Let go of the connection, hard: nothing that matters is in flight any more."""
        self._stopping = True
        self.drop()

    kill = stop

    def drop(self) -> None:
        """Cut the socket without a word; the keeper connects anew. For a broker that does not answer."""
        connection, self._connection = self._connection, None
        if connection is not None:
            wire.cut(connection)

    def fault(self) -> str | None:
        """Why the service is not ready, as far as this link is concerned."""
        problem = self._problem or self._blocked
        return f"broker link {self.name}: {problem}" if problem else None

    @property
    def blocked(self) -> bool:
        """Whether the broker takes no publishes at present (a memory or disk alarm)."""
        return self._blocked is not None

    def _keep_up(self) -> None:
        while not self._stopping:
            try:
                self._come_up()
                self._read()
            except LOST as error:
                self._note(error)
            except Exception as error:  # noqa: BLE001 - a link outlives every error; the note logs it
                self._note(error)
            self._go_down()
            if not self._stopping:
                eventlet.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 - spreads reconnects, guards nothing

    def _come_up(self) -> None:
        connection = self._connected()
        self._connection = connection
        for user in self._users:
            user.link_up(connection)
        self._problem = None
        log.info("link up", link=self.name)

    def _connected(self) -> Any:
        # A publisher elsewhere must not change this connection's options: kombu shares one dict between them.
        options = {
            "on_blocked": self._on_blocked,
            "on_unblocked": self._on_unblocked,
            "frame_writer": wire.frame_writer,
        }
        broker = dialled(
            next(self._addresses),
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=CONNECT_SECONDS,
            transport_options=options,
        )
        with eventlet.Timeout(CONNECT_SECONDS * 2, OSError("no answer to the handshake")):
            return broker.transport.establish_connection()

    def _read(self) -> None:
        connection = self._connection
        heard_at, heard, beaten_at = monotonic(), connection.bytes_recv, monotonic()
        while connection is self._connection and connection is not None:
            with suppress(TimeoutError):  # a quiet second; the checks below decide
                connection.drain_events(timeout=READ_SECONDS)
            now = monotonic()
            if connection.bytes_recv != heard:
                heard_at, heard = now, connection.bytes_recv
            if now - heard_at > HEARTBEAT_SECONDS * 2:
                raise OSError("the broker has gone silent")
            if now - beaten_at >= READ_SECONDS:
                beaten_at = now
                _beat(connection)

    def _go_down(self) -> None:
        self._blocked = None
        self.drop()
        for user in self._users:
            user.link_down()

    def _note(self, error: BaseException) -> None:
        if self._stopping:
            return
        self._problem = f"{type(error).__name__}: {error}"
        log.warning("link lost", link=self.name, error=self._problem)

    def _on_blocked(self, reason: str) -> None:
        self._blocked = f"blocked: {reason}"
        log.warning("link blocked", link=self.name, reason=reason)

    def _on_unblocked(self) -> None:
        self._blocked = None
        log.info("link unblocked", link=self.name)


def addresses(uri: str, vhost: str | None = None) -> Iterator[str]:
    """The nodes of the broker, which `;` separates in the URI, by turns for ever and beginning with any one.

    At `vhost`, if one is given, whatever virtual host the URI names.
    """
    nodes = uri.split(";") if vhost is None else [_at(node, vhost) for node in uri.split(";")]
    random.shuffle(nodes)  # so that processes spread over the nodes
    return cycle(nodes)


def _at(uri: str, vhost: str) -> str:
    return urlsplit(uri)._replace(path=f"/{quote(vhost, safe='')}").geturl()


def dialled(node: str, **options: Any) -> Connection:
    """What connects to one node of the broker, under TLS where its address says so; not connected yet."""
    return Connection(node, ssl=settings.amqp_trust.towards(node), **options)


def answering() -> str:
    """The address of the first node of the broker that lets us in, for what is done once; of one alone, its address.

    kombu itself would go on to another node with the name of the first, which is in no certificate but the first one's.
    """
    *others, last = settings.amqp_uri.split(";")
    return next(filter(_lets_in, others), last)


def _lets_in(node: str) -> bool:
    try:
        wire.cut(dialled(node, connect_timeout=CONNECT_SECONDS).transport.establish_connection())
    except LOST:
        return False
    return True


def _beat(connection: Any) -> None:
    # A writer stuck in a full socket holds the frame lock: never wait for it longer than the broker would for us.
    with eventlet.Timeout(HEARTBEAT_SECONDS, OSError("the broker takes no bytes")):
        connection.heartbeat_tick()


def written(write: Callable[[], Any]) -> bool:
    """Write to a channel that may be gone, and say whether it was there.

    What was unacknowledged on a channel that is gone is given out again by the broker; handlers allow for that.
    """
    try:
        write()
    except LOST as error:
        log.info("channel gone", error=type(error).__name__)
        return False
    return True
