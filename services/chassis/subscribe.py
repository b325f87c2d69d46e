"""Subscriptions to other services' events: retried with growing delay, parked with the reason, never lost.

A handler's return or `Refusal` acknowledges. Any other error is taken as passing: a confirmed copy goes to a waiting
queue, then the original is acknowledged. When the database or the broker is away, consuming pauses and no attempt is
counted.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import eventlet
import structlog
from amqp.basic_message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from pymongo.errors import ConnectionFailure

from chassis import letters, retry, topology, wire
from chassis.crash import crash_point
from chassis.errors import Refusal
from chassis.event import Malformed, unpacked
from chassis.link import Link, written
from chassis.metrics import HANDLED
from chassis.mongo import Mongo
from chassis.publisher import Publisher
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
    ordered = False

    def __init__(self, source: str, *types: str, prefetch: int = PREFETCH) -> None:
        super().__init__()
        self.source, self.types, self.prefetch = source, types, prefetch
        self.stopping = False
        self.channel: Any = None
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
        """Declare what this subscription needs and begin to consume."""
        channel = wire.open_channel(connection, self.prefetch)
        service = self.container.service_name
        topology.declare_dead(channel, service)
        topology.declare_retries(channel, service)
        for queue, patterns in self.queues(service):
            topology.declare_subscription(channel, service, queue, self.source, patterns, ordered=self.ordered)
        self.channel = channel
        self._consume()

    def link_down(self) -> None:
        """The broker gives everything unacknowledged to somebody again."""
        self.channel = None
        self._tags.clear()

    def queues(self, service: str) -> Iterable[tuple[str, list[str]]]:
        """Each queue of this subscription of `service`, with the patterns that fill it."""
        for type_ in self.types:
            yield topology.event_queue(service, type_), [f"{type_}.#"]

    def arrived(self, queue: str, message: Message) -> None:
        """Handle one message; must not block."""
        self.run(message, lambda error: self.settle(queue, message, error))

    def run(self, message: Message, finished: Finished) -> None:
        """Spawn the handler; `finished` is called with its error, if any."""

        def handle_result(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished(exc_info[1] if exc_info else None)
            return result, exc_info

        try:
            event = unpacked(message, letters.routing_key(message))
            data = {"correlation_id": event.correlation_id or event.id}
            self.container.spawn_worker(self, (event,), {}, context_data=data, handle_result=handle_result)
        except Malformed as error:
            eventlet.spawn_n(finished, error)
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

    def _outcome(self, queue: str, message: Message, error: Exception | None) -> str:
        match error:
            case None:
                return "done"
            case Refusal():
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
        if self.stopping or self._paused or self.channel is None:
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


class OrderedSubscription(Subscription):
    """One method that handles all events of one publisher, one after the other, in one instance at a time.

    A passing error is tried again in place, so the successors wait; a letter that is given up leaves a hole that the
    dead letters record, and its successors go on.
    """

    ordered = True

    def __init__(self, source: str, *, prefetch: int = PREFETCH * 5) -> None:
        super().__init__(source, prefetch=prefetch)
        self._lane: eventlet.Queue[tuple[str, Message]] = eventlet.Queue()

    def start(self) -> None:
        """Open the lane."""
        self.container.spawn_managed_thread(self._work, identifier=f"lane of {self.method_name}")

    def queues(self, service: str) -> Iterable[tuple[str, list[str]]]:
        """One queue that takes everything."""
        yield topology.ordered_queue(service, self.source), ["#"]

    def arrived(self, queue: str, message: Message) -> None:
        """Line up."""
        self._lane.put((queue, message))

    def waiting_queue(self, failures: int) -> None:
        """There is none: going round would break the order."""

    def _work(self) -> None:
        while True:
            queue, message = self._lane.get()
            if self._goes_on(message):
                self.settle(queue, message, self._persist(queue, message))

    def _goes_on(self, message: Message) -> bool:
        return message.channel is self.channel and not self.stopping

    def _send_on(self, queue: str, message: Message, error: Exception) -> str:
        """Giving up waits for the broker in place too: a letter that went back would come after its successors."""
        while (outcome := super()._send_on(queue, message, error)) == "paused" and self._goes_on(message):
            eventlet.sleep(PAUSE_SECONDS)
        return "interrupted" if outcome == "paused" else outcome

    def _persist(self, queue: str, message: Message) -> Exception | None:
        """Try until it works, is refused, or the attempts are used up; an absent database counts as no attempt."""
        failures = 0
        while self._goes_on(message):
            error = self._once(message)
            if isinstance(error, ConnectionFailure) and self.mongo.fault():
                self.await_health()
                continue
            failures += 1
            pause = retry.next_pause(failures, settings.attempts)
            if error is None or pause is None or isinstance(error, Refusal | Malformed | Interrupted):
                return error
            log.warning("event failed, its successors wait", queue=queue, pause=pause, exc_info=error)
            eventlet.sleep(pause)
        return Interrupted()

    def _once(self, message: Message) -> Exception | None:
        done = eventlet.event.Event()
        self.run(message, done.send)
        error: Exception | None = done.wait()
        return error


def subscribe(source: str, *types: str, ordered: bool = False) -> Callable[[Any], Any]:
    """Mark a method as the handler of events of `source`: of the named types, or of all of them in order."""
    if ordered == bool(types):
        raise ValueError("name the types, or take all of them in order")
    decorate: Callable[[Any], Any]
    decorate = OrderedSubscription.decorator(source) if ordered else Subscription.decorator(source, *types)
    return decorate
