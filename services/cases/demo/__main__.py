"""`python -m cases.demo`: loads nine months of cases into the database of this service; safe to repeat."""

import gc
import sys

from environs import Env

from cases.demo.loading import load_once
from cases.keys import sealer
from chassis.mongo import Home, connect, database_name
from chassis.settings import settings


def main() -> None:
    """Load them and say what was added; refuses where the demo setting is off."""
    if not Env().bool("DEMO", False):
        sys.exit("The demo's people have phones of a segment that does not exist: set DEMO=true to load their cases.")
    gc.disable()  # nothing of the play is garbage before its end, and looking for some takes a third of the time
    with connect(settings, "cases-demo") as client:
        home = Home(client[database_name(settings, "cases")], sealer=sealer())
        sys.stdout.write(load_once(home) + "\n")


if __name__ == "__main__":
    main()
