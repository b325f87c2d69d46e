"""What chassis leans on below the public face of py-amqp and kombu: an upgrade that moves it fails here."""

import inspect

import amqp
import pytest
from amqp import spec
from amqp.basic_message import Message
from amqp.method_framing import frame_writer

from chassis import wire


class Socket:
    """A transport that remembers what was written at once; from the first write on it may be gone."""

    def __init__(self, *, gone: bool = False) -> None:
        self.gone = gone
        self.writes: list[bytes] = []

    def write(self, frames: bytes | memoryview) -> None:
        if self.gone:
            raise OSError("gone")
        self.writes.append(bytes(frames))


def test_publishing_is_the_method_60_40_with_the_arguments_that_we_pack() -> None:
    assert tuple(spec.Basic.Publish) == (60, 40)
    assert 'argsig="Bssbb"' in inspect.getsource(amqp.Channel._basic_publish).replace("'", '"')


def test_a_whole_frame_is_written_under_a_lock() -> None:
    assert "buffer_lock" in inspect.getsource(frame_writer)


def test_channels_tell_of_acknowledgements_and_returns_by_name() -> None:
    source = inspect.getsource(amqp.Channel)
    for name in ("basic_ack", "basic_nack", "basic_return"):
        assert f"self.events['{name}']" in source or f"self.events.get('{name}')" in source


def test_headers_of_a_message_without_any_are_empty() -> None:
    assert wire.headers(Message(b"")) == {}
    assert wire.headers(wire.message(b"", {"a": 1})) == {"a": 1}


def test_the_frame_writer_can_be_chosen() -> None:
    assert "frame_writer" in inspect.signature(amqp.Connection).parameters
    assert "self.frame_writer_cls(self, self.transport)" in inspect.getsource(amqp.Connection)


def test_what_is_written_under_the_cork_leaves_together_and_in_order() -> None:
    socket = Socket()
    cork, buffer = wire.Cork(socket), bytearray(b"a")
    with cork:
        cork.write(memoryview(buffer))
        buffer[:] = b"b"
        cork.write(memoryview(buffer))
        assert socket.writes == []
    cork.write(memoryview(b"c"))
    assert socket.writes == [b"ab", b"c"]


def test_what_is_held_back_does_not_grow_for_ever() -> None:
    socket = Socket()
    cork, frame = wire.Cork(socket), memoryview(bytes(wire.HELD_BYTES // 2))
    with cork:
        for _ in range(3):
            cork.write(frame)
        assert [len(each) for each in socket.writes] == [wire.HELD_BYTES]
    assert [len(each) for each in socket.writes] == [wire.HELD_BYTES, wire.HELD_BYTES // 2]


def test_a_socket_that_is_gone_is_told_and_keeps_nothing_back() -> None:
    socket = Socket(gone=True)
    cork = wire.Cork(socket)
    with pytest.raises(OSError, match="gone"), cork:
        cork.write(memoryview(b"a"))
    socket.gone = False
    cork.write(memoryview(b"b"))
    assert socket.writes == [b"b"]


def test_a_message_leaves_as_whole_frames_through_the_cork() -> None:
    class Connected:
        frame_max = 131_072
        bytes_sent = 0
        cork: wire.Cork

    socket, connection = Socket(), Connected()
    write = wire.frame_writer(connection, socket)
    with connection.cork:
        write(1, 1, spec.Basic.Publish, b"", Message(b"one", message_id="1"))
        write(1, 1, spec.Basic.Publish, b"", Message(b"two", message_id="2"))
    [together] = socket.writes
    assert (together.count(b"one"), together.count(b"two"), together.index(b"one") < together.index(b"two")) == (
        1,
        1,
        1,
    )


def test_a_connection_is_cut_without_a_word() -> None:
    assert "self._shutdown_transport()" in inspect.getsource(amqp.transport._AbstractTransport.close)
    assert "self._transport.close()" in inspect.getsource(amqp.Connection.collect)
    told: list[str] = []

    class Transport:
        def _shutdown_transport(self) -> None:
            told.append("farewell")

        def close(self) -> None:
            self._shutdown_transport()
            told.append("closed")

    class Connected:
        _transport = Transport()

        def collect(self) -> None:
            self._transport.close()

    wire.cut(Connected())
    assert told == ["closed"]
