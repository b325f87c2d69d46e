"""The way to the service's own database: the client, and the home of its collections."""

from collections.abc import Callable
from collections.abc import Collection as Group
from functools import cached_property

from bson.codec_options import CodecOptions, TypeRegistry
from environs import EnvError
from nameko.extensions import SharedExtension
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import ConfigurationError, PyMongoError
from pymongo.write_concern import WriteConcern

from chassis.outbox import Audited, Document, Outbox
from chassis.sealing import Sealer, SecretEncoder
from chassis.settings import Settings, settings

KEPT = WriteConcern(w="majority", j=True, wtimeout=10_000)
NOTED = WriteConcern(w=1)
"""For notes of how far work has come, of which the last may be lost with a primary: the work is then done again."""


def connect(source: Settings, service: str) -> MongoClient[Document]:
    """A client whose writes are acknowledged only once they are journaled by a majority.

    Raises `environs.EnvError` for an address that cannot be understood, or names files for TLS that cannot be used.
    """
    try:
        return MongoClient(
            source.mongo_uri,
            appname=service,
            tz_aware=True,
            w="majority",
            journal=True,
            wTimeoutMS=10_000,
            serverSelectionTimeoutMS=3_000,
            connectTimeoutMS=5_000,
            socketTimeoutMS=20_000,
            maxPoolSize=40,
        )
    except (ConfigurationError, OSError) as error:
        raise EnvError(f"MONGO_URI: {error}") from None


def database_name(source: Settings, service: str) -> str:
    """The name of the database that `service` owns."""
    return f"{source.database_prefix}{service}"


class Home:
    """A service's database as its stores see it."""

    def __init__(
        self,
        database: Database[Document],
        written: Callable[[str, str], None] | None = None,
        sealer: Sealer | None = None,
    ) -> None:
        """`written` is told the collection and the id of each document that has something to relay.

        `sealer` seals every marked text (`chassis.secret.Secret`) on its way into the database; without one none can
        be written at all.
        """
        self.database = database
        self._options: CodecOptions[Document] = database.codec_options
        if sealer is not None:
            self._options = self._options.with_options(type_registry=TypeRegistry([SecretEncoder(sealer)]))
        self.outboxes: dict[str, Outbox] = {}
        self._written = written

    def collection(self, name: str) -> Collection[Document]:
        """A plain collection."""
        return self.database.get_collection(name, self._options, write_concern=KEPT)

    def notes(self, name: str) -> Collection[Document]:
        """The same collection for notes of how far work has come, which wait for no journal and no majority."""
        return self.database.get_collection(name, self._options, write_concern=NOTED)

    def outbox(self, name: str, subject: str, published: Group[str], audited: Audited | None = None) -> Outbox:
        """A collection whose documents carry their history, and whose events the relay publishes."""

        def written(id: str) -> None:
            if self._written is not None:
                self._written(name, id)

        self.outboxes[name] = Outbox(self.collection(name), subject, published, written, audited)
        return self.outboxes[name]


class Mongo(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """The client for requests and handlers; whatever waits has a client of its own."""

    @cached_property
    def client(self) -> MongoClient[Document]:
        """The client; connecting happens with the first command."""
        return connect(settings, self.container.service_name)

    @property
    def database(self) -> Database[Document]:
        """The service's own database."""
        return self.client[database_name(settings, self.container.service_name)]

    def stop(self) -> None:
        """Close every connection."""
        self.client.close()

    def fault(self) -> str | None:
        """Why the service is not ready, as far as the database is concerned."""
        try:
            self.client.admin.command("ping")
        except PyMongoError as error:
            return f"mongo: {type(error).__name__}"
        return None
