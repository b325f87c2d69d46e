"""members as it runs: real processes from the real launcher, a broker and a database."""

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kombu
import pymongo
from cryptography.fernet import Fernet
from nameko.standalone.rpc import ClusterRpcProxy

from chassis import topology
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod

SERVICES = str(Path(__file__).parents[3] / "services")


class Running:
    """Instances of members over one database of its own."""

    password = "a password for tests"

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        self.broker, self.directory = broker, directory
        self.prefix = f"t{uuid.uuid4().hex[:8]}_"
        self.client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(mongod.uri, tz_aware=True)
        self.environment = {
            "AMQP_URI": broker.uri,
            "MONGO_URI": mongod.uri,
            "DATABASE_PREFIX": self.prefix,
            "PYTHONPATH": SERVICES,
            "GRACE_SECONDS": "4",
            "EVENTLET_NO_GREENDNS": "yes",
            "PERSON_KEY": Fernet.generate_key().decode(),
            "CODE_KEY": "a key for tests",
            "DEMO": "true",
            "DEMO_PASSWORD": self.password,
        }
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}

    def module(self, *arguments: str) -> str:
        """What `python -m …` says, run to its end."""
        ran = subprocess.run(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **self.environment},
            check=True,
            timeout=60,
            capture_output=True,
            text=True,
        )
        return ran.stdout

    def start(self, name: str, **settings: str) -> None:
        self.ports[name] = free_port()
        environment = {**self.environment, **settings, "INTERNAL_PORT": str(self.ports[name])}
        command = [sys.executable, "-m", "chassis", "run", "members"]
        self.processes[name] = Process(name, command, self.directory / f"{name}.log", environment)
        self.processes[name].start()

    def wait_ready(self, name: str) -> None:
        self.processes[name].wait_until(lambda: self.is_ready(name), 30)

    def is_ready(self, name: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def call(self, method: str, **kwargs: Any) -> Any:
        with ClusterRpcProxy({"AMQP_URI": self.broker.uri}, timeout=10) as cluster:
            return getattr(cluster.members, method)(**kwargs)

    def publish(self, sample: dict[str, Any]) -> None:
        """Put an event of cases on the wire as its publisher would."""
        headers = {f"ce-{name}": str(value) for name, value in sample.items() if name != "data"}
        with kombu.Connection(self.broker.uri, transport_options={"confirm_publish": True}) as connection:
            connection.Producer().publish(
                json.dumps(sample["data"]).encode(),
                exchange="cases.events",
                routing_key=f"{sample['type']}.360704100002001.0101",
                headers=headers,
                content_type="application/json",
                content_encoding="utf-8",
                message_id=sample["id"],
            )

    def places(self) -> int:
        """How many grids, compounds and units there are."""
        kept = self.client[f"{self.prefix}members"]
        return sum(kept[name].estimated_document_count() for name in ("grids", "compounds", "units"))

    def logs(self) -> str:
        return "".join(path.read_text("utf-8") for path in self.directory.glob("*.log"))

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        self.client.drop_database(f"{self.prefix}members")
        self.client.close()


class Listener:
    """A queue with everything that members publishes, from now on."""

    def __init__(self, broker: Broker) -> None:
        self.connection = kombu.Connection(broker.uri)
        self.channel = self.connection.channel()
        exchange = kombu.Exchange(topology.events_exchange("members"), "topic", durable=True)
        self.queue = kombu.Queue(f"listener-{uuid.uuid4().hex}", exchange, "#", exclusive=True, durable=False)
        self.queue(self.channel).declare()

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """Subject and data of what has come since it was asked last."""
        found = []
        while message := self.queue(self.channel).get(no_ack=True):
            found.append((str(message.headers["ce-subject"]), json.loads(message.body)))
        return found

    def close(self) -> None:
        self.connection.close()


def eventually(check: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true answer of `check`; its last answer when the time is up."""
    end = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer
