"""Letters that failed: copies for another try and copies for the dead, each with the reason in its headers."""

from datetime import UTC, datetime
from typing import Any

from amqp.basic_message import Message

from chassis import topology, wire
from chassis.event import Event, packed, unpacked
from chassis.ids import new_id
from chassis.publisher import Outcome, Outgoing, Publisher

ATTEMPT = "x-attempt"
FIRST_FAILED_AT = "x-first-failed-at"
LAST_ERROR = "x-last-error"
ERROR_TYPE = "x-error-type"
ORIGIN_QUEUE = "x-origin-queue"
ROUTING_KEY = "x-routing-key"
"""The routing key of the first publish: a way round through a queue's name would lose it."""

ERROR_LENGTH = 500
_LEFT_OUT = frozenset({"application_headers", "expiration", "content_encoding"})
"""Properties that a copy does not take over: a foreign encoding would make py-amqp touch the bytes of the body."""


class CopyNotTaken(Exception):
    """The broker did not confirm the copy, so the original must stay where it is."""


def failures(message: Message) -> int:
    """How often the message has failed before."""
    attempt = wire.headers(message).get(ATTEMPT, 0)
    return attempt if isinstance(attempt, int) else 0


def routing_key(message: Message) -> str:
    """The routing key that the message was first published with."""
    return str(wire.headers(message).get(ROUTING_KEY) or message.delivery_info["routing_key"])


def opened(message: Message) -> Event:
    """The event in the message; raises chassis' `Malformed`."""
    return unpacked(message, routing_key(message))


def sealed(event: Event, channel: Any) -> Message:
    """The event as `channel` would have given it out, for one that never came that way: nobody may acknowledge it."""
    message = packed(event)
    message.channel, message.delivery_info = channel, {"routing_key": event.routing_key}
    return message


def retry_later(publisher: Publisher, service: str, queue: str, tier: str, message: Message, error: Exception) -> None:
    """Send a copy to the waiting queue `tier`; raises `CopyNotTaken`."""
    copy = _copy(message, queue, error, failures(message) + 1)
    _send(publisher, Outgoing(topology.retry_exchange(service, tier), queue, copy))


def give_up(publisher: Publisher, queue: str, message: Message, error: Exception) -> None:
    """Send a copy with its reason to the dead letters; raises `CopyNotTaken`."""
    copy = _copy(message, queue, error, failures(message) + 1)
    _send(publisher, Outgoing(topology.DEAD_EXCHANGE, queue, copy))


def _send(publisher: Publisher, outgoing: Outgoing) -> None:
    outcome = publisher.publish(outgoing)
    if outcome is not Outcome.TAKEN:
        raise CopyNotTaken(f"{outgoing.exchange}: {outcome.value}")


def _copy(message: Message, queue: str, error: Exception, attempt: int) -> Message:
    headers: dict[str, Any] = wire.headers(message)
    headers.setdefault(FIRST_FAILED_AT, datetime.now(UTC).isoformat())
    headers.setdefault(ROUTING_KEY, message.delivery_info["routing_key"])
    headers[ATTEMPT] = attempt
    headers[ERROR_TYPE] = type(error).__name__
    headers[LAST_ERROR] = str(error)[:ERROR_LENGTH]
    headers[ORIGIN_QUEUE] = queue
    properties = {name: value for name, value in message.properties.items() if name not in _LEFT_OUT}
    properties["message_id"] = properties.get("message_id") or new_id()
    properties["delivery_mode"] = 2
    return wire.message(message.body, headers, **properties)
