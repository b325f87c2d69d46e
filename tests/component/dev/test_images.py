"""Each image holds all that its process needs: it is started from just the folders that its Dockerfile copies."""

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.layout import ROOT, SERVICES, Layout
from dev.ports import free_port
from dev.processes import Process
from dev.servers import Broker, Mongod
from dev.suite import Suite, run_all
from tests.conftest import private_broker, started

IMAGES = dict.fromkeys(SERVICES, ROOT / "services/Dockerfile") | {"gateway": ROOT / "gateway/Dockerfile"}


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own, since the queues that are set up here would go on filling."""
    yield from started(private_broker(tmp_path_factory.mktemp("rabbitmq")))


def dockerfile(name: str) -> str:
    """How this image is built."""
    return IMAGES[name].read_text().replace("${SERVICE}", name)


def unpack(name: str, app: Path) -> None:
    """What the Dockerfile copies into /app."""
    for source, target in re.findall(r"^COPY ((?:services|gateway)\S*) (\S+)$", dockerfile(name), re.MULTILINE):
        shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))


def command(name: str) -> list[str]:
    """What the image runs."""
    words: list[str] = json.loads(dockerfile(name).rpartition("CMD ")[2])
    return words


def answers(port: int) -> bool:
    """Whether the process says that it lives."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("name", IMAGES)
def test_a_process_lives_on_what_its_image_has(name: str, own_broker: Broker, mongod: Mongod, tmp_path: Path) -> None:
    unpack(name, tmp_path / "app")
    assert {folder.name for folder in (tmp_path / "app").iterdir()} == {"chassis", name}
    port = free_port()
    settings = Suite(tmp_path, Layout(), own_broker.uri, mongod.uri).environment | {
        "PYTHONPATH": str(tmp_path / "app"),
        "DATABASE_PREFIX": "image_",
        "INTERNAL_PORT": str(port),
        "GATEWAY_PORT": str(free_port()),
        "SERVICE": name,
    }
    run_all([Process("setup", ["python", "-m", "chassis", "setup", name], tmp_path / "setup.log", settings)])
    process = Process(name, command(name), tmp_path / "run.log", settings)
    try:
        process.start()
        process.wait_until(lambda: answers(port), 30)
    finally:
        process.stop()


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_has_the_command_of_operators_with_what_its_service_offers(name: str, tmp_path: Path) -> None:
    unpack(name, tmp_path / "app")
    [(source, target)] = re.findall(r"^COPY (deploy/\S+) (\S+)$", dockerfile(name), re.MULTILINE)
    assert (target, f"!{source}" in (ROOT / ".dockerignore").read_text().splitlines()) == (
        "/usr/local/bin/sandan",
        True,
    )
    command = tmp_path / "sandan"
    shutil.copy(ROOT / source, command)
    command.write_text(command.read_text().replace("/app", str(tmp_path / "app")))
    environment = {"PATH": os.environ["PATH"], "EVENTLET_NO_GREENDNS": "yes"}
    helped = subprocess.run([command, "--help"], env=environment, cwd="/", capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  ([a-z-]+)  ", helped.stdout, re.MULTILINE))
    own = {"cases": {"recount", "retain", "check-photos", "move-photos"}, "members": {"open-account"}}
    everywhere = {"run", "setup", "parked", "replay", "rebuild", "reseal", "audit", "export"}
    assert listed == everywhere | own.get(name, set())
