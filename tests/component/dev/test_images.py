"""Each image holds all that its process needs: it is started from just the folders that its Dockerfile copies."""

import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.layout import ROOT, Layout
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod
from dev.suite import Suite, run_all
from tests.conftest import private_broker, started

IMAGES = {name: ROOT / f"services/{name}/Dockerfile" for name in ("cases", "members", "notify")}
IMAGES["gateway"] = ROOT / "gateway/Dockerfile"


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own, since the queues that are set up here would go on filling."""
    yield from started(private_broker(tmp_path_factory.mktemp("rabbitmq")))


def unpack(dockerfile: Path, app: Path) -> None:
    """What the Dockerfile copies into /app."""
    for source, target in re.findall(r"^COPY ((?:services|gateway)\S*) (\S+)$", dockerfile.read_text(), re.MULTILINE):
        shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))


def answers(port: int) -> bool:
    """Whether the process says that it lives."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("name", IMAGES)
def test_a_process_lives_on_what_its_image_has(name: str, own_broker: Broker, mongod: Mongod, tmp_path: Path) -> None:
    unpack(IMAGES[name], tmp_path / "app")
    port = free_port()
    settings = Suite(tmp_path, Layout(), own_broker.uri, mongod.uri).environment | {
        "PYTHONPATH": str(tmp_path / "app"),
        "DATABASE_PREFIX": "image_",
        "INTERNAL_PORT": str(port),
        "GATEWAY_PORT": str(free_port()),
    }
    chassis = [sys.executable, "-m", "chassis"]
    run_all([Process("setup", [*chassis, "setup", name], tmp_path / "setup.log", settings)])
    process = Process(name, [*chassis, "run", name], tmp_path / "run.log", settings)
    try:
        process.start()
        process.wait_until(lambda: answers(port), 30)
    finally:
        process.stop()
