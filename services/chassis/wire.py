"""The few calls into py-amqp that are not its public face, in one place; a test pins them.

Publishing goes past `Channel.basic_publish`, which reads the socket on its own and so would fight with the reader.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amqp import method_framing, spec
from amqp.basic_message import Message
from eventlet.semaphore import Semaphore

HELD_BYTES = 64 * 1024


class Cork:
    """Between py-amqp's frame writer and the socket: frames that are written inside `with cork:` leave together.

    Each write of its own would be a system call and wake the broker. Others may write meanwhile, and their frames
    keep their place; inside may be one greenlet at a time. Leaving raises what `link.LOST` names.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None
        self._size = 0
        self._order = Semaphore()

    def __enter__(self) -> None:
        self._held = []

    def __exit__(self, *error: object) -> None:
        with self._order:
            try:
                self._flush()
            finally:
                self._held = None

    def write(self, frames: memoryview) -> None:
        """Write whole frames, or hold them back; raises what `link.LOST` names."""
        with self._order:
            if self._held is None:
                self._transport.write(frames)
                return
            self._held.append(bytes(frames))  # the frame writer uses its buffer again
            self._size += len(frames)
            if self._size >= HELD_BYTES:
                self._flush()

    def _flush(self) -> None:
        held, self._held, self._size = self._held or [], [], 0
        if held:
            self._transport.write(b"".join(held))


def frame_writer(connection: Any, transport: Any) -> Any:
    """py-amqp's frame writer, for its option of that name, with a cork in between."""
    connection.cork = Cork(transport)
    return method_framing.frame_writer(connection, connection.cork)


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
    """Call `returned` with each message that no queue took; its `delivery_info` says where it was sent."""

    def unpack(error: Exception, exchange: str, routing_key: str, message: Message) -> None:
        message.delivery_info = {"exchange": exchange, "routing_key": routing_key}
        returned(message)

    channel.events["basic_return"].add(unpack)


def open_channel(connection: Any, prefetch: int | None = None) -> Any:
    """A channel that leaves bodies as bytes, with at most `prefetch` unacknowledged messages per consumer."""
    channel = connection.channel()
    channel.auto_decode = False
    if prefetch is not None:
        channel.basic_qos(0, prefetch, False)
    return channel


def cut(connection: Any) -> None:
    """Close a connection without a word, also where it is under TLS, for who must not wait.

    py-amqp would take leave of the broker first, and so read the socket beside the reader and wait for the answer.
    """
    transport = connection._transport  # noqa: SLF001 - its public face connects anew where there is none
    if transport is not None:
        transport._shutdown_transport = _nothing  # noqa: SLF001 - and this is the leave
    connection.collect()


def _nothing() -> None:
    """No leave is taken."""


def headers(message: Message) -> dict[str, Any]:
    """The headers of a message; never None."""
    found = message.properties.get("application_headers")
    return dict(found) if isinstance(found, dict) else {}
