"""Seals everything that members keeps with the newest of `PERSON_KEY`: `python -m members.reseal`."""

import sys

from chassis.resealing import main
from members.keys import seal
from members.sealing import MARKED

if __name__ == "__main__":
    sys.exit(main("members", MARKED, seal(), sys.stdout.write))
