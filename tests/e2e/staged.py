"""A suite with its servers and its clock in the hands of a test."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pymongo
from pymongo.database import Database

from dev.client import Client
from dev.layout import free_layout
from dev.servers import Broker, Mongod
from dev.suite import READY_SECONDS, Suite

DEMO_NOW = "2026-03-31T18:00:00+08:00"
"""When the demo data says it is (docs/domain.md §8)."""


class Clock:
    """The suite's domain time; it stands still until it is set."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set(DEMO_NOW)

    def set(self, instant: str) -> None:
        """Set it to an RFC 3339 instant."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(instant)
        fresh.replace(self.path)


class ClockedSuite(Suite):
    """A suite whose clock, processes and databases a test has in its hands; the servers are somebody else's."""

    def __init__(
        self,
        directory: Path,
        amqp_uri: str,
        mongo_uri: str,
        instances: Mapping[str, int] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.clock = Clock(directory / "clock")
        told = {"CLOCK_FILE": str(self.clock.path), **(settings or {})}
        super().__init__(directory, free_layout(instances), amqp_uri, mongo_uri, told)

    def client(self, token: str | None = None) -> Client:
        """A client of the gateway, signed in when a token is given."""
        return Client(self.url, token)

    def down(self, name: str) -> None:
        """End one process, cleanly, and do without it until it is restarted."""
        self.processes.pop(name).stop()

    def restart(self, name: str, **settings: str) -> None:
        """Start one process anew, with settings of its own until its next start; wait until everything is ready."""
        if name in self.processes:
            self.processes[name].stop()
        command, port = self.layout.commands()[name]
        self.processes[name] = self._process(name, command, port, settings)
        self.processes[name].start()
        self.processes[name].wait_until(lambda: self.instance_ready(name), READY_SECONDS)
        self.wait_ready()

    def database(self, service: str) -> Database[dict[str, Any]]:
        """The database of a service, for a checker that looks behind the interface."""
        return self._checker[service]

    @cached_property
    def _checker(self) -> pymongo.MongoClient[dict[str, Any]]:
        return pymongo.MongoClient(self._mongo_uri, tz_aware=True)

    def stop(self) -> None:
        """End every process, and the checker's connection."""
        super().stop()
        self._checker.close()


class StagedSuite(ClockedSuite):
    """A suite with one broker and one mongod, which a test may harm too."""

    def __init__(
        self,
        directory: Path,
        broker: Broker,
        mongod: Mongod,
        instances: Mapping[str, int] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.broker = broker
        self.mongod = mongod
        super().__init__(directory, broker.uri, mongod.uri, instances, settings)
