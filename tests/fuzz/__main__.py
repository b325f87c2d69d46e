"""`python -m tests.fuzz`: drive a suite by its OpenAPI document, as several people, and hold it to what that says."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.client import Client
from dev.layout import ROOT
from dev.suite import DISTRICT, WITH_CASES
from tests.chaos.servers import servers
from tests.e2e.cast import cast
from tests.e2e.staged import ClockedSuite
from tests.fuzz.cast import Cast, Person, of_a_run, roles_of
from tests.fuzz.known import excused, known, shadowed, written

PEOPLE = (
    "admin",
    "auditor",
    "dispatcher",
    "inspector",
    "member",
    "party_office",
    "resident",
    "rider",
    "unit_contact",
    "volunteer",
    "worker",
)
"""Persons of the demo; a program of a unit is with them, and nobody."""

PROGRAM = {"district": "360704", "name": "测试程序", "unit_id": "u-lighting-office", "area": "360704"}
PHASES = ("examples", "coverage", "fuzzing", "stateful")
MANY = "1000000 per minute"
SETTINGS = {
    "ACCESS_SECONDS": "86400",
    "RPC_SECONDS": "20",
    "SIGN_IN_RATE": MANY,
    "READING_RATE": MANY,
    "STATION_USE_RATE": MANY,
}
"""Limits of rates are not what is tried here, nor how long an answer takes where others work too."""

RULES = Path(__file__).with_name("schemathesis.toml")


def main() -> int:
    """The exit code: 0 when everything held, 1 when not, 2 when nothing could be tried."""
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(2**32)
    directory = Path(tempfile.mkdtemp(prefix="sandan-fuzz-"))
    print(f"seed {seed}, {asked.examples} examples of each operation, logs in {directory}", flush=True)
    began = time.monotonic()
    with suite(directory, asked.demo) as started:
        people = cast(started, PEOPLE)
        people["program"] = program(started, people["admin"])
        settings = staged(directory, started, people)
        code = subprocess.run(
            command(settings, started.url, asked, seed), env=environment(directory), cwd=directory, check=False
        ).returncode
        started.require_alive()
    print(f"seed {seed}: {time.monotonic() - began:.0f} s", flush=True)
    if code:
        print(f"Logs and reports: {directory}. Again: make fuzz examples={asked.examples} seed={seed}")
    else:
        shutil.rmtree(directory)
    return code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--examples", type=int, default=20, help="of each operation, and as many sequences")
    parser.add_argument("--seed", type=int, help="of everything that is drawn; printed when left out")
    parser.add_argument("--only", default="", help="only paths in which this regular expression is found")
    parser.add_argument("--phases", default=",".join(PHASES), help="some of examples, coverage, fuzzing and stateful")
    parser.add_argument("--district", dest="demo", action="store_const", const=DISTRICT, default=WITH_CASES)
    return parser.parse_args()


@contextmanager
def suite(directory: Path, demo: tuple[str, ...]) -> Iterator[ClockedSuite]:
    """A suite with the demo's data on servers of its own, at the demo's time, which stands still."""
    with servers(directory, "single") as below:
        settings = {**SETTINGS, **below.partner_settings}
        started = ClockedSuite(directory, below.amqp_uri, below.mongo_uri, settings=settings)
        try:
            started.prepare(demo=demo)
            started.start()
            yield started
        finally:
            started.stop()


def program(started: ClockedSuite, admin: Client) -> Client:
    """The program of a unit, signed in with a key that the administrator opens."""
    key = admin.post("/v1/api-keys", json=PROGRAM).json()
    form = {"grant_type": "client_credentials"}
    given = started.client().post("/v1/tokens", data=form, auth=(key["api_key_id"], key["secret"]))
    return started.client(given.json()["access_token"])


def staged(directory: Path, started: ClockedSuite, people: Mapping[str, Client]) -> Path:
    """The settings of the run, beside the file of who sends what."""
    key = started.secrets["TOKEN_KEY"]
    tokens = {name: str(client.headers["Authorization"]).removeprefix("Bearer ") for name, client in people.items()}
    persons = (Person(name, roles_of(token, key), of_a_run(token, key)) for name, token in tokens.items())
    Cast(key, tuple(persons)).write(directory / "cast.json")
    document = started.client().get("/openapi.json").json()
    told = excused(shadowed(document)) + written(known(document, people.values()))
    settings = directory / "schemathesis.toml"
    settings.write_text(RULES.read_text(encoding="utf-8") + told, encoding="utf-8")
    return settings


def command(settings: Path, url: str, asked: argparse.Namespace, seed: int) -> list[str]:
    """What is run."""
    only = ["--include-path-regex", asked.only] if asked.only else []
    return [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(settings), "run", f"{url}/openapi.json", "--url", url),
        *("--max-examples", str(asked.examples), "--seed", str(seed), "--phases", asked.phases),
        *("--workers", "1", "--warnings", "off", "--no-color", "--report", "ndjson,junit", *only),
    ]


def environment(directory: Path) -> dict[str, str]:
    """Where the hooks are, and who sends what."""
    told = {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "FUZZ_CAST": str(directory / "cast.json")}
    return {**os.environ, **told, "PYTHONPATH": f"{ROOT / 'services'}{os.pathsep}{ROOT}"}


if __name__ == "__main__":
    sys.exit(main())
