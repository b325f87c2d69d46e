"""notify as it runs: real processes from the real launcher, a broker, a database, and a neighbour that it asks."""

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import kombu
import pymongo
from cryptography.fernet import Fernet
from nameko.standalone.rpc import ClusterRpcProxy
from pymongo.database import Database

from chassis import topology
from chassis.event import Event
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod
from notify.notice import NOTICES

HERE = Path(__file__).parent
SERVICES = str(Path(__file__).parents[3] / "services")


class Running:
    """Instances of notify, and one of the neighbour."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        self.broker, self.directory = broker, directory
        self.prefix = f"t{uuid.uuid4().hex[:8]}_"
        self.client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(mongod.uri, tz_aware=True)
        self.console_file = directory / "console.jsonl"
        self.environment = {
            "AMQP_URI": broker.uri,
            "MONGO_URI": mongod.uri,
            "DATABASE_PREFIX": self.prefix,
            "PYTHONPATH": SERVICES,
            "GRACE_SECONDS": "4",
            "EVENTLET_NO_GREENDNS": "yes",
            "SECRET_KEY": Fernet.generate_key().decode(),
            "CONSOLE_FILE": str(self.console_file),
            "WEBHOOK_NETWORKS": "127.0.0.0/8,::1/128",
        }
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}

    @property
    def database(self) -> Database[dict[str, Any]]:
        return self.client[f"{self.prefix}notify"]

    def prepare(self) -> None:
        command = [sys.executable, "-m", "chassis", "setup", "notify"]
        subprocess.run(command, env={**os.environ, **self.environment}, check=True, timeout=30)

    def start(self, *names: str) -> None:
        """Start `members` (the neighbour), `notify`, or further instances such as `notify.2`."""
        for name in names:
            self.ports[name] = free_port()
            service = name.partition(".")[0]
            path = SERVICES if service == "notify" else os.pathsep.join([str(HERE / "neighbours"), SERVICES])
            settings = {"PYTHONPATH": path, "INTERNAL_PORT": str(self.ports[name])}
            command = [sys.executable, "-m", "chassis", "run", service]
            log = self.directory / f"{name}.log"
            self.processes[name] = Process(name, command, log, {**self.environment, **settings})
            self.processes[name].start()
        for name in names:
            self.processes[name].wait_until(partial(self.is_ready, name), 30)

    def is_ready(self, name: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def call(self, method: str, **kwargs: Any) -> Any:
        with ClusterRpcProxy({"AMQP_URI": self.broker.uri}, timeout=10) as cluster:
            return getattr(cluster.notify, method)(**kwargs)

    def publish(self, events: Iterable[Event], exchange: str = "cases.events") -> None:
        """Put events on the wire as their publisher would, confirmed: else a closing channel may lose some."""
        with kombu.Connection(self.broker.uri, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer()
            for event in events:
                producer.publish(
                    event.body,
                    exchange=exchange,
                    routing_key=f"{event.type}.{event.key}",
                    headers=cloud_headers(event),
                    content_type="application/json",
                    content_encoding="utf-8",
                    message_id=event.id,
                )

    def garbage(self, body: bytes, key: str) -> None:
        with kombu.Connection(self.broker.uri) as connection:
            connection.Producer().publish(body, exchange="cases.events", routing_key=key, content_encoding="binary")

    def console(self) -> list[dict[str, Any]]:
        if not self.console_file.exists():
            return []
        return [json.loads(line) for line in self.console_file.read_text("utf-8").splitlines()]

    def logs(self) -> str:
        return "".join(path.read_text("utf-8") for path in self.directory.glob("*.log"))

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        self._empty_queues()
        self.client.drop_database(f"{self.prefix}notify")
        self.client.drop_database(f"{self.prefix}members")
        self.client.close()

    def _empty_queues(self) -> None:
        """The broker is shared by the tests of a run; what one of them leaves must not reach the next."""
        queues = [topology.event_queue("notify", type_) for type_ in (*NOTICES, "subscription.disabled")]
        queues += [topology.ordered_queue("notify", "cases"), topology.dead_queue("notify")]
        with kombu.Connection(self.broker.uri) as connection:
            for queue in queues:
                connection.channel().queue_purge(queue)


def cloud_headers(event: Event) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": event.id,
        "ce-source": event.source,
        "ce-type": event.type,
        "ce-subject": event.subject,
        "ce-time": event.time.isoformat(),
        "ce-sequence": str(event.sequence),
    }


def eventually(check: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true answer of `check`; its last answer when the time is up."""
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer
