"""One legal move of a case: the shape of a row of the table."""

from dataclasses import dataclass

from cases.act import Act, Effect, Guard
from cases.case import Status
from cases.timer import Timer


@dataclass(frozen=True)
class Move:
    """One row of docs/domain.md §2.2; without `sources` it opens a case, without `target` the status stays."""

    act: Act
    sources: frozenset[Status]
    target: Status | None
    event: str
    effect: Effect
    guards: tuple[Guard, ...] = ()
    starts: tuple[Timer, ...] = ()
    stops: tuple[Timer, ...] = ()
