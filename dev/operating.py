"""Runs the operators' command line against the suite of `make run`: `./sandan recount` is this with an environment."""

import os
import subprocess
import sys

from dev import running, secrets
from dev.running import LOCAL, NotRunning, Running
from dev.suite import HEADS

HELP = {"-h", "--help"}


def main() -> None:
    """Ends as the command does; it asks the running services and has their settings. Help needs no suite."""
    words = sys.argv[1:]
    try:
        suite = None if not words or HELP.intersection(words) else running.find()
    except NotRunning as error:
        sys.exit(str(error))
    sys.exit(sandan(suite, *words))


def sandan(suite: Running | None, *words: str) -> int:
    """With which code the command ended."""
    given = _settings(suite) if suite else {}
    return subprocess.run([sys.executable, "-m", "chassis", *words], env=os.environ | given, check=False).returncode


def _settings(suite: Running) -> dict[str, str]:
    return {
        "AMQP_URI": suite.amqp_uri,
        "MONGO_URI": suite.mongo_uri,
        "AUDIT_HEADS_FILE": str(LOCAL / HEADS),
        "DEMO": "true",
        **secrets.read(LOCAL / "secrets.env"),
    }


if __name__ == "__main__":
    main()
