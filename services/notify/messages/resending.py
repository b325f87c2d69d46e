"""Sending once more what has failed for good: which messages, for whom, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notify.messages.message import State

MOST_AT_ONCE = 1_000
"""Messages that are sent once more by one command."""


@dataclass(frozen=True)
class Resending:
    """The messages that a command sends once more; `left` says whether others that fit were beyond the bound.

    The id is the command's, by which each of them is sent once however often it comes; `digest` is of what it asked.
    """

    id: str
    person_id: str
    asked_at: datetime
    ids: tuple[str, ...]
    left: bool
    digest: str


def done(states: Mapping[State, int]) -> bool:
    """Whether nothing of it is under way any more."""
    return not states.get(State.DUE)
