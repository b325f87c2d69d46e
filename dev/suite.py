"""Starts the processes of the Procfile on one machine, each with a log of its own; starts no servers."""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pymongo
import requests
from pymongo.database import Database
from pymongo.errors import PyMongoError

from dev import secrets
from dev.layout import ROOT, SERVICES, Layout
from dev.ports import require_free
from dev.processes import Process, StartFailed

DISTRICT = ("members",)
"""Whose demo data everything else needs: the territory, the people and the units."""

WITH_CASES = ("cases", *DISTRICT)
"""Those whose demo data is the district with nine months of cases, which fill lists, boards and ledgers."""

READY_SECONDS = 90
SETUP_SECONDS = 120
STOP_SECONDS = 12

HEADS = "audit-heads.jsonl"
"""The file with the heads of the audit trails, in the directory of the suite."""


class Suite:
    """cases, members, notify and gateway, as many of each as the layout says, and their common settings."""

    def __init__(
        self,
        directory: Path,
        layout: Layout,
        amqp_uri: str,
        mongo_uri: str,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Everything is written below `directory`; `settings` are added to what the processes are told."""
        self.directory = directory.resolve()
        self.layout = layout
        told = dict(settings or {})
        self.url = layout.url.replace("http:", "https:") if told.get("TLS_CERT_FILE") else layout.url
        self.console_file = self.directory / "console.jsonl"
        self.secrets = secrets.ensure(self.directory / "secrets.env")
        self._mongo_uri = mongo_uri
        self._internal = "https" if told.get("INTERNAL_CERT_FILE") else "http"
        self.environment = self._environment(amqp_uri, mongo_uri) | told
        self.processes = {
            name: self._process(name, command, port) for name, (command, port) in layout.commands().items()
        }

    def _environment(self, amqp_uri: str, mongo_uri: str) -> dict[str, str]:
        return {
            "AMQP_URI": amqp_uri,
            "AUDIT_HEADS_FILE": str(self.directory / HEADS),
            "AUDIT_HEADS_SECONDS": "5",
            "MONGO_URI": mongo_uri,
            "CONSOLE_FILE": str(self.console_file),
            "DEMO": "true",
            "EVENTLET_NO_GREENDNS": "yes",
            "OPEN311_DISTRICT": "360704",
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.url,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'services'}{os.pathsep}{ROOT}",
            "PYTHONUNBUFFERED": "1",
            "WEBHOOK_NETWORKS": "127.0.0.0/8",
            **self.layout.internal_urls(self._internal),
            **self.secrets,
        }

    def _process(self, name: str, command: str, port: int, settings: Mapping[str, str] | None = None) -> Process:
        environment = self.environment | {"PORT": str(port)} | dict(settings or {})
        return Process(name, ["sh", "-c", command], self.log(name), environment)

    def log(self, name: str) -> Path:
        """Where the process writes its log."""
        return self.directory / "log" / f"{name}.log"

    def logs(self) -> str:
        """Everything that all processes have logged."""
        return "".join(path.read_text() for path in sorted((self.directory / "log").glob("*.log")))

    def console(self) -> list[dict[str, Any]]:
        """The messages to demo persons so far, oldest first."""
        lines = self.console_file.read_text().splitlines() if self.console_file.exists() else []
        return [json.loads(line) for line in lines]

    def prepare(self, told: Callable[[str], None] = print, demo: Sequence[str] = DISTRICT) -> None:
        """Create indexes and broker topology, then load the demo data of these services, all at once."""
        told("indexes, exchanges and queues")
        run_all([self._python(f"setup-{name}", "chassis", "setup", name) for name in (*SERVICES, "gateway")])
        told(f"demo data of {' and '.join(demo)}")
        run_all([self._python(f"demo-{name}", f"{name}.demo") for name in demo])

    def copy_cases(self) -> None:
        """Have members copy where cases stand: of those that came with the demo no event has told it."""
        run_all([self._python("rebuild-members", "chassis", "rebuild", "members")])

    def _python(self, name: str, module: str, *arguments: str) -> Process:
        return Process(name, [sys.executable, "-m", module, *arguments], self.log(name), self.environment)

    def start(self, *names: str, advice: str = "") -> None:
        """Start the named processes, all of them when none is named, and wait until everything is ready."""
        wanted = {name: self.processes[name] for name in names or self.processes}
        require_free(self.layout.listeners(wanted), advice)
        for process in wanted.values():
            process.start()
        self.wait_ready()

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send one process a signal, by default as a crash would end it, and then wait for its end."""
        self.processes[name].signal(number)
        if number == signal.SIGKILL:
            self.processes[name].wait(STOP_SECONDS)

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until every service is ready and has heard what the others published."""
        gateway = self.processes["gateway.1"]
        gateway.wait_until(self.ready, seconds)
        with pymongo.MongoClient[dict[str, Any]](self._mongo_uri) as client:
            gateway.wait_until(lambda: all_relayed(client), seconds)

    def ready(self) -> bool:
        """Whether every process says that it is ready; raises `StartFailed` if one has ended."""
        self.require_alive()
        return all(self.instance_ready(name) for name in self.processes)

    def instance_ready(self, name: str) -> bool:
        """Whether this very process is ready; a gateway is when at least one instance of each service is."""
        try:
            return requests.get(f"{self.internal_url(name)}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def internal_url(self, name: str) -> str:
        """Where a process answers health and metrics."""
        return f"{self._internal}://127.0.0.1:{self.layout.commands()[name][1]}"

    def require_alive(self) -> None:
        """Raise `StartFailed` with its last words if a process has ended."""
        for process in self.processes.values():
            if not process.alive():
                raise StartFailed(f"{process.name} has ended. The end of {process.log}:\n{process.tail()}")

    def stop(self) -> None:
        """End every process, all at once, within their grace period."""
        for process in self.processes.values():
            process.ask_to_stop()
        for process in self.processes.values():
            process.stop(STOP_SECONDS)

    def memory(self) -> int:
        """Resident bytes of all processes."""
        return sum(process.memory() for process in self.processes.values())


def run_all(commands: Sequence[Process]) -> None:
    """Run commands that end by themselves; raises `StartFailed` for one that does not end well."""
    try:
        for command in commands:
            command.start()
        for command in commands:
            if command.wait(SETUP_SECONDS) != 0:
                raise StartFailed(f"{command.name} failed. The end of {command.log}:\n{command.tail()}")
    finally:
        for command in commands:
            command.kill()


def all_relayed(client: pymongo.MongoClient[dict[str, Any]]) -> bool:
    """Whether no document of any service has an event that is yet to be published."""
    try:
        return not any(_unrelayed(client[service]) for service in SERVICES)
    except PyMongoError:
        return False


def _unrelayed(database: Database[dict[str, Any]]) -> bool:
    collections = (database[name] for name in database.list_collection_names())
    outboxes = (each for each in collections if "unrelayed_in_order" in each.index_information())
    return any(outbox.find_one({"unrelayed": True}, {"_id": 1}) for outbox in outboxes)
