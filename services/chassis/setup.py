"""Prepares the ground for a service: indexes in its database, exchanges and queues at the broker. Safe to repeat."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chassis import dead_letters, topology
from chassis.attachment import Attachments
from chassis.launcher import service_class
from chassis.link import answering, dialled
from chassis.mongo import Home, connect, database_name
from chassis.outbox import AUDITED_INDEX, UNAUDITED_INDEX, UNRELAYED_INDEX, WRITTEN_INDEX, Document
from chassis.rpc import Rpc
from chassis.sealing import Sealer
from chassis.service import Service
from chassis.settings import settings
from chassis.store import Store
from chassis.subscription import Subscription


class Indexed(Protocol):
    """A store as it is set up."""

    @property
    def INDEXES(self) -> Mapping[str, Sequence[IndexModel]]:  # noqa: N802 - a constant of the store's class
        """The indexes of each of its collections."""


Kept = TypeVar("Kept", bound=Indexed)

CHANGED = frozenset({85, 86})
"""MongoDB's codes for an index that exists otherwise: IndexOptionsConflict, IndexKeySpecsConflict."""


def prepare(name: str) -> list[str]:
    """Create what the service needs; raises what pymongo or kombu raise when a server is away.

    The queues that were gone: the service will ask for what they missed.
    """
    service = service_class(name)
    if not issubclass(service, Service):
        return []  # it owns no data and listens to nothing
    with connect(settings, name) as client, dialled(answering(), connect_timeout=5) as connection:
        database = client[database_name(settings, name)]
        create_indexes(database, service)
        connection.ensure_connection(max_retries=1)
        return list(declare(connection, name, service, Attachments(database)))


def create_indexes(database: Database[Document], service: type) -> None:
    """The indexes of every store, of the outboxes and of the dead letters."""
    database[dead_letters.COLLECTION].create_indexes(dead_letters.INDEXES)
    for _, provider in inspect.getmembers(service, lambda member: isinstance(member, Store)):
        indexed(database, provider.factory)


def indexed(database: Database[Document], factory: Callable[[Home], Kept], sealer: Sealer | None = None) -> Kept:
    """The store that `factory` makes, with its indexes and those of its outboxes; `sealer` as its home has it."""
    home = Home(database, sealer=sealer)
    store = factory(home)
    for collection, indexes in store.INDEXES.items():
        if indexes:
            _put(database[collection], list(indexes))
    for collection, outbox in home.outboxes.items():
        owed = [UNAUDITED_INDEX, AUDITED_INDEX] if outbox.audited else []
        database[collection].create_indexes([UNRELAYED_INDEX, WRITTEN_INDEX, *owed])
    return store


def _put(collection: Collection[Document], indexes: list[IndexModel]) -> None:
    """Create the indexes; what has the name of one and is another, since a version before this made it, gives way."""
    try:
        collection.create_indexes(indexes)
    except OperationFailure as failure:
        if failure.code not in CHANGED:
            raise
        for index in indexes:
            _replace(collection, index)


def _replace(collection: Collection[Document], index: IndexModel) -> None:
    try:
        collection.create_indexes([index])
    except OperationFailure as failure:
        if failure.code not in CHANGED:
            raise
        collection.drop_index(index.document["name"])
        collection.create_indexes([index])


def declare(connection: Any, name: str, service: type, attachments: Attachments) -> Iterator[str]:
    """Declare the exchange of the service's events and the queues of its entrypoints; those that were gone."""
    channel = connection.channel()
    topology.declare_publisher(channel, name)
    topology.declare_dead(channel, name)
    for entrypoint in _entrypoints(service):
        if isinstance(entrypoint, Subscription):
            yield from (queue for queue, _ in entrypoint.declare(connection, channel, name, attachments))
        elif isinstance(entrypoint, Rpc):
            topology.declare_rpc(channel, name)


def _entrypoints(service: type) -> list[Any]:
    methods = inspect.getmembers(service, inspect.isfunction)
    return [each for _, method in methods for each in getattr(method, "nameko_entrypoints", ())]
