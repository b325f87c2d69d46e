"""Subscriptions to other services' events: retried with growing delay, parked with the reason, never lost.

A handler's return or `Refusal` acknowledges. Any other error, `Busy` too, is taken as passing: a confirmed copy goes to
a waiting queue, then the original is acknowledged. When the database or the broker is away, consuming pauses and no
attempt is counted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import eventlet
import structlog
from amqp.basic_message import Message
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from pymongo.errors import ConnectionFailure

from chassis import letters, retry, topology, wire
from chassis.attachment import Attachments
from chassis.catching_up import CatchingUp
from chassis.crash import crash_point
from chassis.errors import Busy, Refusal
from chassis.event import Event, Malformed
from chassis.link import Link, written
from chassis.metrics import BEHIND, HANDLED
from chassis.mongo import Mongo
from chassis.publisher import Publisher
from chassis.rpc.client import RpcClient
from chassis.settings import settings

log = structlog.get_logger()

PREFETCH = 20
PAUSE_SECONDS = 1.0

Finished = Callable[[Exception | None], None]


class Interrupted(Exception):
    """The handler was not allowed to finish; the message stays unacknowledged, so the broker gives it out again."""


class Subscription(Entrypoint):  # type: ignore[misc]  # nameko is untyped
    """One method that handles events of one publisher, each type through its own queue."""

    link = Link("events")
    publisher = Publisher()
    mongo = Mongo()
    client = RpcClient()
    ordered = False

    def __init__(self, source: str, *types: str, prefetch: int = PREFETCH) -> None:
        super().__init__()
        self.source, self.types, self.prefetch = source, types, prefetch
        self.stopping = False
        self.channel: Any = None
        self.lost: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._paused = False

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self.link.register(self)

    def stop(self) -> None:
        """Take no more; what is running finishes."""
        self.stopping = True
        self._cancel()

    def link_up(self, connection: Any) -> None:
        """Declare what this subscription needs, begin to consume, and catch up with what lost queues missed."""
        channel = wire.open_channel(connection, self.prefetch)
        service = self.container.service_name
        attachments = Attachments(self.mongo.database)
        self._note_lost(dict(self.declare(connection, channel, service, attachments)))
        self.channel = channel
        if self.lost:
            catching_up = partial(self._catch_up, CatchingUp(self, channel, attachments))
            self.container.spawn_managed_thread(catching_up, identifier=f"catching up of {self.method_name}")
        self._consume()

    def declare(
        self, connection: Any, channel: Any, service: str, attachments: Attachments
    ) -> Iterator[tuple[str, str]]:
        """Declare each queue and what letters need; those that were lost, with the tokens of their losses."""
        topology.declare_dead(channel, service)
        waiting = partial(topology.declare_retries, channel, service)
        attachments.declare_waiting(connection, topology.retry_queues(service), waiting)
        for queue, types in self.queues(service):
            declared = partial(
                topology.declare_subscription, channel, service, queue, self.source, types, ordered=self.ordered
            )
            if token := attachments.declare(connection, queue, declared):
                yield queue, token

    def link_down(self) -> None:
        """The broker gives everything unacknowledged to somebody again."""
        self.channel = None
        self._tags.clear()

    def queues(self, service: str) -> Iterable[tuple[str, Sequence[str]]]:
        """Each queue of this subscription of `service`, with the types of events that fill it; none means all."""
        for type_ in self.types:
            yield topology.event_queue(service, type_), [type_]

    def arrived(self, queue: str, message: Message) -> None:
        """Handle one message; must not block."""
        finished = partial(self.settle, queue, message)
        try:
            event = letters.opened(message)
        except Malformed as error:
            eventlet.spawn_n(finished, error)
        else:
            self.run(event, event, finished)

    def goes_on(self, channel: Any) -> bool:
        """Whether this channel is still the one to work for."""
        return channel is self.channel and not self.stopping

    def take_missed(self, channel: Any, events: Sequence[Event]) -> bool:
        """Handle events that lost queues missed; False when they have to be taken once more."""
        return all(self._take_missed(self.queue_of(event), letters.sealed(event, channel)) for event in events)

    def queue_of(self, event: Event) -> str:
        """The queue through which the event should have come."""
        return topology.event_queue(self.container.service_name, event.type)

    def run(self, argument: object, first: Event, finished: Finished) -> None:
        """Spawn the handler with its one argument, under the ids of the event `first`.

        `finished` is called with the error that it ends with, if any.
        """

        def handle_result(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished(exc_info[1] if exc_info else None)
            return result, exc_info

        data = {"correlation_id": first.correlation_id or first.id}
        try:
            self.container.spawn_worker(self, (argument,), {}, context_data=data, handle_result=handle_result)
        except ContainerBeingKilled:
            finished(Interrupted())

    def settle(self, queue: str, message: Message, error: Exception | None) -> None:
        """Acknowledge, send on, or leave the message where it is, after what its handling came to."""
        outcome = self._outcome(queue, message, error)
        HANDLED.labels(queue, outcome).inc()
        if outcome == "paused":
            self._pause()
            self._requeue(message)
        elif outcome != "interrupted":
            crash_point("after-effect" if outcome == "done" else "after-copy")
            written(lambda: message.channel.basic_ack(message.delivery_info["delivery_tag"]))

    def waiting_queue(self, failures: int) -> str | None:
        """Where a message waits after its `failures`-th failure; None when it is given up."""
        return retry.next_tier(failures, settings.attempts)

    def await_health(self) -> None:
        """Wait until the database answers or the service stops."""
        eventlet.sleep(PAUSE_SECONDS)
        while not self.stopping and self.mongo.fault() is not None:
            eventlet.sleep(PAUSE_SECONDS)

    def handled(self, queue: str, message: Message) -> Exception | None:
        """Run the handler with the event in the message, to its end; the error that it ended with."""
        try:
            event = letters.opened(message)
        except Malformed as malformed:
            return malformed
        return self.run_to_end(event, event)

    def run_to_end(self, argument: object, first: Event) -> Exception | None:
        """Run the handler with its one argument, to its end; the error that it ended with."""
        done = Signal()
        self.run(argument, first, done.send)
        error: Exception | None = done.wait()
        return error

    def _take_missed(self, queue: str, message: Message) -> bool:
        outcome = self._outcome(queue, message, self.handled(queue, message))
        HANDLED.labels(queue, outcome).inc()
        return outcome not in ("paused", "interrupted")

    def _note_lost(self, lost: dict[str, str]) -> None:
        BEHIND.inc(len(lost) - len(self.lost))
        self.lost = lost

    def _catch_up(self, catching_up: CatchingUp) -> None:
        queues = dict(self.queues(self.container.service_name))
        if catching_up.with_all(self.lost, [type_ for queue in self.lost for type_ in queues[queue]]):
            self._note_lost({})
            written(self._consume)

    def _outcome(self, queue: str, message: Message, error: Exception | None) -> str:
        match error:
            case None:
                return "done"
            case Refusal() if not isinstance(error, Busy):
                log.info("event refused", queue=queue, code=error.code)
                return "refused"
            case Interrupted():
                return "interrupted"
            case ConnectionFailure() if self.mongo.fault():
                return "paused"
            case _:
                return self._send_on(queue, message, error)

    def _send_on(self, queue: str, message: Message, error: Exception) -> str:
        failures = letters.failures(message) + 1
        tier = None if isinstance(error, Malformed) else self.waiting_queue(failures)
        log.warning("message failed", queue=queue, waits=tier, failures=failures, exc_info=error)
        try:
            if tier is None:
                letters.give_up(self.publisher, queue, message, error)
                return "dead"
            letters.retry_later(self.publisher, self.container.service_name, queue, tier, message, error)
            return "retried"
        except letters.CopyNotTaken as trouble:
            log.warning("copy not taken", queue=queue, error=str(trouble))
            return "paused"

    def _consume(self) -> None:
        if self.stopping or self._paused or self._tags or self.channel is None:
            return
        for queue, _ in self.queues(self.container.service_name):
            tag = f"{self.container.service_name}.{self.method_name}.{queue}"
            self._tags[tag] = queue
            self.channel.basic_consume(
                queue, tag, nowait=True, callback=self._delivered, on_cancel=lambda _: self.link.drop()
            )

    def _delivered(self, message: Message) -> None:
        queue = self._tags.get(message.delivery_info["consumer_tag"])
        if queue is None:
            self._requeue(message)
        else:
            self.arrived(queue, message)

    def _cancel(self) -> None:
        channel, tags = self.channel, list(self._tags)
        self._tags.clear()
        for tag in tags:
            written(partial(channel.basic_cancel, tag, nowait=True))

    def _requeue(self, message: Message) -> None:
        written(lambda: message.channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True))

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self._cancel()
            eventlet.spawn_n(self._resume)

    def _resume(self) -> None:
        self.await_health()
        self._paused = False
        written(self._consume)
