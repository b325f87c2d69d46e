"""Carrying: documents' open entries go to the broker, in order and confirmed, and then count as relayed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.collection import Collection

from chassis import topology
from chassis.event import packed
from chassis.metrics import RELAYED
from chassis.outbox import Document, Outbox, event_of
from chassis.publisher import Outcome, Outgoing, Publisher

WINDOW = 200


class Journey:
    """How far a document has come, and what became of the entry that was sent last."""

    def __init__(self, document: Document) -> None:
        """`document` has its open entries, in their order, and says what of it was relayed before."""
        self.id = str(document["_id"])
        self.before = self.relayed = int(document["relayed"])
        self.outcome = Outcome.TAKEN
        self._entries = iter(document["history"])
        self._next = next(self._entries, None)

    def entry(self) -> Document | None:
        """What may be sent now: the next entry, if the one before it is confirmed."""
        entry = self._next
        return entry if entry is not None and self.relayed == entry["n"] - 1 else None

    def note(self, outcome: Outcome) -> None:
        """The entry was sent."""
        self.outcome = outcome
        if outcome is Outcome.TAKEN and self._next is not None:
            self.relayed = int(self._next["n"])
        self._next = next(self._entries, None)


class Carrier:
    """Takes the entries of a service's documents to the broker."""

    def __init__(self, service: str, publisher: Publisher) -> None:
        self._service = service
        self._exchange = topology.events_exchange(service)
        self._publisher = publisher

    def carry(self, outbox: Outbox, documents: Sequence[Document]) -> list[Journey]:
        """Send every document's open entries, one in flight for each document; how far each has come."""
        journeys = [Journey(document) for document in documents]
        while wave := [(journey, entry) for journey in journeys if (entry := journey.entry())]:
            for window in (wave[start : start + WINDOW] for start in range(0, len(wave), WINDOW)):
                self._send(outbox, window)
        return journeys

    def _send(self, outbox: Outbox, window: Sequence[tuple[Journey, Document]]) -> None:
        """Publish what somebody hears; everything else is history and counts as taken."""
        heard = [pair for pair in window if pair[1]["type"] in outbox.published]
        sent = iter(self._publisher.publish_all([self._outgoing(outbox, *pair) for pair in heard]))
        counts: Counter[Outcome] = Counter()
        for journey, entry in window:
            outcome = next(sent) if entry["type"] in outbox.published else Outcome.TAKEN
            journey.note(outcome)
            counts[outcome] += 1
        for outcome, number in counts.items():
            RELAYED.labels(outcome.value).inc(number)

    def _outgoing(self, outbox: Outbox, journey: Journey, entry: Document) -> Outgoing:
        event = event_of(self._service, outbox.subject, journey.id, entry)
        return Outgoing(self._exchange, event.routing_key, packed(event))


def mark(collection: Collection[Document], journeys: Sequence[Journey]) -> None:
    """Raise `relayed`, never lower it, and leave `version` alone, so that commands do not meet the relay."""
    come: dict[int, list[str]] = defaultdict(list)
    for journey in journeys:
        if journey.relayed > journey.before:
            come[journey.relayed].append(journey.id)
    if come:
        collection.bulk_write([_marking(ids, n) for n, ids in come.items()], ordered=False)


def _marking(ids: Sequence[str], n: int) -> UpdateOne | UpdateMany:
    relayed = {"relayed": {"$max": ["$relayed", n]}}
    steps: list[dict[str, Any]] = [{"$set": relayed}, {"$set": {"unrelayed": {"$lt": ["$relayed", "$version"]}}}]
    # An update of one is tried again by the driver when a primary steps down.
    return UpdateOne({"_id": ids[0]}, steps) if len(ids) == 1 else UpdateMany({"_id": {"$in": ids}}, steps)
