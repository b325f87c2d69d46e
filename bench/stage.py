"""Where a row of the benchmark is played: servers and a suite of its own, on free ports, and who may act there."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pymongo
import requests

from bench.cpu import Meter
from bench.people import signed_in
from dev.client import Client
from dev.layout import ROOT, free_layout
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod
from dev.suite import Suite
from members.demo.district import district

CACHE_GB = 1.0
"""Storage cache of the database, in GB."""

SESSION_SECONDS = 6 * 3600
"""Access tokens outlast the longest row; what they cost to check is the same."""

IDLE_SECONDS = 6.0
START_SECONDS = 60
Document = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """How much is measured: `quick` for a look, and how many `stored` cases the lifecycles are played among."""

    quick: bool = False
    stored: tuple[int, ...] = (0, 100_000, 1_000_000)
    told: Callable[[str], None] = print


class Stage:
    """A broker and a database that are up from `with` to its end; everything else is asked for."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.told = options.told
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="sandan-bench-")))
        self.broker = Broker(self.directory / "rabbitmq", free_port(), free_port(), free_port())
        self.mongod = Mongod(self.directory / "mongod", free_port(), CACHE_GB)
        for server in (self.broker, self.mongod):
            self._stack.callback(server.stop)
            server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def manage_queues(self) -> None:
        """Let the broker have its management plugin on from here, without which partners get no queues."""
        self.broker.stop()
        self.broker = Broker(self.directory / "rabbitmq", free_port(), free_port(), free_port(), free_port())
        self._stack.callback(self.broker.stop)
        self.broker.start()

    @cached_property
    def client(self) -> pymongo.MongoClient[Document]:
        """A look behind the interface."""
        return self._stack.enter_context(pymongo.MongoClient[Document](self.mongod.uri, tz_aware=True))

    @contextmanager
    def suite(
        self, instances: Mapping[str, int] | None = None, settings: Mapping[str, str] | None = None
    ) -> Iterator[Suite]:
        """The whole suite with the demo data, ready."""
        told = {"ACCESS_SECONDS": str(SESSION_SECONDS), **(settings or {})}
        suite = Suite(self.directory / "suite", free_layout(instances), self.broker.uri, self.mongod.uri, told)
        try:
            suite.prepare(lambda _: None)
            suite.start()
            yield suite
        finally:
            suite.stop()

    def process(self, name: str, *arguments: str, **environment: str) -> Process:
        """A Python module as a process that ends with the stage, started: `process("sink", "bench.sink", "8080")`."""
        known = {
            "AMQP_URI": self.broker.uri,
            "MONGO_URI": self.mongod.uri,
            "EVENTLET_NO_GREENDNS": "yes",
            "PYTHONPATH": f"{ROOT / 'services'}{os.pathsep}{ROOT}",
        }
        command = [sys.executable, "-m", *arguments]
        started = Process(name, command, self.directory / "log" / f"{name}.log", known | environment)
        self._stack.callback(started.stop)
        started.start()
        return started

    def meter(self, processes: Mapping[str, Process], seconds: float = IDLE_SECONDS) -> Meter:
        """A meter of these processes and the servers, by role (`cases.1` and `cases.2` are one), that knows idling."""
        roots: dict[str, list[int]] = {}
        for name, process in processes.items():
            roots.setdefault(name.partition(".")[0], []).append(process.pid)
        roots |= {"broker": [self.broker.process.pid], "database": [self.mongod.process.pid]}
        meter = Meter(roots)
        meter.learn_idle(seconds)
        return meter


class Sink:
    """A receiver of webhooks in a process of its own, which takes so many seconds for each answer."""

    def __init__(self, stage: Stage, number: int = 1, seconds: float = 0.0) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = stage.process(f"sink-{number}", "bench.sink", str(port), str(seconds))
        self.process.wait_until(self._answers, START_SECONDS)

    @property
    def posts(self) -> int:
        """How many posts it has taken."""
        return int(requests.get(self.url, timeout=10).text)

    def _answers(self) -> bool:
        try:
            return self.posts >= 0
        except requests.RequestException:
            return False


def subscribed(suite: Suite, urls: Sequence[str], types: Sequence[str] = ("case.*",)) -> None:
    """Subscribe each of the addresses to events of the whole district, and wait until all are active."""
    admin = next(each for each in district().people if each.login == "admin")
    client = Client(suite.url, signed_in(suite, {"admin": admin})["admin"])
    for url in urls:
        client.post("/v1/subscriptions", json={"url": url, "types": list(types)}).raise_for_status()
    deadline = time.monotonic() + START_SECONDS
    while not _all_active(client) and time.monotonic() < deadline:
        time.sleep(0.2)
    if not _all_active(client):
        raise TimeoutError("not every subscription became active")


def _all_active(client: Client) -> bool:
    return all(each["state"] == "active" for each in client.get("/v1/subscriptions").json()["items"])
