"""Instances of services on real servers, started by the real launcher, that a test may kill and start again."""

import os
import subprocess
import sys
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Self

import pymongo
import requests
from nameko.standalone.rpc import ClusterRpcProxy
from pymongo.database import Database

from chassis.tls import Trust
from dev.layout import ROOT
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod


class Instances:
    """Processes over databases of their own; all of them are ended, and their databases dropped, with the block."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path, *neighbours: Path, **settings: str) -> None:
        """`neighbours` are folders with services made for the test; every process is told the `settings`."""
        self.broker, self.directory = broker, directory
        self.prefix = f"t{uuid.uuid4().hex[:8]}_"
        self.client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(mongod.uri, tz_aware=True)
        self.environment = {
            "AMQP_URI": broker.uri,
            "MONGO_URI": mongod.uri,
            **broker.trust,
            "DATABASE_PREFIX": self.prefix,
            "PYTHONPATH": os.pathsep.join(map(str, [*neighbours, ROOT / "services", ROOT])),
            "GRACE_SECONDS": "4",
            "EVENTLET_NO_GREENDNS": "yes",
            **settings,
        }
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def database(self, service: str) -> Database[dict[str, Any]]:
        return self.client[f"{self.prefix}{service}"]

    def module(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `python -m …` says, run to its end."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **self.environment},
            check=True,
            timeout=60,
            capture_output=True,
            text=True,
        )

    def sandan(self, *words: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """What the command of operators says and how it ends, with no terminal; `typed` is its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "chassis", *words],
            env={**os.environ, **self.environment, **settings},
            input=typed,
            check=False,
            timeout=60,
            capture_output=True,
            text=True,
        )

    def start(self, *names: str, ready: bool = True, **settings: str) -> None:
        """Start instances: `cases`, and further ones as `cases.2`; wait until they are ready, unless told not to."""
        for name in names:
            port = self.ports.setdefault(name, free_port())
            environment = {**self.environment, "INTERNAL_PORT": str(port), **settings}
            command = [sys.executable, "-m", "chassis", "run", name.partition(".")[0]]
            self.processes[name] = Process(name, command, self._log(name), environment)
            self.processes[name].start()
        for name in names if ready else ():
            self.processes[name].wait_until(partial(self.is_ready, name), 30)

    def internal(self, name: str, path: str) -> requests.Response:
        """What an instance answers on its internal port."""
        return requests.get(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=10)

    def probe(self, name: str, which: str) -> tuple[int, dict[str, Any]]:
        """Status and body of `/health/<which>`; 0 when nothing answers."""
        try:
            answer = self.internal(name, f"/health/{which}")
        except requests.RequestException:
            return 0, {}
        return answer.status_code, answer.json()

    def is_ready(self, name: str) -> bool:
        return self.probe(name, "ready")[0] == 200

    def metrics(self, name: str) -> str:
        return self.internal(name, "/metrics").text

    def call(self, service: str, method: str, /, *, seconds_allowed: float = 10, **kwargs: Any) -> Any:
        """What the service answers to a request; raises as nameko's own client does."""
        with ClusterRpcProxy(self._broker(), timeout=seconds_allowed) as cluster:
            return getattr(getattr(cluster, service), method)(**kwargs)

    def _broker(self) -> dict[str, Any]:
        trust = Trust(**{name.removeprefix("AMQP_").lower(): file for name, file in self.broker.trust.items()})
        return {"AMQP_URI": self.broker.uri, "AMQP_SSL": trust.towards(self.broker.uri)}

    def _log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def log(self, name: str) -> str:
        return self._log(name).read_text("utf-8")

    def logs(self) -> str:
        """What all instances have logged."""
        return "".join(path.read_text("utf-8") for path in self.directory.glob("*.log"))

    def stop_processes(self) -> None:
        for process in self.processes.values():
            process.stop()

    def stop(self) -> None:
        self.stop_processes()
        for name in self.client.list_database_names():
            if name.startswith(self.prefix):
                self.client.drop_database(name)
        self.client.close()
