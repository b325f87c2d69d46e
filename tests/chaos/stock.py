"""Plain nameko under test: the same job on the same servers, read in the same way."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pymongo
import requests

from dev.layout import ROOT
from dev.ports import free_port
from dev.processes import Process
from tests.chaos.load import Caller
from tests.chaos.reading import Change, Effect, Letter, Reading, Sent, Size
from tests.chaos.servers import Servers

START_SECONDS = 30
INSTANCES = ("gateway.1", "gateway.2", "cases.1", "cases.2", "notify.1", "notify.2")


class Stock:
    """Two instances of each process of `bench.stock`, started as nameko's documentation has it."""

    name = "stock nameko"
    moves: tuple[str, ...] = ("note",)
    settles_in = 15.0
    event_queues: tuple[str, ...] = (
        "evt-cases-case_opened--notify.handle_case_opened",
        "evt-cases-case_noted--notify.handle_case_noted",
    )
    request_queue = "rpc-cases"

    def __init__(self, directory: Path, servers: Servers) -> None:
        self._directory = directory
        self._client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(servers.mongo_uri)
        self._environment = {"AMQP_URI": servers.amqp_uri, "MONGO_URI": servers.mongo_uri, "PYTHONPATH": str(ROOT)}
        self.spares: Mapping[str, tuple[str, ...]] = {
            service: (f"{service}.3", f"{service}.4") for service in ("cases", "notify")
        }
        self._ports = {name: free_port() for name in (*INSTANCES, *self.spares["cases"], *self.spares["notify"])}
        self._processes = {name: self._process(name) for name in INSTANCES}
        self._turn = 0

    def _process(self, instance: str, settings: Mapping[str, str] | None = None) -> Process:
        service = instance.partition(".")[0]
        run = ["from nameko.cli.main import main; main()", "run", "--config", str(ROOT / "bench/stock/config.yaml")]
        environment = {
            **self._environment,
            **(settings or {}),
            "WEB_SERVER_ADDRESS": f"127.0.0.1:{self._ports[instance]}",
        }
        command = [sys.executable, "-W", "ignore", "-c", *run, f"bench.stock.{service}"]
        # Without its broker it takes no notice of SIGTERM.
        log = self._directory / "log" / f"{instance}.log"
        return Process(instance, command, log, os.environ | environment, orphaned="KILL")

    def start(self) -> None:
        """Start everything and wait until a case can be opened."""
        for process in self._processes.values():
            process.start()
        self._await_answer()

    def _await_answer(self) -> None:
        gateway = self._processes["gateway.1"]
        gateway.wait_until(lambda: all(map(self._answers, self.instances("gateway"))), START_SECONDS)

    def _answers(self, gateway: str) -> bool:
        answer = StockHand(f"http://127.0.0.1:{self._ports[gateway]}").send("note", "nothing", "ping")
        return "no-such-case" in answer[2]

    def stop(self) -> None:
        """End every process."""
        for process in self._processes.values():
            process.ask_to_stop()
        for process in self._processes.values():
            process.stop(5)
        self._client.close()

    def caller(self) -> Caller:
        """A client that goes to the gateways by turns."""
        self._turn += 1
        ports = [self._ports[name] for name in self.instances("gateway")]
        return StockHand(f"http://127.0.0.1:{ports[self._turn % len(ports)]}")

    def instances(self, service: str) -> list[str]:
        """The processes of a service."""
        return [name for name in self._processes if name.startswith(f"{service}.")]

    def kill(self, instance: str) -> None:
        """SIGKILL one."""
        self._processes[instance].kill()

    def begin(self, instance: str, settings: Mapping[str, str] | None = None) -> None:
        """Start one anew, with settings of its own; does not wait."""
        if instance in self._processes:
            self._processes[instance].stop(5)
        self._processes[instance] = self._process(instance, settings)
        self._processes[instance].start()

    def retire(self, instance: str) -> int | None:
        """SIGTERM one and do without it: its exit code, None when it had to be killed."""
        process = self._processes.pop(instance)
        process.stop(12)
        code = process.wait(1)
        return None if code == -signal.SIGKILL else code

    def revive(self) -> None:
        """Start whatever has ended, and wait until a case can be opened."""
        for name, process in self._processes.items():
            if not process.alive():
                self.begin(name)
        self._await_answer()

    def alive(self, instance: str) -> bool:
        """Whether one runs."""
        return self._processes[instance].alive()

    def dead(self) -> list[str]:
        """The processes that have ended."""
        return [name for name in self._processes if not self.alive(name)]

    def ready(self) -> bool:
        """Whether all runs; plain nameko cannot say more."""
        return not self.dead()

    def read(self, sent: Iterable[Sent], poisons: Iterable[Letter]) -> Reading:
        """What the databases hold; texts are the keys of the commands."""
        cases = list(self._client.cases.cases.find())
        notices = list(self._client.notify.notices.find().sort("$natural", 1))
        changes = tuple(_changes(cases))
        events = {(change.case, change.version): change.event for change in changes}
        effects = ((row, events.get((row["case_id"], row["version"]), "unknown")) for row in notices)
        return Reading(
            sent=tuple(sent),
            changes=changes,
            versions={case["_id"]: case["version"] for case in cases},
            effects=tuple(Effect("notice", event, row["template"]) for row, event in effects),
            order={"notices": tuple((row["case_id"], row["version"]) for row in notices)},
            poisons=tuple(poisons),
            down=tuple(f"{name} has ended" for name in self.dead()),
        )

    listeners: tuple[str, ...] = ("notify",)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Freeze whoever publishes events of cases."""
        publishers = [self._processes[name] for name in self.instances("cases")]
        for process in publishers:
            process.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in publishers:
                process.signal(signal.SIGCONT)

    def come_back(self, instances: Iterable[str]) -> None:
        """Start listeners whose queues are gone; plain nameko declares them at start."""
        for name in instances:
            self.begin(name)
        self.revive()

    def copies(self) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
        """One event that has happened, as queue, body and properties of the message that brought it there."""
        case = self._client.cases.cases.find_one() or {}
        body = json.dumps({"case_id": case["_id"], "version": 1}).encode()
        yield self.event_queues[0], body, {"content_type": "application/json", "content_encoding": "utf-8"}

    def sizes(self) -> dict[str, Size]:
        """How big each process is."""
        return {name: _size(process) for name, process in self._processes.items() if process.alive()}


class StockHand:
    """One thread's client."""

    def __init__(self, url: str) -> None:
        self._url, self._session = url, requests.Session()

    def send(self, kind: str, case: str | None, key: str) -> tuple[str, str | None, str]:
        """Send one command: its outcome, the case answered, and the status or error."""
        path = "/cases" if case is None else f"/cases/{case}/notes"
        try:
            answer = self._session.post(self._url + path, json={"text": key}, timeout=10)
        except requests.RequestException as error:
            time.sleep(0.1)
            return "failed", case, type(error).__name__
        if answer.ok:
            return "acknowledged", str(answer.json()["case_id"]), str(answer.status_code)
        return "failed", case, f"{answer.status_code} {answer.text[:300]}"


def _changes(cases: Iterable[dict[str, Any]]) -> Iterator[Change]:
    for case in cases:
        for version, key in enumerate([case["text"], *case["notes"]], 1):
            template = "opened" if version == 1 else "noted"
            wants = frozenset({("notice", template)})
            yield Change(key, f"{case['_id']}/{version}", case["_id"], version, wants)


def _size(process: Process) -> Size:
    one = psutil.Process(process.pid)
    return Size(one.memory_info().rss / 1e6, one.num_fds(), 0, 0)
