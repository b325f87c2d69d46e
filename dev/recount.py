"""`make recount`: the indicators of the running suite counted anew from its cases."""

import os
import subprocess
import sys

from dev import running
from dev.running import NotRunning


def main() -> None:
    """Ask the running service step by step; ends as the service's own command does."""
    try:
        suite = running.find()
    except NotRunning as error:
        sys.exit(str(error))
    settings = os.environ | {"AMQP_URI": suite.amqp_uri, "MONGO_URI": suite.mongo_uri}
    sys.exit(subprocess.run([sys.executable, "-m", "cases.recount"], env=settings, check=False).returncode)


if __name__ == "__main__":
    main()
