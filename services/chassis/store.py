"""The injected store: what a service's methods see of their database, tied to the relay."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from nameko.extensions import DependencyProvider

from chassis.mongo import Home, Mongo
from chassis.relay import Relay
from chassis.sealing import Sealer


class Store(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects one store, built once over the service's database, whose outboxes the relay serves."""

    mongo = Mongo()
    relay = Relay()

    def __init__(self, store: Callable[[Home], Any], sealer: Callable[[], Sealer] | None = None) -> None:
        """`sealer` makes what seals the marked texts of the store's documents, where it has some."""
        self.factory = store
        self._sealer = sealer

    @cached_property
    def store(self) -> Any:
        """The store itself."""
        home = Home(self.mongo.database, self.relay.ring, self._sealer() if self._sealer else None)
        store = self.factory(home)
        self.relay.serve(home)
        return store

    def start(self) -> None:
        """Build the store, so that the relay knows its outboxes also when nobody calls."""
        _ = self.store

    def get_dependency(self, worker_ctx: object) -> Any:
        """The store itself."""
        return self.store
