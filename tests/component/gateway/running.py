"""The gateway as it runs: a real process from the real launcher, a broker, and a neighbour that answers like cases."""

import os
import socket
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import requests

from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod
from gateway.tokens import Tokens
from tests.unit.gateway.fakes import SEED

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CALLER = {"id": "p-1", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}


class Running:
    """One gateway with its neighbour."""

    def __init__(
        self, broker: Broker, mongod: Mongod, directory: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        self.broker, self.directory = broker, directory
        self.port, self.ports = free_port(), {"gateway": free_port(), "cases": free_port()}
        self.url = f"http://127.0.0.1:{self.port}"
        cases = f"http://127.0.0.1:{self.ports['cases']}"
        self.environment = {
            "AMQP_URI": broker.uri,
            "MONGO_URI": mongod.uri,
            "DATABASE_PREFIX": f"t{uuid.uuid4().hex[:8]}_",
            "GRACE_SECONDS": "4",
            "RPC_SECONDS": "2",
            "EVENTLET_NO_GREENDNS": "yes",
            "GATEWAY_PORT": str(self.port),
            "TOKEN_KEY": SEED,
            "CASES_URL": cases,
            "MEMBERS_URL": cases,
            "NOTIFY_URL": cases,
            **(settings or {}),
        }
        self.processes: dict[str, Process] = {}

    def start(self, *names: str) -> None:
        for name in names:
            paths = [ROOT / "services", ROOT] if name == "gateway" else [HERE / "neighbours", ROOT / "services"]
            settings = {"PYTHONPATH": os.pathsep.join(map(str, paths)), "INTERNAL_PORT": str(self.ports[name])}
            command = [sys.executable, "-m", "chassis", "run", name]
            log = self.directory / f"{name}.log"
            self.processes[name] = Process(name, command, log, {**self.environment, **settings})
            self.processes[name].start()
        for name in names:
            self.processes[name].wait_until(partial(self.is_ready, name), 30)

    def is_ready(self, name: str) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.ports[name]}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def session(self) -> requests.Session:
        """A client that is signed in."""
        client = requests.Session()
        client.headers["Authorization"] = f"Bearer {Tokens(SEED, 900).issue('s-1', CALLER, time.time())}"
        return client

    def ask(self, path: str = "/v1/cases/c-1", **options: Any) -> requests.Response:
        with self.session() as client:
            return client.get(self.url + path, timeout=15, **options)

    def raw(self, sent: bytes, *, until_closed: bool = False) -> bytes:
        """What comes back for these bytes on a connection of their own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(sent)
            received = connection.recv(65536)
            while until_closed and (more := connection.recv(65536)):
                received += more
            return received

    def log(self) -> str:
        return (self.directory / "gateway.log").read_text("utf-8")

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()


def eventually(check: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true answer of `check`; its last answer when the time is up."""
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer
