"""Counts the indicators anew from the cases: `python -m cases.recount`, while the service is running."""

import sys

from chassis.operator import ask

SAID_EVERY = 20
"""Steps between two lines about how far it has come."""


def main() -> None:
    """Go step by step; what is right stays as it is, and what was not is said and put right."""
    sums, after, steps = {"cases": 0, "lines": 0, "counters": 0}, "", 0
    while after is not None:
        found = ask("cases", "recount_indicators", after=after)
        sums = {name: n + found[name] for name, n in sums.items()}
        after, steps = found["next"], steps + 1
        if steps % SAID_EVERY == 0:
            sys.stdout.write(f"… cases seen: {sums['cases']}; next: {after}\n")
            sys.stdout.flush()
    sys.stdout.write(
        f"cases seen: {sums['cases']}; lines put right: {sums['lines']}; counters put right: {sums['counters']}\n"
    )


if __name__ == "__main__":
    main()
