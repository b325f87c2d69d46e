"""Runs the operators' command line against the suite of `make run`: `./sandan recount` is this with an environment."""

import os
import signal
import subprocess
import sys
from typing import NoReturn

if signal.getsignal(signal.SIGINT) is signal.default_int_handler and __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing to say of what has not begun

from dev import running, secrets
from dev.running import LOCAL, NotRunning, Running
from dev.suite import HEADS

HELP = {"-h", "--help"}


COMMAND = [sys.executable, "-m", "chassis"]


def main() -> NoReturn:
    """Becomes the command, which asks the running services and has their settings. Help needs no suite."""
    words = sys.argv[1:]
    try:
        suite = None if not words or HELP.intersection(words) else running.find()
    except NotRunning as error:
        sys.exit(str(error))
    os.execve(sys.executable, [*COMMAND, *words], _environment(suite))  # noqa: S606 - that is what is wanted


def sandan(suite: Running, *words: str) -> int:
    """With which code the command ended."""
    return subprocess.run([*COMMAND, *words], env=_environment(suite), check=False).returncode


def _environment(suite: Running | None) -> dict[str, str]:
    return os.environ | (_settings(suite) if suite else {})


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
