"""Sandan under test: two instances of each process, and partners who follow cases in each of the three ways."""

import os
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
import requests

from dev.client import Client
from dev.layout import ROOT, SERVICES
from dev.processes import Process
from dev.suite import READY_SECONDS, STOP_SECONDS, all_relayed, run_all
from tests.certificates import Authority
from tests.chaos.hand import ANSWER_SECONDS, Hand, command_of, token_of
from tests.chaos.load import Caller
from tests.chaos.matters import REPORTER, WORKER
from tests.chaos.partners.cast import BY_NAME, EVERYTHING, HOST, INSIDE, NETWORKS, cast, lead
from tests.chaos.partners.company import Company
from tests.chaos.partners.hook import Hook
from tests.chaos.partners.wish import Happened, happened
from tests.chaos.reading import PARTNER, Change, Effect, Letter, Reading, Sent, Size
from tests.chaos.servers import Servers
from tests.component.notify.receiver import Receiver
from tests.e2e.cast import signed_in
from tests.e2e.staged import ClockedSuite

NOTICES = {
    "case.reported": {f"{REPORTER}:reported"},
    "case.registered": {f"{REPORTER}:registered"},
    "case.dispatched": {f"{REPORTER}:dispatched", f"{WORKER}:assigned"},
    "case.noted": set(),
}
"""Whom each event tells what, of all that the load can cause."""
ENGAGING = "case.dispatched"
OPTIONS = {
    "ACCESS_SECONDS": "86400",
    "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("tests/chaos/believing", "services", ".")),
    "WEBHOOK_NETWORKS": NETWORKS,
}
PEOPLE = ("resident", "dispatcher", "admin", "unit_contact")


class Sandan(ClockedSuite):
    """The suite, on servers given by their addresses."""

    name = "sandan"
    moves: tuple[str, ...] = ("register", "note", "dispatch")
    settles_in = 45.0
    event_queues: tuple[str, ...] = ("notify:case.reported", "notify:case.registered", "notify:cases.all")
    request_queue = "rpc-cases"

    def __init__(self, directory: Path, servers: Servers) -> None:
        instances = dict.fromkeys(SERVICES, 4) | {"gateway": 2}
        self.names_file = directory / "names.json"
        lead(self.names_file, HOST)
        self.authority = Authority(directory)
        trusted = {"NAMES_FILE": str(self.names_file), "SSL_CERT_FILE": str(self.authority.file)}
        options = OPTIONS | trusted | dict(servers.partner_settings)
        super().__init__(directory, servers.amqp_uri, servers.mongo_uri, instances, options)
        self.spares: Mapping[str, tuple[str, ...]] = {service: (f"{service}.3", f"{service}.4") for service in SERVICES}
        for name in (spare for names in self.spares.values() for spare in names):
            del self.processes[name]
        self.people: dict[str, Client] = {}
        self._broker_ports = servers.partner_ports
        self._turn = 0

    def start(self, *names: str, advice: str = "") -> None:
        """Set up, start, sign people in, and subscribe the partners."""
        self.prepare(told=lambda _: None)
        super().start(*names, advice=advice)
        self.people = {name: signed_in(self, name) for name in PEOPLE}
        self.partners.join(*cast(self.authority, self.client_of, self._broker_ports))
        self.inside.start()

    @cached_property
    def partners(self) -> Company:
        """Who follows cases."""
        return Company(self.database("notify"), lambda who: self.people[who], self._until)

    @cached_property
    def inside(self) -> Receiver:
        """What listens beside a partner, at an address that is none."""
        return Receiver(address=(INSIDE, self.partners.hook(BY_NAME).port))

    @property
    def partner(self) -> Hook:
        """The one who follows everything."""
        return self.partners.hook(EVERYTHING)

    def client_of(self, who: str) -> Client:
        """A new client of somebody who has signed in."""
        return Client(self.url, token_of(self.people[who]), ANSWER_SECONDS)

    def _until(self, check: Any, seconds: float) -> None:
        self.processes["gateway.1"].wait_until(check, seconds)

    def stop(self) -> None:
        """End every process and the partners."""
        super().stop()
        self.partners.stop()
        if "inside" in vars(self):
            self.inside.stop()

    def caller(self) -> Caller:
        """A client that goes to the gateways by turns."""
        self._turn += 1
        urls = self.public_urls()
        return Hand(urls[self._turn % len(urls)], self.people)

    def instances(self, service: str) -> list[str]:
        """The processes of a service."""
        return [name for name in self.processes if name.startswith(f"{service}.")]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """SIGKILL one, if it is not dead already."""
        if self.alive(name):
            super().kill(name, number)

    def begin(self, instance: str, settings: Mapping[str, str] | None = None) -> None:
        """Start one anew, with settings of its own, or a spare one; does not wait."""
        if instance in self.processes:
            self.processes[instance].stop()
        command, port = self.layout.commands()[instance]
        self.processes[instance] = self._process(instance, command, port, settings)
        self.processes[instance].start()

    def retire(self, instance: str) -> int | None:
        """SIGTERM one and do without it: its exit code, None when it had to be killed."""
        process = self.processes.pop(instance)
        process.stop(STOP_SECONDS)
        code = process.wait(1)
        return None if code == -signal.SIGKILL else code

    def revive(self) -> None:
        """Start whatever has ended, and wait until all is ready."""
        for name, process in self.processes.items():
            if not process.alive():
                self.begin(name)
        self._until(lambda: all(map(self.instance_ready, self.processes)), READY_SECONDS)

    def alive(self, instance: str) -> bool:
        """Whether one runs."""
        return self.processes[instance].alive()

    def dead(self) -> list[str]:
        """The processes that have ended."""
        return [name for name in self.processes if not self.alive(name)]

    def ready(self) -> bool:
        """Whether each process is ready and nothing waits to be published."""
        up = all(map(self.instance_ready, self.processes)) and all_relayed(self._checker)
        return up and not any(_metrics(self.internal_url(name)).get("sandan_queues_behind") for name in self.processes)

    def read(self, sent: Iterable[Sent], poisons: Iterable[Letter]) -> Reading:
        """What databases and partner hold."""
        owed = self.partners.owed()  # before what has come: what waited may come meanwhile
        cases = list(self.database("cases")["cases"].find({}, {"version": 1, "relayed": 1, "history": 1}))
        entries = [(case, entry) for case in cases for entry in case["history"]]
        by_version = {(case["_id"], entry["n"]): entry["id"] for case, entry in entries}
        said = list(sent)
        log = self.partners.log()
        return Reading(
            sent=tuple(said),
            changes=tuple(self._changes(cases, said, log)),
            versions={case["_id"]: case["version"] for case in cases},
            effects=(*self._notices(), *_logged(log), *self._engagements(by_version), *self.partners.effects()),
            order={
                "event log": tuple((row["case_id"], row["sequence"]) for row in log),
                **self.partners.order(log),
            },
            parked=tuple(self._letters()),
            poisons=tuple(poisons),
            unrelayed=frozenset(entry["id"] for case, entry in entries if entry["n"] > case["relayed"]),
            owed=owed,
            reached=self.partners.reached(),
            unsigned=tuple(self.partners.unsigned()),
            after_disabled=tuple(self.partners.late()),
            revealed=tuple(self.partners.revealing((REPORTER, WORKER))),
            inside=tuple(got.path for got in self.inside.got),
            down=tuple(self._down()),
        )

    def _changes(self, cases: Iterable[Mapping[str, Any]], sent: Iterable[Sent], log: Any) -> Iterator[Change]:
        keys = {command_of(each): each.key for each in sent}
        unowed, wanting = self.partners.unowed(log), self.partners.wanting()
        for case in cases:
            for entry, event in zip(case["history"], happened(case["history"]), strict=True):
                may = self.partners.may(event)
                to = {(PARTNER, name) for name in may & wanting if (event.event, name) not in unowed}
                wants = frozenset(_effects_of(event) | to)
                yield Change(
                    keys.get(entry["command"], entry["command"]), event.event, case["_id"], entry["n"], wants, may
                )

    def _notices(self) -> Iterator[Effect]:
        for row in self.database("notify")["notices"].find({"case_id": {"$ne": None}}):
            yield Effect("tell", row["event_id"], f"{row['recipient']}:{row['template']}")

    def _engagements(self, by_version: Mapping[tuple[str, int], str]) -> Iterator[Effect]:
        for row in self.database("members")["engagements"].find():
            event = by_version.get((row["_id"], row["sequence"]))
            if event is not None:  # the demo data has engagements of cases that are not there
                yield Effect("note_engagement", event)

    def _letters(self) -> Iterator[Letter]:
        for service in SERVICES:
            for row in self.database(service)["dead_letters"].find({"state": "parked"}):
                yield Letter(row["queue"], row["properties"].get("message_id") or "?")

    def _down(self) -> Iterator[str]:
        for name, process in self.processes.items():
            if not process.alive():
                yield f"{name} has ended"
            elif not self.instance_ready(name):
                yield f"{name} is not ready"

    listeners: tuple[str, ...] = ("notify", "members")

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Freeze whoever publishes events of cases."""
        publishers = [self.processes[name] for name in self.instances("cases")]
        for process in publishers:
            process.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in publishers:
                process.signal(signal.SIGCONT)

    def come_back(self, instances: Iterable[str]) -> None:
        """Start listeners whose queues are gone, after their setup; until that is done nothing is published."""
        with self.silence():
            run_all([self._python(f"setup-{name}", "chassis", "setup", name) for name in self.listeners])
        for name in instances:
            self.begin(name)
        self.revive()

    def asks(self) -> bool:
        """Whether notify answers a request of the resident, for the inbox."""
        return self.people["resident"].get("/v1/inbox").ok

    def copies(self) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
        """One event that has happened, as queue, body and properties of the message that brought it there."""
        row = self.database("notify")["event_log"].find_one({"type": "case.reported"}) or {}
        headers = {
            "ce-specversion": "1.0",
            "ce-time": row["time"].isoformat(),
            "ce-sequence": str(row["sequence"]),
            **{f"ce-{name}": row[name] for name in ("id", "type", "source", "subject")},
        }
        properties = {"message_id": row["id"], "content_type": "application/json", "headers": headers}
        for queue in ("notify:case.reported", "notify:cases.all"):
            yield queue, bytes(row["body"]), properties

    def sizes(self) -> dict[str, Size]:
        """How big each process is, as far as it tells."""
        with self.partners.still():
            return {name: _size(process, self.internal_url(name)) for name, process in self.processes.items()}

    def internal_url(self, name: str) -> str:
        """Where a process answers health and metrics: the gateway's internal port is beside its public one."""
        return f"http://127.0.0.1:{self.layout.commands()[name][1] + (50 if name.startswith('gateway') else 0)}"

    def public_urls(self) -> list[str]:
        """Where the gateways answer."""
        return [f"http://127.0.0.1:{self.layout.commands()[name][1]}" for name in self.instances("gateway")]


def _effects_of(event: Happened) -> set[tuple[str, str]]:
    """The effects within the suite."""
    engaging = {("note_engagement", "")} if event.type == ENGAGING else set()
    return {("tell", part) for part in NOTICES[event.type]} | {("keep_event", "")} | engaging


def _logged(log: Iterable[Mapping[str, Any]]) -> Iterator[Effect]:
    yield from (Effect("keep_event", row["id"]) for row in log)


def _size(process: Process, url: str) -> Size:
    one = psutil.Process(process.pid)
    counted = _metrics(url)
    return Size(
        one.memory_info().rss / 1e6,
        one.num_fds(),
        int(counted.get("sandan_threads", 0)),
        int(counted.get("sandan_rpc_waiting", 0)),
    )


def _metrics(url: str) -> dict[str, float]:
    try:
        text = requests.get(f"{url}/metrics", timeout=5).text
    except requests.RequestException:
        return {}
    return {name: float(value) for name, value in re.findall(r"^(sandan_\w+) (\S+)$", text, re.MULTILINE)}
