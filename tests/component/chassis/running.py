"""Two small services on real servers, started by the real launcher, that a test may kill and start again."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pymongo
from nameko.standalone.rpc import ClusterRpcProxy
from pymongo.database import Database

from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod

ROOT = Path(__file__).parents[3]


class Pair:
    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        self.broker, self.directory = broker, directory
        self.prefix = f"t{uuid.uuid4().hex[:8]}_"
        self.client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(mongod.uri, tz_aware=True)
        self.environment = {
            "AMQP_URI": broker.uri,
            "MONGO_URI": mongod.uri,
            "DATABASE_PREFIX": self.prefix,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "services"), str(Path(__file__).parent / "pair")]),
            "ATTEMPTS": "2",
            "GRACE_SECONDS": "4",
            "EVENTLET_NO_GREENDNS": "yes",
        }
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}

    def database(self, service: str) -> Database[dict[str, Any]]:
        return self.client[f"{self.prefix}{service}"]

    def start(self, *names: str, ready: bool = True, **settings: str) -> None:
        """Start instances: `giver`, `taker`, and further ones as `taker.2`."""
        for name in names:
            self.ports[name] = free_port()
            environment = {**self.environment, "INTERNAL_PORT": str(self.ports[name]), **settings}
            log = self.directory / f"{name}.log"
            service = name.partition(".")[0]
            command = [sys.executable, "-m", "chassis", "run", service]
            self.processes[name] = Process(name, command, log, environment)
            self.processes[name].start()
        if ready:
            for name in names:
                self.processes[name].wait_until(partial(self.is_ready, name), 30)

    def probe(self, name: str, which: str) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{self.ports[name]}/health/{which}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def is_ready(self, name: str) -> bool:
        return self.probe(name, "ready")[0] == 200

    def metrics(self, name: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/metrics", timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def call(self, service: str, method: str, *, seconds_allowed: float = 5, **kwargs: Any) -> Any:
        with ClusterRpcProxy({"AMQP_URI": self.broker.uri}, timeout=seconds_allowed) as cluster:
            return getattr(getattr(cluster, service), method)(**kwargs)

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text()

    def heard(self, id: str) -> list[int]:
        return [found["sequence"] for found in self.database("taker")["heard"].find({"thing": id})]

    def letters(self) -> list[dict[str, Any]]:
        return [*self.database("taker")["dead_letters"].find(), *self.database("giver")["dead_letters"].find()]

    def forget(self) -> None:
        for service, collection in (("giver", "things"), ("taker", "heard"), ("taker", "lined_up")):
            self.database(service)[collection].delete_many({})
        for service in ("giver", "taker"):
            self.database(service)["dead_letters"].delete_many({})

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        for name in ("giver", "taker"):
            self.client.drop_database(f"{self.prefix}{name}")
        self.client.close()


def eventually(check: Callable[[], Any], seconds: float = 15) -> Any:
    """The first true answer of `check`; its last answer when the time is up."""
    deadline = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer
