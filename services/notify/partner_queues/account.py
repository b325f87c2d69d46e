"""A partner's access to the broker, as the service keeps it; no network and no store."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=5)
"""Longer than telling the broker of one partner takes."""

AGAIN = timedelta(seconds=15)
"""When to try again what the broker could not be told."""


@dataclass(frozen=True)
class Account:
    """One partner's user at the broker.

    `password` is sealed; `shown_to` is the command that was shown it, as `receipt` writes it. `revision` grows with
    each change of which the broker is to be told; `cut` says that the user's connections are to end, too.
    """

    id: str
    password: str
    shown_to: str
    revision: int
    held_until: datetime
    cut: bool = False


def receipt(subscription_id: str, version: int) -> str:
    """The command that brought a subscription to this version."""
    return f"{subscription_id}:{version}"
