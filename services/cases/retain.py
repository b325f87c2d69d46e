"""Lets go of what is personal and whose term is over, now: `python -m cases.retain`, while cases is running."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from chassis.operator import ask, page_through


def main(arguments: Sequence[str] | None = None) -> None:
    """Step by step, until nothing is over any more; or say how much that would be."""
    parser = argparse.ArgumentParser(prog="python -m cases.retain", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and say how much is over")
    if parser.parse_args(arguments).dry_run:
        found = ask("cases", "retention_due")
        sys.stdout.write(f"over now, with their photos: {_told(found)}; nothing was changed\n")
        return
    over = ask("cases", "retention_due")
    page_through("cases", "retain")
    left = ask("cases", "retention_due")
    went = {kind: number - left.get(kind, 0) for kind, number in over.items()}
    sys.stdout.write(f"let go of, with their photos: {_told(went)}; each lot is in the audit trail and in the log\n")


def _told(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in numbers.items() if number) or "nothing"


if __name__ == "__main__":
    main()
