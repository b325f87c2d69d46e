"""What a service has published lately, read from its outboxes: for subscribers whose queue was gone meanwhile."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo.read_concern import ReadConcern

from chassis.event import Event
from chassis.ids import earliest_id
from chassis.outbox import Document, Outbox, event_of
from chassis.relay import IN_ORDER, Relay, after

PAGE = 50
"""Documents in one page; with all the events of a case that is well below the megabyte that a message may have."""

Page = dict[str, Any]


class Publications:
    """The events of one service."""

    def __init__(self, service: str, outboxes: Collection[Outbox]) -> None:
        self._service = service
        self._outboxes = sorted(outboxes, key=lambda each: each.collection.name)

    def page(self, since: datetime, types: Collection[str], cursor: str | None) -> Page:
        """Some of the events written since `since`: `{events, next}`, those of one document in their order.

        `types` are the wanted ones, none means all; `cursor` is the `next` of the page before, and None ends.
        """
        begin, place = _place(cursor)
        for outbox in self._outboxes:
            if outbox.collection.name < begin:
                continue
            documents = self._documents(outbox, since, place if outbox.collection.name == begin else None)
            if documents:
                events = [each for one in documents for each in self._events(outbox, one, since, types)]
                return {"events": [each.dump() for each in events], "next": _cursor(outbox, documents[-1])}
        return {"events": [], "next": None}

    def _documents(self, outbox: Outbox, since: datetime, place: Mapping[str, Any] | None) -> list[Document]:
        which: dict[str, Any] = {"written_at": {"$gte": since}}
        if place is not None:
            which = {"$and": [which, after(dict(place))]}
        # An entry that could still roll back must not leave, hence majority.
        collection = outbox.collection.with_options(read_concern=ReadConcern("majority"))
        return list(collection.find(which, {"written_at": True, "history": True}).sort(IN_ORDER).limit(PAGE))

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


def _cursor(outbox: Outbox, document: Document) -> str:
    return json.dumps([outbox.collection.name, document["written_at"].isoformat(), document["_id"]])


def _place(cursor: str | None) -> tuple[str, Mapping[str, Any] | None]:
    if cursor is None:
        return "", None
    name, written_at, id = json.loads(cursor)
    return name, {"written_at": datetime.fromisoformat(written_at), "_id": id}
