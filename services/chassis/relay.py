"""The relay: takes what stands unrelayed in documents' histories to the broker, in order and confirmed.

It is woken by the writes of its own process; a sweep finds what others left behind. No lease is needed: whoever sends
entry n+1 of a document has seen entry n confirmed, by itself or in `relayed`. Duplicates are normal.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from eventlet.greenpool import GreenPool
from nameko.extensions import SharedExtension
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from chassis import topology
from chassis.carrier import Carrier, mark
from chassis.crash import crash_point
from chassis.link import Link
from chassis.metrics import UNRELAYED, UNROUTABLE
from chassis.mongo import Home, connect, database_name
from chassis.outbox import Document, Outbox
from chassis.publisher import Outcome, Publisher
from chassis.settings import settings

log = structlog.get_logger()

BATCH = 500
AT_ONCE = 3
"""Batches of a sweep that are on their way while the next is read: one is written while another waits."""

SWEEP_SECONDS = (1.0, 2.0)
YOUNG = timedelta(seconds=1)
"""The sweep leaves younger documents to the process that wrote them, which keeps duplicates rare."""

IN_ORDER = (("written_at", ASCENDING), ("_id", ASCENDING))
"""The order of the sweep, in which no two documents are equal."""

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
        self._carrier: Any = None
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
            self._carrier = Carrier(self.container.service_name, self.publisher)
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
        for outbox in self.outboxes():
            ids = list(woken.get(outbox.collection.name, ()))
            if ids and (documents := self._unrelayed(outbox, {"_id": {"$in": ids}})):
                self._relay(outbox, documents)

    def _run_sweep(self) -> None:
        while True:
            _rest()
            self._safely(self._sweep)

    def _sweep(self) -> None:
        UNRELAYED.set(sum(self._sweep_through(outbox) for outbox in self.outboxes()))

    def _sweep_through(self, outbox: Outbox) -> int:
        """Relay batch after batch, also past those that do not get on; how many still wait."""
        pool, ends = GreenPool(AT_ONCE), Counter[Outcome]()
        try:
            runs = [pool.spawn(self._relay, outbox, documents) for documents in self._batches(outbox)]
        finally:
            pool.waitall()  # no document may be in the hands of two sweeps
        for run in runs:
            ends.update(run.wait())
        if not ends[Outcome.UNKNOWN]:  # a broker that is away says nothing about its queues
            UNROUTABLE.labels(outbox.collection.name).set(ends[Outcome.RETURNED])
        return ends.total() - ends[Outcome.TAKEN]

    def _batches(self, outbox: Outbox) -> Iterator[list[Document]]:
        """What waits, the oldest first and each document once, however many were written in one instant."""
        which: dict[str, Any] = {"written_at": {"$lt": datetime.now(UTC) - YOUNG}}
        while documents := self._unrelayed(outbox, which):
            yield documents
            which |= after(documents[-1])

    def _safely(self, work: Any) -> None:
        try:
            work()
        except PyMongoError as error:
            log.warning("relay waits for the database", error=type(error).__name__)
            _rest()

    def outboxes(self) -> Iterator[Outbox]:
        """Every outbox of the service."""
        for home in self._homes:
            yield from home.outboxes.values()

    def _unrelayed(self, outbox: Outbox, which: Mapping[str, Any]) -> list[Document]:
        found = self._own(outbox.collection).find({"unrelayed": True, **which}, _OPEN_ENTRIES)
        return list(found.sort(IN_ORDER).limit(BATCH))

    def _relay(self, outbox: Outbox, documents: Sequence[Document]) -> list[Outcome]:
        """Take the documents as far as they go; what became of the entry of each that was sent last."""
        journeys = self._carrier.carry(outbox, documents)
        crash_point("after-confirm")
        mark(self._own(outbox.collection), journeys)
        ends = [each.outcome for each in journeys]
        if unroutable := ends.count(Outcome.RETURNED):
            log.error(
                "no queue takes the next events of these documents; they stay in the outbox",
                collection=outbox.collection.name,
                documents=unroutable,
            )
        return ends

    def _own(self, collection: Collection[Document]) -> Collection[Document]:
        # An entry that could still roll back must not leave, hence majority.
        name = database_name(settings, self.container.service_name)
        found: Collection[Document] = self._client[name].get_collection(
            collection.name, read_concern=ReadConcern("majority")
        )
        return found


def after(last: Document) -> dict[str, Any]:
    """A query for what comes after this document in the order of the sweep."""
    later = {"written_at": {"$gt": last["written_at"]}}
    same_instant = {"written_at": last["written_at"], "_id": {"$gt": last["_id"]}}
    return {"$or": [later, same_instant]}


def _rest() -> None:
    eventlet.sleep(random.uniform(*SWEEP_SECONDS))  # noqa: S311 - keeps instances apart, guards nothing
