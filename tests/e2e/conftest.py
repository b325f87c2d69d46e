"""The whole suite as subprocesses on real servers, with a clock that the test sets."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.database import Database

from dev.client import Client
from dev.layout import free_layout
from dev.ports import free_port
from dev.servers import Broker, Mongod
from dev.suite import READY_SECONDS, Suite
from tests.conftest import private_broker
from tests.contract.openapi_conformance import Conformance
from tests.e2e.cast import ACCOUNTS, cast

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


class StagedSuite(Suite):
    """A suite with its servers and its clock in the hands of a test."""

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
        self.clock = Clock(directory / "clock")
        told = {"CLOCK_FILE": str(self.clock.path), **(settings or {})}
        super().__init__(directory, free_layout(instances), broker.uri, mongod.uri, told)

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
        return pymongo.MongoClient(self.mongod.uri, tz_aware=True)

    def stop(self) -> None:
        """End every process, and the checker's connection."""
        super().stop()
        self._checker.close()


SuiteMaker = Callable[..., StagedSuite]


@pytest.fixture(scope="session")
def suite(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StagedSuite]:
    """One suite, shared by all tests that do it no lasting harm."""
    suite = StagedSuite(tmp_path_factory.mktemp("suite"), broker, mongod)
    try:
        suite.prepare()
        suite.start()
        yield suite
    finally:
        suite.stop()


@pytest.fixture(scope="module")
def new_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SuiteMaker]:
    """Makes suites on servers of their own: `new_suite(instances={"cases": 2}, settings={...})`, started."""
    with ExitStack() as stack:

        def make(instances: Mapping[str, int] | None = None, settings: Mapping[str, str] | None = None) -> StagedSuite:
            tmp_path = tmp_path_factory.mktemp("suite")
            broker = private_broker(tmp_path / "rabbitmq")
            mongod = Mongod(tmp_path / "mongod", free_port(), testing=True)
            for server in (broker, mongod):
                stack.callback(server.stop)
                server.start()
            suite = StagedSuite(tmp_path, broker, mongod, instances, settings)
            stack.callback(suite.stop)
            suite.prepare()
            suite.start()
            return suite

        yield make


@pytest.fixture(scope="session")
def people(suite: StagedSuite) -> dict[str, Client]:
    """Every demo person, signed in once to the shared suite; each answer is held to the specification."""
    conforms = Conformance(suite.client().get("/openapi.json").json())
    signed_in = cast(suite, ACCOUNTS)
    for client in signed_in.values():
        client.hooks["response"].append(conforms)
    return signed_in
