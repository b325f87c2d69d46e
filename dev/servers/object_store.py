"""A private S3 store on 127.0.0.1: SeaweedFS in one process, for tests of photos in a bucket."""

import io
import json
import shutil
import sysconfig
from pathlib import Path
from typing import Any

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from dev.ports import HOST, require_free
from dev.processes import Process
from dev.servers.missing import ServerMissing
from dev.servers.server import Server
from dev.servers.tls import Files

STORE_SECONDS = 60
ACCESS_KEY, SECRET_KEY = "sandan", "the secret of one machine"
REGION = "us-east-1"
MAKER = ("maker", "the secret of who makes buckets")
RIGHTS = ["Read", "Write", "List"]
"""What cases may do: it reads, writes, removes and lists objects, and makes no bucket."""

READY = "ready"
"""A bucket that is there from the start."""

PARTS = ("master", "volume", "filer", "s3")
"""The servers in the one process; each listens at a port of its own, and at another for the others (gRPC)."""

SMALLEST_PART = 5 * 1024 * 1024
SOCKETS = Path("/tmp")  # noqa: S108 - SeaweedFS has no setting for it
FEW_FILES = {f"WEED_MASTER_VOLUME_GROWTH_COPY_{n}": "1" for n in (1, 2, 3, "OTHER")}
"""A bucket begins with one file, where it would have seven in case that many write at once."""


class ObjectStore(Server):
    """One SeaweedFS that keeps objects in a directory of its own; cases is a user with no more rights than it needs."""

    def __init__(self, directory: Path, ports: list[int], tls: Files | None = None) -> None:
        """`ports` are nine that are free; `tls` is for a second endpoint, `https://…`, beside the one without."""
        self.directory, self.tls = directory.resolve(), tls
        *ports, secure = ports
        self._ports = {
            name: port
            for part, pair in zip(PARTS, zip(ports[::2], ports[1::2], strict=True), strict=True)
            for name, port in ((f"{part}.port", pair[0]), (f"{part}.port.grpc", pair[1]))
        }
        if tls:
            self._ports["s3.port.https"] = secure
        self.endpoint = f"http://{HOST}:{self._ports['s3.port']}"
        self.secure_endpoint = f"https://{HOST}:{secure}"
        self.process = Process("SeaweedFS", self._command(), self.directory / "weed.log", FEW_FILES)

    def _command(self) -> list[str]:
        options: dict[str, Any] = {
            "ip": HOST,
            "ip.bind": HOST,
            "dir": self.directory / "data",
            "filer": "true",
            "s3": "true",
            "s3.iam": "false",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.config": self.directory / "users.json",
            "master.volumeSizeLimitMB": 64,
            "master.telemetry": "false",
            "master.electionTimeout": "1s",
            "master.raftHashicorp": "true",
            "volume.max": 500,
            **({"s3.cert.file": self.tls.chain, "s3.key.file": self.tls.chain} if self.tls else {}),
            **self._ports,
        }
        return [str(_weed()), "-logtostderr=true", "server", *(f"-{name}={value}" for name, value in options.items())]

    def start(self, advice: str = "") -> None:
        """Start and wait until it takes objects; `advice` says how to choose another port if one is taken."""
        require_free({f"SeaweedFS's {name}": port for name, port in self._ports.items()}, advice)
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        users = [_user(*MAKER, ["Admin"]), _user(ACCESS_KEY, SECRET_KEY, RIGHTS)]
        (self.directory / "users.json").write_text(json.dumps({"identities": users}))
        self.process.start()
        self.process.wait_until(self.answers, STORE_SECONDS)

    def settings(self, bucket: str) -> dict[str, str]:
        """What cases is told so that it keeps photos in this bucket, under TLS where there is some."""
        trust = {"PHOTO_S3_CA_FILE": str(self.tls.authority)} if self.tls else {}
        return trust | {
            "PHOTO_S3_ENDPOINT": self.secure_endpoint if self.tls else self.endpoint,
            "PHOTO_S3_BUCKET": bucket,
            "PHOTO_S3_ACCESS_KEY": ACCESS_KEY,
            "PHOTO_S3_SECRET_KEY": SECRET_KEY,
        }

    def answers(self) -> bool:
        """Whether it keeps an object."""
        try:
            self.make_bucket(READY)
            self.keep(READY, READY, b"ready")
        except (MinioException, HTTPError, OSError):
            return False
        return True

    def keep(self, bucket: str, name: str, content: bytes) -> None:
        """Put an object there, of whatever size, in one request."""
        data, whole = io.BytesIO(content), max(len(content), SMALLEST_PART)
        self._client().put_object(bucket, name, data, len(content), part_size=whole)

    def make_bucket(self, name: str) -> None:
        """A bucket of that name, unless it is there."""
        client = self._client()
        if not client.bucket_exists(bucket_name=name):
            client.make_bucket(bucket_name=name)

    def stop(self) -> None:
        """End it at once, for asked to it takes its time, and remove what it leaves in the folder of all."""
        self.kill()
        for name, port in self._ports.items():
            part = name.partition(".")[0]
            for socket in (f"seaweedfs-{part}-grpc-{port}.sock", f"seaweedfs-{part}-{port}.sock"):
                (SOCKETS / socket).unlink(missing_ok=True)

    def _client(self) -> Minio:
        """A client of who makes buckets, which waits for nothing long."""
        http = PoolManager(timeout=Timeout(30), retries=Retry(total=0))
        user, secret = MAKER
        return Minio(
            endpoint=self.endpoint.partition("://")[2],
            access_key=user,
            secret_key=secret,
            region=REGION,
            secure=False,
            http_client=http,
        )


def _user(name: str, secret: str, rights: list[str]) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": name, "secretKey": secret}], "actions": rights}


def _weed() -> Path:
    """The weed of the wheel in this environment, else the one on the PATH."""
    packaged = Path(sysconfig.get_path("scripts")) / "weed"
    found = packaged if packaged.exists() else shutil.which("weed")
    if not found:
        raise ServerMissing("There is no SeaweedFS for this platform: install one, so that weed is on the PATH.")
    return Path(found)
