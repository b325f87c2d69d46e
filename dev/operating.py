"""Runs a service's own command against the suite of `make run`: `python -m dev.operating cases.recount`."""

import os
import subprocess
import sys

from dev import running
from dev.running import NotRunning


def main() -> None:
    """Ends as the command does; it asks the running service."""
    try:
        suite = running.find()
    except NotRunning as error:
        sys.exit(str(error))
    settings = os.environ | {"AMQP_URI": suite.amqp_uri, "MONGO_URI": suite.mongo_uri}
    sys.exit(subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=settings, check=False).returncode)


if __name__ == "__main__":
    main()
