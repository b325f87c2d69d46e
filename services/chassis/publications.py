"""What a service has published lately, read from its outboxes: for subscribers whose queue was gone meanwhile."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo.read_concern import ReadConcern

from chassis.event import Event
from chassis.ids import earliest_id
from chassis.outbox import WRITTEN_INDEX, Document, Outbox, event_of
from chassis.relay import Relay

PAGE = 20
"""Documents in one page; with all the events of a case that is well below the megabyte that a message may have."""

Page = dict[str, Any]

WRITTEN: str = WRITTEN_INDEX.document["name"]


class Publications:
    """The events of one service."""

    def __init__(self, service: str, outboxes: Collection[Outbox]) -> None:
        self._service = service
        self._outboxes = sorted(outboxes, key=lambda each: each.collection.name)

    def page(self, since: datetime, types: Collection[str], cursor: str | None) -> Page:
        """Some of the events written since `since`: `{events, next}`, those of one document in their order.

        `types` are the wanted ones, none means all; `cursor` is the `next` of the page before, and None ends.
        """
        begin, last = json.loads(cursor) if cursor else ("", None)
        for outbox in self._outboxes:
            if outbox.collection.name < begin:
                continue
            documents = self._documents(outbox, since, last if outbox.collection.name == begin else None)
            if documents:
                events = [each for one in documents for each in self._events(outbox, one, since, types)]
                following = json.dumps([outbox.collection.name, documents[-1]["_id"]])
                return {"events": [each.dump() for each in events], "next": following}
        return {"events": [], "next": None}

    def _documents(self, outbox: Outbox, since: datetime, last: str | None) -> list[Document]:
        """Those that follow by their ids: by the times of writing one could be written again behind the place."""
        which: dict[str, Any] = {"written_at": {"$gte": since}, **({"_id": {"$gt": last}} if last else {})}
        # An entry that could still roll back must not leave, hence majority.
        collection = outbox.collection.with_options(read_concern=ReadConcern("majority"))
        # Ids alone come from the index, so that no page reads the documents of all others.
        ids = [one["_id"] for one in collection.find(which, {"_id": True}).hint(WRITTEN).sort("_id").limit(PAGE)]
        return list(collection.find({"_id": {"$in": ids}}, {"history": True}).sort("_id")) if ids else []

    def _events(self, outbox: Outbox, document: Document, since: datetime, types: Collection[str]) -> Iterator[Event]:
        floor, wanted = earliest_id(since), outbox.published & frozenset(types or outbox.published)
        for entry in document["history"]:
            if entry["type"] in wanted and entry["id"] >= floor:
                yield event_of(self._service, outbox.subject, document["_id"], entry)


class PublicationsProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what the service has published."""

    relay = Relay()

    def get_dependency(self, worker_ctx: object) -> Publications:
        """The events in all outboxes of the service."""
        return Publications(self.container.service_name, list(self.relay.outboxes()))
