"""Events on the wire: binary CloudEvents 1.0 over AMQP 0-9-1, as `docs/events.md` describes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from amqp.basic_message import Message
from marshmallow import Schema, ValidationError

from chassis import wire

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"
DURABLE = 2


class Malformed(Exception):
    """The message is no event that we can read; trying again would not help."""


@dataclass(frozen=True)
class Event:
    """One event as a subscriber sees it; `key` is what follows the type in the routing key."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    correlation_id: str | None
    data: dict[str, Any]
    body: bytes
    key: str

    @property
    def routing_key(self) -> str:
        """The key that it is published with."""
        return f"{self.type}.{self.key}" if self.key else self.type

    def dump(self) -> dict[str, Any]:
        """The JSON-safe form, in which one service tells another of its events."""
        return {**vars(self), "time": self.time.isoformat(), "body": None}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Event":
        """The event that `dump` described, with the bytes that it was published with."""
        return cls(**{**data, "time": datetime.fromisoformat(data["time"]), "body": encoded(data["data"])})


def encoded(data: Mapping[str, Any]) -> bytes:
    """The one serialisation of JSON-safe data: the same stored value always gives the same bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def packed(event: Event) -> Message:
    """The message that carries `event`."""
    headers = {
        "ce-specversion": SPEC_VERSION,
        "ce-id": event.id,
        "ce-source": event.source,
        "ce-type": event.type,
        "ce-subject": event.subject,
        "ce-time": event.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce-sequence": str(event.sequence),
    }
    if event.correlation_id:
        headers["ce-correlationid"] = event.correlation_id
    return wire.message(
        event.body,
        headers,
        message_id=event.id,
        content_type=CONTENT_TYPE,
        delivery_mode=DURABLE,
        timestamp=int(event.time.timestamp()),
        app_id=event.source.rpartition("/")[2],
        correlation_id=event.correlation_id or event.id,
    )


def unpacked(message: Message, routing_key: str) -> Event:
    """The event in `message`; raises `Malformed` that says what is missing or wrong."""
    headers = wire.headers(message)
    try:
        if headers["ce-specversion"] != SPEC_VERSION:
            raise Malformed(f"ce-specversion is {headers['ce-specversion']!r}, not {SPEC_VERSION!r}")
        type_ = str(headers["ce-type"])
        return Event(
            id=str(headers["ce-id"]),
            type=type_,
            source=str(headers["ce-source"]),
            subject=str(headers["ce-subject"]),
            sequence=int(headers["ce-sequence"]),
            time=datetime.fromisoformat(headers["ce-time"]),
            correlation_id=headers.get("ce-correlationid"),
            data=_data(message),
            body=_bytes(message),
            key=routing_key.removeprefix(type_).removeprefix("."),
        )
    except KeyError as error:
        raise Malformed(f"the header {error} is missing") from None
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise Malformed(f"a header or the body cannot be read: {error}") from None


def _data(message: Message) -> dict[str, Any]:
    found = message.properties.get("content_type")
    if found != CONTENT_TYPE:
        raise Malformed(f"the content type is {found!r}, not {CONTENT_TYPE!r}")
    try:
        data = json.loads(_bytes(message))
    except RecursionError:
        raise Malformed("the body is nested too deeply") from None
    if not isinstance(data, dict):
        raise Malformed("the body is no JSON object")
    return data


def _bytes(message: Message) -> bytes:
    body = message.body
    return body.encode() if isinstance(body, str) else bytes(body)


def heard(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """What matters here of what another service tells; raises `Malformed`, for trying again would not help."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Malformed(f"the data does not fit: {error.messages}") from None
    return loaded
