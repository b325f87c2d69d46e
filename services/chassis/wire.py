"""The few calls into py-amqp that are not its public face, in one place; a test pins them.

Publishing goes past `Channel.basic_publish`, which reads the socket on its own and so would fight with the reader.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amqp import spec
from amqp.basic_message import Message


def message(body: bytes, headers: Mapping[str, Any] | None = None, **properties: Any) -> Message:
    """A message as py-amqp sends it; headers travel in the `application_headers` property."""
    return Message(body, application_headers=dict(headers or {}), **properties)


def publish(channel: Any, message: Message, exchange: str, routing_key: str, *, mandatory: bool) -> None:
    """Write one publish to the channel's socket, without reading from it; raises what `link.LOST` names."""
    arguments = (0, exchange, routing_key, mandatory, False)
    channel.send_method(spec.Basic.Publish, "Bssbb", arguments, message)


def confirm(channel: Any, settled: Callable[[int, bool, bool], None]) -> None:
    """Put the channel in confirm mode; `settled(tag, multiple, taken)` is called for each answer."""
    channel.confirm_select()
    channel.events["basic_ack"].add(lambda tag, multiple: settled(tag, multiple, True))
    channel.events["basic_nack"].add(lambda tag, multiple: settled(tag, multiple, False))


def on_return(channel: Any, returned: Callable[[Message], None]) -> None:
    """Call `returned` with each message that no queue took."""

    def unpack(error: Exception, exchange: str, routing_key: str, message: Message) -> None:
        returned(message)

    channel.events["basic_return"].add(unpack)


def open_channel(connection: Any, prefetch: int | None = None) -> Any:
    """A channel that leaves bodies as bytes, with at most `prefetch` unacknowledged messages per consumer."""
    channel = connection.channel()
    channel.auto_decode = False
    if prefetch is not None:
        channel.basic_qos(0, prefetch, False)
    return channel


def headers(message: Message) -> dict[str, Any]:
    """The headers of a message; never None."""
    found = message.properties.get("application_headers")
    return dict(found) if isinstance(found, dict) else {}
