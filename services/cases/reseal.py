"""Seals everything that cases keeps with the newest of `CASES_PERSON_KEYS`: `python -m cases.reseal`."""

import sys

from cases.keys import sealer
from cases.marked import MARKED
from chassis.resealing import main

if __name__ == "__main__":
    sys.exit(main("cases", MARKED, sealer(), sys.stdout.write))
