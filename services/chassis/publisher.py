"""Publishing with confirms, pipelined: nothing counts as sent until the broker has said that it keeps it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Any

import eventlet
import structlog
from amqp.basic_message import Message
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from nameko.extensions import SharedExtension

from chassis import wire
from chassis.crash import crash_point
from chassis.link import LOST, Link

log = structlog.get_logger()

CONFIRM_SECONDS = 10.0

Sent = tuple[str, str, str]
"""A message by its id and where it was sent: the same one may go to several queues at once."""


class Outcome(Enum):
    """What became of one publish."""

    TAKEN = "taken"
    RETURNED = "returned"  # no queue wanted it: the topology is not as declared
    REFUSED = "refused"  # the broker could not keep it (a full queue, an error inside)
    UNKNOWN = "unknown"  # the link went down or stayed silent; it may or may not have arrived


@dataclass(frozen=True)
class Outgoing:
    """One message on its way; its `message_id` property must be set."""

    exchange: str
    routing_key: str
    message: Message


class Batch:
    """Publishes that are waited for together."""

    def __init__(self, size: int) -> None:
        self.outcomes = [Outcome.UNKNOWN] * size
        self._open = size
        self._done = Signal()

    def settle(self, index: int, outcome: Outcome) -> None:
        """Note the outcome of one publish; wake the waiter with the last."""
        self.outcomes[index] = outcome
        self._open -= 1
        if self._open == 0:
            self._done.send()

    def wait(self, seconds: float) -> bool:
        """Whether all were settled within `seconds`."""
        if self._open:
            with eventlet.Timeout(seconds, False):
                self._done.wait()
        return self._open == 0


class Publisher(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """A held channel in confirm mode, shared by all greenlets of the process."""

    link = Link("publisher")

    def __init__(self) -> None:
        self._channel: Any = None
        self._cork: AbstractContextManager[None] = nullcontext()
        self._next = 1
        self._pending: dict[int, tuple[Batch, int, Sent]] = {}
        self._returned: set[Sent] = set()
        self._order = Semaphore()

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self.link.register(self)

    def link_up(self, connection: Any) -> None:
        """Open the channel; its tags begin at 1."""
        channel = wire.open_channel(connection)
        wire.confirm(channel, self._settled)
        wire.on_return(channel, lambda message: self._returned.add(_sent(message, **message.delivery_info)))
        self._next = 1
        self._channel, self._cork = channel, connection.cork

    def link_down(self) -> None:
        """Whatever was not yet confirmed stays unknown."""
        self._channel = None
        pending, self._pending = self._pending, {}
        self._returned.clear()
        for batch, index, _ in pending.values():
            batch.settle(index, Outcome.UNKNOWN)

    def publish_all(self, messages: Sequence[Outgoing], seconds: float = CONFIRM_SECONDS) -> list[Outcome]:
        """Publish all in order, then wait for every confirm; the outcomes are in the order of `messages`."""
        batch = Batch(len(messages))
        with self._order:
            self._write(messages, batch)
        crash_point("after-publish")
        if not batch.wait(seconds):
            self.link.drop()
        return list(batch.outcomes)

    def publish(self, outgoing: Outgoing, seconds: float = CONFIRM_SECONDS) -> Outcome:
        """Publish one message and wait for its confirm."""
        return self.publish_all([outgoing], seconds)[0]

    def _write(self, messages: Sequence[Outgoing], batch: Batch) -> None:
        channel = self._channel
        try:
            with self._cork:
                for index, outgoing in enumerate(messages):
                    self._publish(channel, outgoing, batch, index)
        except LOST:
            self.link.drop()  # going down settles what is pending

    def _publish(self, channel: Any, outgoing: Outgoing, batch: Batch, index: int) -> None:
        # Tags are taken in the order in which frames are written: no two greenlets are here at once.
        if channel is None or channel is not self._channel:
            return batch.settle(index, Outcome.UNKNOWN)
        tag, self._next = self._next, self._next + 1
        self._pending[tag] = (batch, index, _sent(outgoing.message, outgoing.exchange, outgoing.routing_key))
        try:
            wire.publish(channel, outgoing.message, outgoing.exchange, outgoing.routing_key, mandatory=True)
        except LOST:
            self.link.drop()
        except Exception:  # it could not be put into frames, so nothing of it was written
            log.exception("message cannot be written", exchange=outgoing.exchange)
            if channel is self._channel:
                self._next = tag
                self._pending.pop(tag)
                batch.settle(index, Outcome.REFUSED)

    def _settled(self, tag: int, multiple: bool, taken: bool) -> None:
        # The tags stand in their order, and those that are settled stood first.
        tags = list(takewhile(lambda each: each <= tag, self._pending)) if multiple else [tag]
        for each in tags:
            batch, index, sent = self._pending.pop(each)
            batch.settle(index, self._outcome(sent, taken))

    def _outcome(self, sent: Sent, taken: bool) -> Outcome:
        if sent in self._returned:
            self._returned.discard(sent)
            return Outcome.RETURNED
        return Outcome.TAKEN if taken else Outcome.REFUSED


def _sent(message: Message, exchange: str, routing_key: str) -> Sent:
    return str(message.properties["message_id"]), exchange, routing_key
