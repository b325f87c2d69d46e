"""When a failed message is tried again, as a pure function of how often it has failed."""

from chassis.topology import RETRY_TIERS

TIERS = tuple(RETRY_TIERS)
IN_PLACE_SECONDS = (0.2, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Pauses of a subscriber that keeps order and therefore may not let a message go round."""


def next_tier(failures: int, attempts: int) -> str | None:
    """The waiting queue after the `failures`-th failure (1 is the first); None when all `attempts` are used up."""
    if failures >= attempts:
        return None
    return TIERS[min(failures, len(TIERS)) - 1]


def next_pause(failures: int, attempts: int) -> float | None:
    """Seconds to wait in place after the `failures`-th failure; None when all `attempts` are used up."""
    if failures >= attempts:
        return None
    return IN_PLACE_SECONDS[min(failures, len(IN_PLACE_SECONDS)) - 1]
