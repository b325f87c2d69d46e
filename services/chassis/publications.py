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

LOOKED_THROUGH = 500
"""Documents that are looked through for those of a page: most that were written lately have nothing that is wanted."""

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
            name, wanted = outbox.collection.name, outbox.published & frozenset(types or outbox.published)
            if name < begin or not wanted:
                continue
            documents, end = self._documents(outbox, since, wanted, last if name == begin else None)
            if end is not None:
                events = [each for one in documents for each in self._events(outbox, one, since, wanted)]
                return {"events": [each.dump() for each in events], "next": json.dumps([name, end])}
        return {"events": [], "next": None}

    def _documents(
        self, outbox: Outbox, since: datetime, wanted: Collection[str], last: str | None
    ) -> tuple[list[Document], str | None]:
        """Some that have a wanted event, and up to which id was looked; None where nothing is left.

        They follow by their ids: by the times of writing one could be written again behind the place.
        """
        which: dict[str, Any] = {"written_at": {"$gte": since}, **({"_id": {"$gt": last}} if last else {})}
        # An entry that could still roll back must not leave, hence majority.
        collection = outbox.collection.with_options(read_concern=ReadConcern("majority"))
        # Ids alone come from the index, so that no page reads the documents of all others.
        written = collection.find(which, {"_id": True}).hint(WRITTEN).sort("_id").limit(LOOKED_THROUGH)
        ids = [one["_id"] for one in written]
        if not ids:
            return [], None
        having = {"_id": {"$in": ids}, "history.type": {"$in": sorted(wanted)}}
        documents = list(collection.find(having, {"history": True}).sort("_id").limit(PAGE))
        return documents, documents[-1]["_id"] if len(documents) == PAGE else ids[-1]

    def _events(self, outbox: Outbox, document: Document, since: datetime, wanted: Collection[str]) -> Iterator[Event]:
        floor = earliest_id(since)
        for entry in document["history"]:
            if entry["type"] in wanted and entry["id"] >= floor:
                yield event_of(self._service, outbox.subject, document["_id"], entry)


class PublicationsProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what the service has published."""

    relay = Relay()

    def get_dependency(self, worker_ctx: object) -> Publications:
        """The events in all outboxes of the service."""
        return Publications(self.container.service_name, list(self.relay.outboxes()))
