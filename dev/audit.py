"""`make audit`: the trail of every service of the running suite, compared with the heads outside its database."""

import os
import subprocess
import sys

from dev import running
from dev.layout import SERVICES
from dev.running import LOCAL, NotRunning
from dev.suite import HEADS


def main() -> None:
    """Check one service after the other; ends with 1 where something is wrong with any."""
    try:
        suite = running.find()
    except NotRunning as error:
        sys.exit(str(error))
    given = {"AMQP_URI": suite.amqp_uri, "MONGO_URI": suite.mongo_uri, "AUDIT_HEADS_FILE": str(LOCAL / HEADS)}
    settings = os.environ | given
    codes = [
        subprocess.run([sys.executable, "-m", f"{service}.audit"], env=settings, check=False).returncode
        for service in SERVICES
    ]
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
