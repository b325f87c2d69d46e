"""Servers for the tests: a private RabbitMQ and a private mongod, started when a test first asks for one."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pymongo
import pytest
from hypothesis import settings
from pymongo.database import Database

from dev.ports import free_port
from dev.servers import Broker, Mongod

# A test that is slow on a busy machine is no fault; pytest's own limit of time ends one that hangs.
settings.register_profile("sandan", deadline=None)
settings.load_profile("sandan")

Server = TypeVar("Server", Broker, Mongod)


def private_broker(directory: Path, *, managed: bool = False) -> Broker:
    """A RabbitMQ node that is not started yet, on ports that are free; with the management plugin if `managed`."""
    return Broker(directory, free_port(), free_port(), free_port(), free_port() if managed else None)


def started(server: Server) -> Iterator[Server]:
    """The server while it is used; it is stopped also when its start was interrupted."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ node for this run alone, which a test may kill, pause and restart."""
    yield from started(private_broker(tmp_path_factory.mktemp("rabbitmq")))


@pytest.fixture(scope="session")
def managed_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Another RabbitMQ node, with the management plugin."""
    yield from started(private_broker(tmp_path_factory.mktemp("managed"), managed=True))


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A mongod for this run alone, with failpoints allowed."""
    yield from started(Mongod(tmp_path_factory.mktemp("mongod"), free_port(), testing=True))


@pytest.fixture
def amqp_uri(broker: Broker) -> str:
    """Where RabbitMQ listens."""
    return broker.uri


@pytest.fixture
def mongo_uri(mongod: Mongod) -> str:
    """Where MongoDB listens."""
    return mongod.uri


@pytest.fixture(scope="session")
def mongo_client(mongod: Mongod) -> Iterator[pymongo.MongoClient[dict[str, Any]]]:
    """A client as the services have it: majority writes, aware times."""
    with pymongo.MongoClient[dict[str, Any]](mongod.uri, tz_aware=True, w="majority") as client:
        yield client


@pytest.fixture
def database(mongo_client: pymongo.MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    """An empty database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield mongo_client[name]
    mongo_client.drop_database(name)
