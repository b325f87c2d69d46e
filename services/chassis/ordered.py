"""Subscriptions in order: all events of one publisher through one lane, several at a time where several wait.

A passing error is tried again in place, so the successors wait; a letter that is given up leaves a hole that the dead
letters record, and its successors go on.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import eventlet
import structlog
from amqp.basic_message import Message
from pymongo.errors import ConnectionFailure

from chassis import letters, retry, topology
from chassis.crash import crash_point
from chassis.errors import Busy, Refusal
from chassis.event import Event, Malformed
from chassis.link import written
from chassis.metrics import HANDLED
from chassis.settings import settings
from chassis.subscription import PAUSE_SECONDS, PREFETCH, Interrupted, Subscription

log = structlog.get_logger()

Letter = tuple[str, Message]
"""A message, with the queue that it came from."""


class OrderedSubscription(Subscription):
    """One method that handles all events of one publisher, in their order, in one instance at a time.

    It takes a list of events: those that wait are handled together, so that a busy subscriber writes once for many.
    Where that fails, each is handled by itself; so it may see again what it has handled, as every handler may.
    """

    ordered = True

    def __init__(self, source: str, *, prefetch: int = PREFETCH * 5) -> None:
        super().__init__(source, prefetch=prefetch)
        self._lane: eventlet.Queue[Letter] = eventlet.Queue()

    def start(self) -> None:
        """Open the lane."""
        self.container.spawn_managed_thread(self._work, identifier=f"lane of {self.method_name}")

    def queues(self, service: str) -> Iterable[tuple[str, Sequence[str]]]:
        """One queue that takes everything."""
        yield topology.ordered_queue(service, self.source), ()

    def arrived(self, queue: str, message: Message) -> None:
        """Line up."""
        self._lane.put((queue, message))

    def waiting_queue(self, failures: int) -> None:
        """There is none: going round would break the order."""

    def take_missed(self, channel: Any, events: Sequence[Event]) -> bool:
        """Handle events that the queue missed, together or else one by one; False to take them once more."""
        return not events or self._once(events) is None or super().take_missed(channel, events)

    def queue_of(self, event: Event) -> str:
        """The one queue."""
        return topology.ordered_queue(self.container.service_name, self.source)

    def _consume(self) -> None:
        """Only after what the queue missed: its successors wait in it."""
        if not self.lost:
            super()._consume()

    def _work(self) -> None:
        while True:
            lot = [self._lane.get()]
            while not self._lane.empty():  # the broker gives out no more than the prefetch
                lot.append(self._lane.get_nowait())
            self._handle([each for each in lot if self.goes_on(each[1].channel)])

    def _handle(self, waiting: Sequence[Letter]) -> None:
        if len(waiting) > 1 and self._handled_together(waiting):
            return
        for queue, message in waiting:
            if self.goes_on(message.channel):
                self.settle(queue, message, self.handled(queue, message))

    def _handled_together(self, waiting: Sequence[Letter]) -> bool:
        """Whether all went well at once, and then they are acknowledged; otherwise nothing is."""
        queue, last = waiting[-1]
        try:
            error = self._once([letters.opened(message) for _, message in waiting])
        except Malformed as malformed:
            error = malformed
        if error is not None:
            log.info("not handled together", queue=queue, count=len(waiting), error=type(error).__name__)
            return False
        HANDLED.labels(queue, "done").inc(len(waiting))
        crash_point("after-effect")
        written(lambda: last.channel.basic_ack(last.delivery_info["delivery_tag"], multiple=True))
        return True

    def _outcome(self, queue: str, message: Message, error: Exception | None) -> str:
        """Attempts that are used up stay so, also when the database goes away that moment: the order counts more."""
        if isinstance(error, ConnectionFailure):
            return self._send_on(queue, message, error)
        return super()._outcome(queue, message, error)

    def _send_on(self, queue: str, message: Message, error: Exception) -> str:
        """Giving up waits for the broker in place too: a letter that went back would come after its successors."""
        while (outcome := super()._send_on(queue, message, error)) == "paused" and self.goes_on(message.channel):
            eventlet.sleep(PAUSE_SECONDS)
        return "interrupted" if outcome == "paused" else outcome

    def handled(self, queue: str, message: Message) -> Exception | None:
        """Try until it works, is refused, or the attempts are used up; an absent database counts as no attempt."""
        try:
            event = letters.opened(message)
        except Malformed as malformed:
            return malformed
        failures = 0
        while self.goes_on(message.channel):
            error = self._once([event])
            if isinstance(error, ConnectionFailure) and self.mongo.fault():
                self.await_health()
                continue
            failures += 1
            pause = retry.next_pause(failures, settings.attempts)
            final = isinstance(error, Refusal | Malformed | Interrupted) and not isinstance(error, Busy)
            if error is None or pause is None or final:
                return error
            log.warning("event failed, its successors wait", queue=queue, pause=pause, exc_info=error)
            eventlet.sleep(pause)
        return Interrupted()

    def _once(self, events: Sequence[Event]) -> Exception | None:
        return self.run_to_end(events, events[0])
