"""A private RabbitMQ node and a private mongod on 127.0.0.1, for development and tests.

They keep everything in a directory of their own and need no root; a production broker and database are
set up in docker-compose.yml instead. The mongod 6.0.5 that comes in a wheel has CVE-2025-14847 (message
compression), hence no compressors and no listener but 127.0.0.1.
"""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from dev.ports import require_free
from dev.processes import Process, StartFailed

HOST = "127.0.0.1"
BROKER_SECONDS = 60
MONGOD_SECONDS = 30
ORPHAN_SECONDS = 5
"""How long a transaction whose process died may hold its documents; mongod's default is 60 s."""
HISTORY_SECONDS = 5
"""How long mongod keeps what is gone, for reads of the past, which nobody here makes; its default is 300 s."""


class ServerMissing(Exception):
    """The program of a server is not installed; the message says what to install."""


class Broker:
    """One RabbitMQ node with its own directories, cookie, home and port mapper (epmd)."""

    def __init__(self, directory: Path, port: int, distribution_port: int, mapper_port: int) -> None:
        self.directory = directory.resolve()
        self.port = port
        self.uri = f"amqp://guest:guest@{HOST}:{port}//"
        self.ports = {
            "RabbitMQ": port,
            "RabbitMQ's Erlang distribution": distribution_port,
            "RabbitMQ's epmd": mapper_port,
        }
        self.environment = _broker_environment(self.directory, distribution_port, mapper_port)
        self._mapper = Process(
            "epmd",
            ["epmd", "-port", str(mapper_port), "-address", HOST],
            self.directory / "epmd.log",
            self.environment,
        )
        self.process = Process("RabbitMQ", self.command(), self.directory / "rabbitmq.log", self.environment)

    def command(self) -> list[str]:
        """What starts a node."""
        return [str(_rabbitmq_server()), "-noinput"]

    def start(self, advice: str = "") -> None:
        """Start and wait until AMQP is answered; `advice` says how to choose another port if one is taken."""
        require_free(self.ports, advice)
        self.write_configuration()
        self._boot()

    def write_configuration(self, *more: str) -> None:
        """Write the node's files anew; `more` are further lines of its configuration."""
        self.directory.mkdir(parents=True, exist_ok=True)
        lines = [
            f"listeners.tcp.1 = {HOST}:{self.port}",
            "vm_memory_high_watermark.absolute = 512MB",
            "disk_free_limit.absolute = 200MB",
            "log.console.level = warning",
            *more,
        ]
        (self.directory / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.directory / "enabled_plugins").write_text("[].\n")
        (self.directory / "rabbitmq-env.conf").touch()

    def _boot(self) -> None:
        if not self._mapper.alive():
            self._mapper.start()
        self.process.start()
        self.process.wait_until(self.answers, BROKER_SECONDS)

    def answers(self) -> bool:
        """Whether an AMQP handshake begins."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the node and its port mapper cleanly."""
        self.process.stop(grace=30)
        self._mapper.stop()

    def kill(self) -> None:
        """SIGKILL the node, as a power cut would; the port mapper stays for the restart.

        RabbitMQ 3.10 forgets quorum queues that were declared in the last seconds before that.
        """
        self.process.kill()

    def pause(self) -> None:
        """Freeze the node: connections stay open and nothing answers."""
        self.process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen node go on."""
        self.process.signal(signal.SIGCONT)

    def restart(self) -> None:
        """Start the node again with its data, after `kill` or in place of `stop` and `start`."""
        self.process.stop(grace=30)
        self._boot()

    def queues(self) -> dict[str, int]:
        """Every queue of the default virtual host, with the number of its messages, ready or given out."""
        rows = (
            line.split("\t")
            for line in self.control("list_queues", "--no-table-headers", "name", "messages").splitlines()
        )
        return {name: int(number) for name, number in rows}

    def control(self, *words: str) -> str:
        """What rabbitmqctl answers; raises `subprocess.CalledProcessError` when it refuses."""
        program = _rabbitmq_server().with_name("rabbitmqctl")
        done = subprocess.run(
            [str(program), "--quiet", *words],
            env=os.environ | self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def memory(self) -> int:
        """Resident bytes of the node and its port mapper."""
        return self.process.memory() + self._mapper.memory()


class Mongod:
    """One mongod as the only member of the replica set rs0."""

    def __init__(self, directory: Path, port: int, cache_gb: float = 0.25, *, testing: bool = False) -> None:
        """`cache_gb` bounds the storage cache in GB (at least 0.25); `testing` allows failpoints."""
        self.directory = directory.resolve()
        self.port = port
        self.uri = f"mongodb://{HOST}:{port}/?replicaSet=rs0"
        self._parameters = [
            "diagnosticDataCollectionEnabled=false",
            f"transactionLifetimeLimitSeconds={ORPHAN_SECONDS}",
            f"minSnapshotHistoryWindowInSeconds={HISTORY_SECONDS}",
        ]
        self._parameters += ["enableTestCommands=1"] if testing else []
        self.process = Process("mongod", self._command(cache_gb), self.directory / "mongod.log")

    def _command(self, cache_gb: float) -> list[str]:
        options = {
            "--dbpath": str(self.directory / "data"),
            "--port": str(self.port),
            "--bind_ip": HOST,
            "--replSet": "rs0",
            "--oplogSize": "256",
            "--wiredTigerCacheSizeGB": str(cache_gb),
            "--networkMessageCompressors": "disabled",
        }
        pairs = [word for option in options.items() for word in option]
        parameters = [word for each in self._parameters for word in ("--setParameter", each)]
        return [str(_mongod_program()), *pairs, *parameters, "--nounixsocket", "--quiet"]

    def start(self, advice: str = "") -> None:
        """Start and wait until it takes writes; `advice` says how to choose another port if it is taken."""
        require_free({"MongoDB": self.port}, advice)
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self._boot()

    def _boot(self) -> None:
        self.process.start()
        with self.client() as client:
            self.process.wait_until(lambda: _answers(client), MONGOD_SECONDS)
            _form_set(client, f"{HOST}:{self.port}")
            self.process.wait_until(lambda: _is_primary(client), MONGOD_SECONDS)

    def client(self) -> pymongo.MongoClient[dict[str, Any]]:
        """A client of this one member, whatever state its set is in."""
        return pymongo.MongoClient(
            HOST, self.port, directConnection=True, serverSelectionTimeoutMS=2_000, tz_aware=True
        )

    def stop(self) -> None:
        """Stop cleanly."""
        self.process.stop(grace=30)

    def kill(self) -> None:
        """SIGKILL it, as a power cut would."""
        self.process.kill()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self.process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen mongod go on."""
        self.process.signal(signal.SIGCONT)

    def restart(self) -> None:
        """Start it again with its data, after `kill` or in place of `stop` and `start`."""
        self.stop()
        self._boot()

    def memory(self) -> int:
        """Resident bytes."""
        return self.process.memory()


def _broker_environment(directory: Path, distribution: int, mapper: int) -> dict[str, str]:
    return {
        "HOME": str(directory),
        "ERL_CRASH_DUMP": str(directory / "erl_crash.dump"),
        "RABBITMQ_NODENAME": "sandan@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(directory / "data"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
        "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(directory / "config"),
        # Replaces the shell that would stay as the node's parent, so that the process is the node.
        "RABBITMQ_ALLOW_INPUT": "true",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 16",
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": HOST,
        # An epmd that Erlang starts is a daemon, which nobody would stop; this holds for rabbitmqctl too.
        "ERL_FLAGS": "-start_epmd false",
        "NOTIFY_SOCKET": "",
    }


def _rabbitmq_server() -> Path:
    """The package's own script: the one on the PATH switches to the system's user."""
    places = [os.environ.get("RABBITMQ_SERVER", ""), "/usr/lib/rabbitmq/bin/rabbitmq-server"]
    places += [
        "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
        "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
    ]
    for place in filter(None, places):
        if Path(place).exists():
            return Path(place)
    raise ServerMissing("RabbitMQ is missing: install rabbitmq-server, or set AMQP_URI to a running one.")


def _mongod_program() -> Path:
    """The mongod of the wheel in this environment, else the one on the PATH."""
    packaged = Path(sysconfig.get_path("purelib")) / "fiftyone/db/bin/mongod"
    if packaged.exists():
        packaged.chmod(packaged.stat().st_mode | stat.S_IXUSR)
        return packaged
    if found := shutil.which("mongod"):
        return Path(found)
    raise ServerMissing("There is no mongod for this platform: install one, or set MONGO_URI to a running one.")


def _answers(client: pymongo.MongoClient[dict[str, Any]]) -> bool:
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _form_set(client: pymongo.MongoClient[dict[str, Any]], address: str) -> None:
    """Make the set on first start; when the port has changed since, tell the set its member's new one."""
    member = {"_id": 0, "host": address}
    try:
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": [member]})
    except OperationFailure as refusal:
        if refusal.code != ALREADY_INITIALIZED:
            raise
        _move_set(client, member)


def _move_set(client: pymongo.MongoClient[dict[str, Any]], member: dict[str, Any]) -> None:
    config = client.local["system.replset"].find_one()
    if config and config["members"][0]["host"] != member["host"]:
        moved = config | {"members": [config["members"][0] | member], "version": config["version"] + 1}
        client.admin.command("replSetReconfig", moved, force=True)


ALREADY_INITIALIZED = 23


def _is_primary(client: pymongo.MongoClient[dict[str, Any]]) -> bool:
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


__all__ = ["Broker", "Mongod", "ServerMissing", "StartFailed"]
