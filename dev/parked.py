"""`make parked` and `make replay`: messages that handlers gave up on, over all services or one."""

import argparse
import os
import subprocess
import sys

from dev import running
from dev.layout import SERVICES
from dev.running import NotRunning, Running


def main() -> None:
    """List or replay; ends with the first failure of a service's own command."""
    parser = argparse.ArgumentParser(prog="python -m dev.parked")
    parser.add_argument("action", choices=["list", "replay"])
    parser.add_argument("service", nargs="?", choices=SERVICES)
    parser.add_argument("letter", nargs="*")
    arguments = parser.parse_args()
    action = "parked" if arguments.action == "list" else "replay"
    try:
        suite = running.find()
    except NotRunning as error:
        sys.exit(str(error))
    for service in [arguments.service] if arguments.service else SERVICES:
        _ask(suite, action, service, arguments.letter)


def _ask(suite: Running, action: str, service: str, letters: list[str]) -> None:
    settings = os.environ | {"AMQP_URI": suite.amqp_uri, "MONGO_URI": suite.mongo_uri}
    print(f"{service}:", flush=True)
    command = [sys.executable, "-m", "chassis", action, service, *letters]
    if code := subprocess.run(command, env=settings, check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    main()
