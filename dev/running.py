"""What the other tools know of the suite that `make run` has started from this directory.

`python -m dev.running` removes its data, unless it runs.
"""

import fcntl
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from dev import secrets
from dev.layout import ROOT

LOCAL = ROOT / ".local"
ANNOUNCED = LOCAL / "running.json"


class AlreadyRunning(Exception):
    """A suite runs from this directory, and two cannot share its data."""


class NotRunning(Exception):
    """No suite has been started from this directory; the message says how to."""


@dataclass(frozen=True)
class Running:
    """Where a running suite answers, and where it keeps what."""

    url: str
    amqp_uri: str
    mongo_uri: str

    @property
    def console_file(self) -> Path:
        """The messages to demo persons, one JSON object a line."""
        return LOCAL / "console.jsonl"

    @property
    def demo_password(self) -> str:
        """The password of the demo staff."""
        return secrets.read(LOCAL / "secrets.env")["DEMO_PASSWORD"]

    @property
    def demo_api_key(self) -> str:
        """The secret of the demo's key for Open311."""
        return secrets.read(LOCAL / "secrets.env")["DEMO_API_KEY"]


@contextmanager
def alone() -> Iterator[None]:
    """Hold this directory's lock; raises `AlreadyRunning` if somebody else does."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as lock:
        if not _taken(lock):
            raise AlreadyRunning("A suite already runs from this directory: stop it first.")
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def announced(url: str, amqp_uri: str, mongo_uri: str) -> Iterator[None]:
    """Let the other tools find the suite while it runs."""
    ANNOUNCED.touch(mode=0o600)
    ANNOUNCED.write_text(json.dumps(asdict(Running(url, amqp_uri, mongo_uri))))
    try:
        yield
    finally:
        ANNOUNCED.unlink(missing_ok=True)


def find() -> Running:
    """The suite that runs from this directory; raises `NotRunning` when there is none."""
    if not ANNOUNCED.exists() or _abandoned():
        raise NotRunning("No suite runs from this directory: start it with make run.")
    return Running(**json.loads(ANNOUNCED.read_text()))


def _abandoned() -> bool:
    """Whether whoever announced it has gone without a word."""
    with (LOCAL / "lock").open("w") as lock:
        return _taken(lock)


def clean() -> bool:
    """Remove the data of `make run`, and say whether there was any; raises `AlreadyRunning` while it is in use."""
    if not LOCAL.exists():
        return False
    with alone():
        shutil.rmtree(LOCAL)
    return True


if __name__ == "__main__":
    try:
        print("✓ .local removed" if clean() else "✓ nothing to remove: there is no .local")
    except AlreadyRunning as error:
        sys.exit(str(error))
