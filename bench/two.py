"""The clerk and the watcher, two small services of the benchmark, started by the real launcher on a stage."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from nameko.standalone.rpc import ClusterRpcProxy

from bench.stage import START_SECONDS, Stage
from dev.layout import ROOT
from dev.ports import free_port
from dev.processes import Process

HOME = Path(__file__).parent / "pair"


class Two:
    """Starts and asks them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ports: dict[str, int] = {}
        self.processes: dict[str, Process] = {}

    def start(self, name: str) -> Process:
        """Start one and wait until it is ready."""
        port = self._ports[name] = free_port()
        path = os.pathsep.join([str(ROOT / "services"), str(ROOT), str(HOME)])
        process = self._stage.process(name, "chassis", "run", name, PYTHONPATH=path, INTERNAL_PORT=str(port))
        process.wait_until(lambda: self._ready(name), START_SECONDS)
        self.processes[name] = process
        return process

    def calling(self, use: Callable[[Any], None]) -> None:
        """Call `use` with a way to both: `services.clerk.keep(id=…, text=…)`."""
        with ClusterRpcProxy({"AMQP_URI": self._stage.broker.uri}, timeout=30) as services:
            use(services)

    def metric(self, name: str, line: str) -> float:
        """The value of one line of a service's metrics; 0 while it has none."""
        text = requests.get(f"http://127.0.0.1:{self._ports[name]}/metrics", timeout=10).text
        found = [row.rpartition(" ")[2] for row in text.splitlines() if row.startswith(line)]
        return float(found[0]) if found else 0.0

    def _ready(self, name: str) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self._ports[name]}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False
