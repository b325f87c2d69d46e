"""A private mongod on 127.0.0.1, the only member of its replica set."""

import shutil
import stat
import sysconfig
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from dev.ports import HOST, require_free
from dev.processes import Process
from dev.servers.missing import ServerMissing
from dev.servers.server import Server
from dev.servers.tls import Files

MONGOD_SECONDS = 30
ORPHAN_SECONDS = 5
"""How long a transaction whose process died may hold its documents; mongod's default is 60 s."""
HISTORY_SECONDS = 5
"""How long mongod keeps what is gone, for reads of the past, which nobody here makes; its default is 300 s."""
ALREADY_INITIALIZED = 23


class Mongod(Server):
    """One mongod as the only member of the replica set rs0."""

    def __init__(
        self, directory: Path, port: int, cache_gb: float = 0.25, *, testing: bool = False, tls: Files | None = None
    ) -> None:
        """`cache_gb` bounds the storage cache in GB (at least 0.25); `testing` allows failpoints, `tls` is TLS."""
        self.directory = directory.resolve()
        self.port = port
        self._tls = tls
        self.uri = f"mongodb://{HOST}:{port}/?{urlencode({'replicaSet': 'rs0', **self._shown()})}"
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
        } | _served(self._tls)
        pairs = [word for option in options.items() for word in option]
        parameters = [word for each in self._parameters for word in ("--setParameter", each)]
        anybody = ["--tlsAllowConnectionsWithoutCertificates"] if self._tls and not self._tls.asks_for_one else []
        return [str(_mongod_program()), *pairs, *parameters, *anybody, "--nounixsocket", "--quiet"]

    def _shown(self) -> dict[str, str]:
        """What a client names of TLS in an address."""
        if self._tls is None:
            return {}
        own = {"tlsCertificateKeyFile": str(self._tls.chain)} if self._tls.asks_for_one else {}
        return {"tls": "true", "tlsCAFile": str(self._tls.authority), **own}

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
        address = f"mongodb://{HOST}:{self.port}/?{urlencode({'directConnection': 'true', **self._shown()})}"
        return pymongo.MongoClient(address, serverSelectionTimeoutMS=2_000, tz_aware=True)

    def stop(self) -> None:
        """Stop cleanly."""
        self.process.stop(grace=30)

    def restart(self) -> None:
        """Start it again with its data, after `kill` or in place of `stop` and `start`."""
        self.stop()
        self._boot()

    def memory(self) -> int:
        """Resident bytes."""
        return self.process.memory()


def _served(tls: Files | None) -> dict[str, str]:
    """What a mongod is told of TLS."""
    if tls is None:
        return {}
    return {"--tlsMode": "requireTLS", "--tlsCertificateKeyFile": str(tls.chain), "--tlsCAFile": str(tls.authority)}


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


def _is_primary(client: pymongo.MongoClient[dict[str, Any]]) -> bool:
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False
