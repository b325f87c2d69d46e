"""A partner that reads its own queue at the broker with pika, and comes back whenever it is cut off."""

import threading
from collections.abc import Sequence
from typing import Any

import pika
import pika.exceptions

from dev.ports import HOST
from tests.chaos.partners.partner import Arrival, Partner
from tests.chaos.partners.wish import Wish

VHOST = "partners"
HEARTBEAT_SECONDS = 5
AGAIN_SECONDS = 0.3
LOOK_SECONDS = 0.1
PREFETCH = 50


class Reader(Partner):
    """Acknowledges what it has kept; may be told to be away, or to take and not acknowledge."""

    way = "amqp"

    def __init__(self, name: str, who: str, wish: Wish, ports: Sequence[int]) -> None:
        """`ports` are those of the broker's nodes."""
        super().__init__(name, who, wish)
        self.queue = self.user = self.password = ""
        self.taken: list[Arrival] = []
        self.let_in = 0
        """How often the broker has let it in."""
        self.refused = 0
        """How often the broker knew neither its user nor its password."""
        self.holding = False
        """Whether it acknowledges nothing for the time being."""
        self.held: list[str] = []
        """Ids that it has taken and not acknowledged, since it was told so."""
        self._ports = ports
        self._turn = 0
        self._ended, self._away, self._idle = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def joined(self, secret: str | None) -> None:
        """It was subscribed, and this is its password."""
        self.password = str(secret)

    def told(self, amqp: dict[str, Any]) -> None:
        """Where its queue is."""
        self.queue, self.user = amqp["queue"], amqp["username"]

    def start(self) -> None:
        """Begin to read."""
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def leave(self) -> None:
        """Be away until `come_back`: no connection."""
        self._away.set()
        self._idle.wait(15)

    def come_back(self) -> None:
        """Read again."""
        self._away.clear()

    def arrivals(self) -> list[Arrival]:
        """What it has kept."""
        return self.taken

    def purge(self) -> int:
        """Throw away what waits in its queue, with a connection of its own: how many messages those were."""
        connection = self._connected()
        try:
            return int(connection.channel().queue_purge(self.queue).method.message_count)
        finally:
            connection.close()

    def _run(self) -> None:
        while not self._ended.wait(AGAIN_SECONDS):
            if self._away.is_set() or not self.queue:
                self._idle.set()
                continue
            self._idle.clear()
            try:
                self._read()
            except pika.exceptions.ProbableAuthenticationError:
                self.refused += 1
            except (pika.exceptions.AMQPError, OSError):
                continue  # as after any cut: it comes back
        self._idle.set()

    def _read(self) -> None:
        connection = self._connected()
        self.let_in += 1
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        channel.basic_consume(self.queue, self._take)
        while not self._ended.is_set() and not self._away.is_set():
            connection.process_data_events(LOOK_SECONDS)
        connection.close()

    def _take(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        headers = properties.headers
        if headers.get("ce-subject", "").startswith("case/"):
            case, version = headers["ce-subject"].removeprefix("case/"), int(headers["ce-sequence"])
            self.taken.append(Arrival(properties.message_id, case, version, body))
        if self.holding:
            self.held.append(properties.message_id)
        else:
            channel.basic_ack(method.delivery_tag)

    def _connected(self) -> pika.BlockingConnection:
        self._turn += 1
        parameters = pika.ConnectionParameters(
            HOST,
            self._ports[self._turn % len(self._ports)],
            VHOST,
            pika.PlainCredentials(self.user, self.password),
            heartbeat=HEARTBEAT_SECONDS,
            blocked_connection_timeout=HEARTBEAT_SECONDS,
            socket_timeout=HEARTBEAT_SECONDS,
            stack_timeout=HEARTBEAT_SECONDS,
        )
        return pika.BlockingConnection(parameters)
