"""Three RabbitMQ nodes and three members of a replica set on one machine: for what one server cannot show."""

import json
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from dev.ports import HOST, free_port
from dev.processes import Process, StartFailed
from dev.servers import BROKER_SECONDS, MONGOD_SECONDS, Broker, Mongod

NODES = ("one", "two", "three")
SET = "rs0"


class Node(Broker):
    """One node of a cluster; the port mapper belongs to the cluster."""

    def __init__(self, directory: Path, name: str, mapper_port: int, cookie: str) -> None:
        super().__init__(directory / name, free_port(), free_port(), mapper_port)
        self.environment |= {"RABBITMQ_NODENAME": f"{name}@localhost"}
        self.process = Process(f"RabbitMQ {name}", self.command(), self.directory / "rabbitmq.log", self.environment)
        self._cookie = cookie

    def begin(self) -> None:
        """Start it to form or join the cluster; does not wait."""
        self.write_configuration(
            "cluster_formation.peer_discovery_backend = classic_config",
            *(f"cluster_formation.classic_config.nodes.{n} = {name}@localhost" for n, name in enumerate(NODES, 1)),
        )
        cookie = self.directory / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(self._cookie)
            cookie.chmod(0o400)
        self.process.start()

    def stop(self) -> None:
        """Stop the node cleanly, also when it is frozen."""
        self.process.stop(grace=30)


class BrokerCluster:
    """Three nodes; a quorum queue has a member on each."""

    def __init__(self, directory: Path) -> None:
        mapper_port, cookie = free_port(), secrets.token_hex(16)
        self.nodes = [Node(directory, name, mapper_port, cookie) for name in NODES]
        self.uri = ";".join(node.uri for node in self.nodes)
        self._mapper = Process(
            "epmd",
            ["epmd", "-port", str(mapper_port), "-address", HOST],
            directory / "epmd.log",
            self.nodes[0].environment,
        )

    def start(self) -> None:
        """Start and wait until all nodes answer and know each other."""
        for node in self.nodes:
            node.directory.mkdir(parents=True, exist_ok=True)
        self._mapper.start()
        for node in self.nodes:
            node.begin()
        for node in self.nodes:
            node.process.wait_until(node.answers, BROKER_SECONDS)
        self.nodes[0].process.wait_until(lambda: len(self.running()) == len(NODES), BROKER_SECONDS)

    def running(self) -> list[str]:
        """The nodes that run, as the first that answers sees it."""
        status = json.loads(self.first().control("cluster_status", "--formatter", "json"))
        return sorted(name.removesuffix("@localhost") for name in status["running_nodes"])

    def first(self) -> Node:
        """A node that answers; raises `StartFailed` when none does."""
        for node in self.nodes:
            if node.answers():
                return node
        raise StartFailed("no node of the broker answers")

    def queues(self) -> dict[str, int]:
        """Every queue with the number of its messages."""
        return self.first().queues()

    def stop(self) -> None:
        """Stop all nodes and the port mapper."""
        for node in self.nodes:
            node.process.ask_to_stop()
        for node in self.nodes:
            node.stop()
        self._mapper.stop()


class Member(Mongod):
    """One member of a replica set that others are in too."""

    def begin(self) -> None:
        """Start it; does not wait."""
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self.process.start()

    def restart(self) -> None:
        """Start it again with its data; whether it becomes primary is for the set to say."""
        self.stop()
        self.begin()
        with self.client() as client:
            self.process.wait_until(lambda: _answers(client), MONGOD_SECONDS)


class ReplicaSet:
    """Three members with short election timeouts, as three machines in one room have."""

    def __init__(self, directory: Path) -> None:
        self.members = [Member(directory / name, free_port(), testing=True) for name in NODES]
        self.uri = f"mongodb://{','.join(f'{HOST}:{member.port}' for member in self.members)}/?replicaSet={SET}"

    def start(self) -> None:
        """Start all members, make the set, and wait for a primary."""
        for member in self.members:
            member.begin()
        for member in self.members:
            with member.client() as client:
                member.process.wait_until(partial(_answers, client), MONGOD_SECONDS)
        with self.members[0].client() as client:
            client.admin.command("replSetInitiate", self._configuration())
        self.await_primary(MONGOD_SECONDS)

    def _configuration(self) -> dict[str, Any]:
        members = [{"_id": n, "host": f"{HOST}:{member.port}"} for n, member in enumerate(self.members)]
        return {"_id": SET, "members": members, "settings": {"electionTimeoutMillis": 5_000}}

    def await_primary(self, seconds: float, among: Sequence[Member] = ()) -> Member:
        """The member, of all or `among` some, that takes writes, once there is one; else raises `StartFailed`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if primary := next(filter(_is_primary, among or self.members), None):
                return primary
            time.sleep(0.1)
        raise StartFailed("the replica set has no primary")

    def secondaries(self) -> list[Member]:
        """The members that are not primary now."""
        return [member for member in self.members if not _is_primary(member)]

    def step_down(self) -> None:
        """Let the primary give its part to another, in order."""
        with self.await_primary(MONGOD_SECONDS).client() as client:
            client.admin.command("replSetStepDown", 10, secondaryCatchUpPeriodSecs=5)

    @contextmanager
    def without(self, members: list[Member], number: int = signal.SIGSTOP) -> Iterator[None]:
        """Some members frozen, or killed, for a while."""
        for member in members:
            member.process.signal(number)
        try:
            yield
        finally:
            for member in members:
                member.resume() if number == signal.SIGSTOP else member.restart()

    def stop(self) -> None:
        """Stop all members."""
        for member in self.members:
            member.process.ask_to_stop()
        for member in self.members:
            member.stop()


def _answers(client: pymongo.MongoClient[dict[str, Any]]) -> bool:
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _is_primary(member: Member) -> bool:
    if not member.process.alive():
        return False
    try:
        with pymongo.MongoClient[dict[str, Any]](
            HOST, member.port, directConnection=True, serverSelectionTimeoutMS=500, socketTimeoutMS=500
        ) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False
