"""What chassis leans on below the public face of py-amqp and kombu: an upgrade that moves it fails here."""

import inspect

import amqp
from amqp import spec
from amqp.basic_message import Message
from amqp.method_framing import frame_writer

from chassis import wire


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
