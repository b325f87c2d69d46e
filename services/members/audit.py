"""Checks the trail of the running service: `python -m members.audit [FILE…]`; says what is wrong."""

import sys

from chassis.audit.checking import main

if __name__ == "__main__":
    sys.exit(main("members", sys.argv[1:], sys.stdout.write))
