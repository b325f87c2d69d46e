"""The injected MongoDB database of a plain nameko service."""

from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import MongoClient
from pymongo.database import Database


class MongoDatabase(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """One client for each process; the database has the service's name."""

    def setup(self) -> None:
        """Make the client."""
        self.client: MongoClient[dict[str, Any]] = MongoClient(self.container.config["MONGO_URI"])

    def stop(self) -> None:
        """Close it."""
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> Database[dict[str, Any]]:
        """The database of the service."""
        return self.client[self.container.service_name]
