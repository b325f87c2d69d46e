"""Ties: which grid a unit serves, from one moment on and until another; nothing that was is ever rewritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a grid is served of which nobody wrote down since when."""


@dataclass(frozen=True)
class Tie:
    """A grid that a unit serves from `since` (included) until `until` (excluded; None: it stands)."""

    grid_code: str
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the grid is served at that moment."""
        return self.since <= at and (self.until is None or at < self.until)


def always(codes: Iterable[str]) -> tuple[Tie, ...]:
    """Ties of which it is not known since when they hold."""
    return tuple(Tie(code, ALWAYS) for code in codes)


def grids(ties: Iterable[Tie], at: datetime) -> tuple[str, ...]:
    """The grids that are served at that moment, by code."""
    return tuple(sorted({tie.grid_code for tie in ties if tie.holds(at)}))


def tied(ties: Sequence[Tie], codes: Iterable[str], at: datetime) -> tuple[Tie, ...]:
    """The ties when from `at` on exactly these grids are served; what was before that moment stays as it was."""
    wanted = set(codes)
    held = {tie.grid_code for tie in ties if tie.holds(at)} & wanted
    kept = [replace(tie, until=None) if tie.grid_code in held and tie.holds(at) else _cut(tie, at) for tie in ties]
    fresh = [Tie(code, at) for code in sorted(wanted - held)]
    return (*(tie for tie in kept if tie is not None), *fresh)


def next_turn(ties: Iterable[Tie], now: datetime) -> datetime | None:
    """When a tie begins or ends next by itself, None if none does."""
    turns = [turn for tie in ties for turn in (tie.since, tie.until) if turn is not None and turn > now]
    return min(turns, default=None)


def _cut(tie: Tie, at: datetime) -> Tie | None:
    """The tie as far as it lies before the moment, None if nothing of it does."""
    if tie.until is not None and tie.until <= at:
        return tie
    return replace(tie, until=at) if tie.since < at else None
