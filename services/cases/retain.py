"""Lets go of what is personal and whose term is over, now: `python -m cases.retain`, while cases is running."""

import sys

from chassis.operator import page_through


def main() -> None:
    """Step by step, until nothing is over any more."""
    steps = page_through("cases", "retain")
    sys.stdout.write(f"steps of the run: {steps}; what went is in retention_runs and in the log\n")


if __name__ == "__main__":
    main()
