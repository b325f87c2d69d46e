"""What every process of another kind hears at once: a fanout exchange, and an exclusive queue for each hearer.

Nothing is kept: what is sent while a hearer is away is lost to it, so what is sent has to be asked for, too.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from amqp.basic_message import Message
from nameko.extensions import DependencyProvider

from chassis import topology, wire
from chassis.ids import new_id
from chassis.publisher import Outcome, Outgoing, Publisher

log = structlog.get_logger()

LEFT = (Outcome.TAKEN, Outcome.RETURNED)
"""Heard by all who listen, be it nobody."""

MOST_WAITING = 2_000
"""Messages that wait for a hearer, at most: beyond them the oldest go, and the hearer sees the gap."""


Send = Callable[[Mapping[str, Any]], bool]
"""Sends a message to all who listen; False when it may not have left."""


class Broadcaster(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what tells a service's news to all who listen, one for the process."""

    publisher = Publisher()

    def __init__(self, teller: Callable[[Send], Any]) -> None:
        """`teller` makes what is injected, of what sends."""
        self._make = teller

    def setup(self) -> None:
        """Declare the exchange at each coming up of the link; nothing is told yet."""
        self.publisher.link.register(self)
        self._teller = self._make(self.send)

    def link_up(self, connection: Any) -> None:
        """There has to be an exchange, whoever listens."""
        channel = connection.channel()
        topology.declare_broadcast(channel, self.container.service_name)
        channel.close()

    def link_down(self) -> None:
        """Nothing waits here."""

    def send(self, body: Mapping[str, Any]) -> bool:
        """Send it to all who listen; False when it may not have left."""
        message = wire.message(_encoded(body), message_id=new_id(), content_type="application/json")
        exchange = topology.broadcast_exchange(self.container.service_name)
        return self.publisher.publish(Outgoing(exchange, "", message)) in LEFT

    def get_dependency(self, worker_ctx: object) -> Any:
        """The teller."""
        return self._teller


class Hearing:
    """Hears one service's broadcasts, for an extension that has a link; `heard` must not block."""

    def __init__(self, service: str, heard: Callable[[dict[str, Any]], None]) -> None:
        self._service, self._heard = service, heard

    def begin(self, connection: Any) -> None:
        """Consume from a queue that lives as long as the connection."""
        channel = wire.open_channel(connection)
        queue = topology.declare_hearing(channel, self._service, MOST_WAITING)
        channel.basic_consume(queue, "hearing", no_ack=True, callback=self._arrived)

    def _arrived(self, message: Message) -> None:
        try:
            body = json.loads(message.body)
        except ValueError:
            log.warning("broadcast cannot be read", service=self._service)
            return
        self._heard(body)


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
