"""Checks the trail of the running service: `python -m cases.audit [FILE…]`; says what is wrong."""

import sys

from chassis.audit.checking import main

if __name__ == "__main__":
    sys.exit(main("cases", sys.argv[1:], sys.stdout.write))
