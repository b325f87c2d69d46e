"""When a message that could not be sent is tried again, and when no more."""

from datetime import timedelta

LADDER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""The wait after each failed try; afterwards somebody calls by hand (docs/domain.md §2.2)."""


def next_wait(tries: int) -> timedelta | None:
    """The wait after `tries` failed tries; None when they are used up."""
    return LADDER[tries - 1] if tries <= len(LADDER) else None
