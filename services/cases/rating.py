"""Ratings: the reporter's own mark on a closed case, or what was answered when somebody called back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(days=7)
"""How long after closing a case can be rated, or reopened by its reporter (docs/domain.md §2.2)."""

SATISFIED = 3
"""From this mark on somebody is basically satisfied (docs/domain.md §2.2)."""


class Solved(StrEnum):
    """What the reporter says of the result."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True)
class Rating:
    """One mark of one round; `satisfaction` from 1 to 4. Nobody reached is no answer, never a good mark."""

    round: int
    at: datetime
    by: str
    by_proxy: bool
    channel: str
    contacted: bool
    solved: Solved | None = None
    satisfaction: int | None = None

    @property
    def result(self) -> str:
        """`ANSWERED` or `NO_ANSWER`."""
        return "ANSWERED" if self.contacted else "NO_ANSWER"


def window_ends(closed_at: datetime) -> datetime:
    """Until when the case can be rated."""
    return closed_at + WINDOW


def answered(ratings: tuple[Rating, ...], round: int) -> Rating | None:
    """The answer that this round has, if any: the reporter's own before one that was written down by proxy.

    An attempt that reached nobody leaves the round open.
    """
    given = [one for one in ratings if one.round == round and one.contacted]
    return min(given, key=lambda one: one.by_proxy, default=None)
