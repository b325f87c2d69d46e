"""The relay: takes what stands unrelayed in documents' histories to the broker, in order and confirmed.

It is woken by the writes of its own process; a sweep finds what others left behind. No lease is needed: whoever sends
entry n+1 of a document has seen entry n confirmed, by itself or in `relayed`. Duplicates are normal.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from nameko.extensions import SharedExtension
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from chassis import topology
from chassis.crash import crash_point
from chassis.event import Event, encoded, packed
from chassis.link import Link
from chassis.metrics import RELAYED, UNRELAYED, UNROUTABLE
from chassis.mongo import Home, connect, database_name
from chassis.outbox import Document, Outbox
from chassis.publisher import Outcome, Outgoing, Publisher
from chassis.settings import settings

log = structlog.get_logger()

BATCH = 500
WINDOW = 200
SWEEP_SECONDS = (1.0, 2.0)
YOUNG = timedelta(seconds=1)
"""The sweep leaves younger documents to the process that wrote them, which keeps duplicates rare."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_OPEN_ENTRIES = {
    "version": True,
    "relayed": True,
    "written_at": True,
    "history": {"$filter": {"input": "$history", "cond": {"$gt": ["$$this.n", "$relayed"]}}},
}


class Relay(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """One in each process, for all collections that carry histories."""

    link = Link("publisher")
    publisher = Publisher()

    def __init__(self) -> None:
        self._homes: list[Home] = []
        self._woken: dict[str, set[str]] = {}
        self._bell = Signal()
        self._client: Any = None
        self._started = False

    def setup(self) -> None:
        """Ask to be told when the link is up, to declare the exchange of the service's events."""
        self.link.register(self)

    def link_up(self, connection: Any) -> None:
        """Declare the service's own exchange."""
        with connection.channel() as channel:
            topology.declare_publisher(channel, self.container.service_name)

    def link_down(self) -> None:
        """What is in the outbox waits."""

    def serve(self, home: Home) -> None:
        """Relay the outboxes of `home` too."""
        self._homes.append(home)

    def ring(self, collection: str, id: str) -> None:
        """There is something to relay in this document, and it has just been written."""
        self._woken.setdefault(collection, set()).add(id)
        if not self._bell.ready():
            self._bell.send(None)

    def start(self) -> None:
        """Begin to relay, with a client of its own: whatever waits must not hold the requests' connections."""
        if not self._started:
            self._started = True
            self._client = connect(settings, f"{self.container.service_name}-relay")
            self.container.spawn_managed_thread(self._run_woken, identifier="relay")
            self.container.spawn_managed_thread(self._run_sweep, identifier="relay sweep")

    def stop(self) -> None:
        """Close the client; what is left goes out with the next sweep of any instance."""
        if self._client is not None:
            self._client.close()

    def _run_woken(self) -> None:
        while True:
            self._bell.wait()
            self._bell, woken = Signal(), self._take_woken()
            self._safely(lambda woken=woken: self._relay_woken(woken))

    def _take_woken(self) -> dict[str, set[str]]:
        woken, self._woken = self._woken, {}
        return woken

    def _relay_woken(self, woken: Mapping[str, set[str]]) -> None:
        for outbox in self._outboxes():
            if ids := woken.get(outbox.collection.name):
                self._relay(outbox, self._unrelayed(outbox, {"_id": {"$in": list(ids)}}))

    def _run_sweep(self) -> None:
        while True:
            _rest()
            self._safely(self._sweep)

    def _sweep(self) -> None:
        UNRELAYED.set(sum(self._sweep_through(outbox) for outbox in self._outboxes()))

    def _sweep_through(self, outbox: Outbox) -> int:
        """Relay batch after batch, the oldest first and past those that do not get on; how many still wait."""
        since, old, waiting = LONG_AGO, datetime.now(UTC) - YOUNG, 0
        while True:
            documents = self._unrelayed(outbox, {"written_at": {"$gt": since, "$lt": old}})
            waiting += len(documents) - self._relay(outbox, documents)
            if len(documents) < BATCH:
                return waiting
            since = documents[-1]["written_at"]

    def _safely(self, work: Any) -> None:
        try:
            work()
        except PyMongoError as error:
            log.warning("relay waits for the database", error=type(error).__name__)
            _rest()

    def _outboxes(self) -> Iterator[Outbox]:
        for home in self._homes:
            yield from home.outboxes.values()

    def _unrelayed(self, outbox: Outbox, which: Mapping[str, Any]) -> list[Document]:
        found = self._own(outbox.collection).find({"unrelayed": True, **which}, _OPEN_ENTRIES)
        return list(found.sort("written_at").limit(BATCH))

    def _relay(self, outbox: Outbox, documents: Sequence[Document]) -> int:
        """How many of the documents have got further."""
        if not documents:
            return 0
        come = self._publish(outbox, documents)
        crash_point("after-confirm")
        self._mark(self._own(outbox.collection), come)
        return len(come)

    def _own(self, collection: Collection[Document]) -> Collection[Document]:
        # An entry that could still roll back must not leave, hence majority.
        name = database_name(settings, self.container.service_name)
        found: Collection[Document] = self._client[name].get_collection(
            collection.name, read_concern=ReadConcern("majority")
        )
        return found

    def _publish(self, outbox: Outbox, documents: Sequence[Document]) -> dict[str, int]:
        """Send every document's open entries, one in flight for each document; how far each has come."""
        come = {str(document["_id"]): int(document["relayed"]) for document in documents}
        waves = zip_longest(*([(document, entry) for entry in document["history"]] for document in documents))
        unroutable = 0
        for wave in waves:
            ready = [pair for pair in wave if pair and come[str(pair[0]["_id"])] == pair[1]["n"] - 1]
            for window in (ready[start : start + WINDOW] for start in range(0, len(ready), WINDOW)):
                outcomes = self._send(outbox, window)
                unroutable += outcomes.count(Outcome.RETURNED)
                for (document, entry), outcome in zip(window, outcomes, strict=True):
                    if outcome is Outcome.TAKEN:
                        come[str(document["_id"])] = int(entry["n"])
        self._alarm(unroutable)
        return {str(d["_id"]): come[str(d["_id"])] for d in documents if come[str(d["_id"])] > d["relayed"]}

    def _send(self, outbox: Outbox, window: Sequence[tuple[Document, Document]]) -> list[Outcome]:
        """Publish what somebody hears; everything else is history and counts as taken."""
        heard = [pair for pair in window if pair[1]["type"] in outbox.published]
        sent = iter(self.publisher.publish_all([self._outgoing(outbox, *pair) for pair in heard]))
        outcomes = [next(sent) if pair[1]["type"] in outbox.published else Outcome.TAKEN for pair in window]
        for outcome in outcomes:
            RELAYED.labels(outcome.value).inc()
        return outcomes

    def _outgoing(self, outbox: Outbox, document: Document, entry: Document) -> Outgoing:
        service = self.container.service_name
        event = Event(
            id=entry["id"],
            type=entry["type"],
            source=f"/services/{service}",
            subject=f"{outbox.subject}/{document['_id']}",
            sequence=entry["n"],
            time=entry["at"],
            correlation_id=entry["correlation"],
            data=entry["data"],
            body=encoded(entry["data"]),
            key=entry["key"],
        )
        routing_key = f"{event.type}.{event.key}" if event.key else event.type
        return Outgoing(topology.events_exchange(service), routing_key, packed(event))

    def _mark(self, collection: Collection[Document], come: Mapping[str, int]) -> None:
        """Raise `relayed`, never lower it, and leave `version` alone, so that commands do not meet the relay."""
        updates = [
            UpdateOne(
                {"_id": id},
                [
                    {"$set": {"relayed": {"$max": ["$relayed", n]}}},
                    {"$set": {"unrelayed": {"$lt": ["$relayed", "$version"]}}},
                ],
            )
            for id, n in come.items()
        ]
        if updates:
            collection.bulk_write(updates, ordered=False)

    def _alarm(self, unroutable: int) -> None:
        UNROUTABLE.set(unroutable)
        if unroutable:
            log.error("no queue takes these events; they stay in the outbox", entries=unroutable)


def _rest() -> None:
    eventlet.sleep(random.uniform(*SWEEP_SECONDS))  # noqa: S311 - keeps instances apart, guards nothing
