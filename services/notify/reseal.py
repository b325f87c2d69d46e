"""Seals everything that notify keeps with the newest of `SECRET_KEY`: `python -m notify.reseal`."""

import sys

from chassis.resealing import main
from notify.sealed import MARKED, sealer

if __name__ == "__main__":
    sys.exit(main("notify", MARKED, sealer(), sys.stdout.write))
