"""Lets go of what is personal and whose term is over, now: `python -m cases.retain`, while cases is running."""

import argparse
import sys
from collections.abc import Sequence

from chassis.operator import ask, page_through


def main(arguments: Sequence[str] | None = None) -> None:
    """Step by step, until nothing is over any more; or say how much that would be."""
    parser = argparse.ArgumentParser(prog="python -m cases.retain", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and say how much is over")
    if parser.parse_args(arguments).dry_run:
        found = ask("cases", "retention_due")
        told = ", ".join(f"{kind} {number}" for kind, number in found.items()) or "nothing"
        sys.stdout.write(f"over now, with their photos: {told}; nothing was changed\n")
        return
    steps = page_through("cases", "retain")
    sys.stdout.write(f"steps of the run: {steps}; what went is in retention_runs and in the log\n")


if __name__ == "__main__":
    main()
