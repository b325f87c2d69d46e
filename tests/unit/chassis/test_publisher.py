"""Confirms, of one publish and of several, and what becomes of those that get none."""

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from chassis import wire
from chassis.publisher import Outcome, Outgoing, Publisher


class Channel:
    """A channel in confirm mode that remembers what was published."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.settled: Any = None
        self.returned: Any = None

    def send_method(self, method: Any, format: str, arguments: Any, message: Any) -> None:
        if message.body is None:
            raise TypeError("no body")
        self.published.append(message.properties["message_id"])


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    monkeypatch.setattr(wire, "open_channel", lambda _: channel)
    monkeypatch.setattr(wire, "confirm", lambda channel, settled: setattr(channel, "settled", settled))
    monkeypatch.setattr(wire, "on_return", lambda channel, returned: setattr(channel, "returned", returned))
    return channel


@pytest.fixture
def publisher(channel: Channel) -> Publisher:
    publisher = Publisher()
    publisher.link_up(SimpleNamespace(cork=wire.Cork(None)))
    return publisher


def outgoing(id: str, body: Any = b"{}", to: str = "thing.given") -> Outgoing:
    return Outgoing("giver.events", to, wire.message(body, message_id=id))


def sent(publisher: Publisher, *messages: Outgoing) -> Any:
    """Published by a greenlet that waits now."""
    thread = eventlet.spawn(publisher.publish_all, messages)
    eventlet.sleep(0)
    return thread


def test_a_confirm_of_several_settles_all_up_to_it_and_no_later_one(publisher: Publisher, channel: Channel) -> None:
    first, second = (sent(publisher, *map(outgoing, ids)) for ids in ("abc", "de"))
    channel.settled(2, multiple=False, taken=True)
    channel.settled(4, multiple=True, taken=True)
    assert first.wait() == [Outcome.TAKEN] * 3
    channel.settled(5, multiple=False, taken=False)
    assert second.wait() == [Outcome.TAKEN, Outcome.REFUSED]
    assert channel.published == list("abcde")


def test_what_came_back_is_not_taken_although_it_is_confirmed(publisher: Publisher, channel: Channel) -> None:
    thread = sent(publisher, outgoing("a"), outgoing("b"))
    channel.returned(returned("a"))
    channel.settled(2, multiple=True, taken=True)
    assert thread.wait() == [Outcome.RETURNED, Outcome.TAKEN]


def returned(id: str, to: str = "thing.given") -> Any:
    message = wire.message(b"{}", message_id=id)
    message.delivery_info = {"exchange": "giver.events", "routing_key": to}
    return message


def test_what_came_back_from_one_queue_says_nothing_of_the_same_message_in_another(
    publisher: Publisher, channel: Channel
) -> None:
    """Partners get one event under one id, each in a queue of its own; the broker confirms several at once."""
    there, gone = sent(publisher, outgoing("a", to="there")), sent(publisher, outgoing("a", to="gone"))
    channel.returned(returned("a", "gone"))
    channel.settled(2, multiple=True, taken=True)
    assert (there.wait(), gone.wait()) == ([Outcome.TAKEN], [Outcome.RETURNED])


def test_what_the_link_took_with_it_is_unknown(publisher: Publisher, channel: Channel) -> None:
    thread = sent(publisher, outgoing("a"), outgoing("b"))
    channel.settled(1, multiple=False, taken=True)
    publisher.link_down()
    assert thread.wait() == [Outcome.TAKEN, Outcome.UNKNOWN]
    assert publisher.publish(outgoing("c")) is Outcome.UNKNOWN


def test_what_cannot_be_put_into_frames_is_refused_and_uses_up_no_tag(publisher: Publisher, channel: Channel) -> None:
    thread = sent(publisher, outgoing("a"), outgoing("bad", body=None), outgoing("b"))
    channel.settled(2, multiple=True, taken=True)
    assert thread.wait() == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN]
    assert channel.published == ["a", "b"]
