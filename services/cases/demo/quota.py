"""How many of what: the counts of docs/domain.md §8.2 and §8.3, shared out in whole numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import TypeVar

from cases.case import Source
from cases.rating import Solved

Key = TypeVar("Key", bound=str)

REGISTERED, REJECTED, MERGED = 652, 20, 12

CLOSED, OVERDUE, AHEAD = 622, 18, 12
"""Of the registered: closed, open past their due time, and open with their due time after the period."""

LATE, REWORKED, RESPONDED_LATE = 21, 9, 7
ANSWERED, SOLVED, SATISFIED = 590, 561, 548
UNSOLVED_BUT_SATISFIED = 2
ANONYMOUS, CALLED_IN_VAIN = 5, 15
"""Of the 32 whom nobody has an answer from: those whom nobody can ask, and those who did not pick up the phone."""

GROUPS: Mapping[str, int] = {
    "03": 34, "01": 16, "05": 13, "06": 10, "08": 9, "02": 6, "07": 5, "09": 3, "04": 2, "10": 2
}  # fmt: skip
"""Percent of the registered cases by group of categories."""

SOURCES: Mapping[Source, int] = {
    Source.SESSION: 38,
    Source.APP: 24,
    Source.PATROL: 20,
    Source.HOTLINE: 9,
    Source.SNAP: 6,
    Source.PHONE: 3,
}
"""Percent of the registered cases by source."""

TALKS, FORUMS, VISITS = 58, 37, 55
"""Intake sessions: evening talks, forums, and days of home visits."""


class End(StrEnum):
    """How far a registered case has come by the end of the period."""

    CLOSED = "closed"
    OVERDUE = "overdue"
    AHEAD = "ahead"


class Silence(StrEnum):
    """Why there is no answer to how a closed case was solved."""

    ANONYMOUS = "anonymous"
    CALLED = "called"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Fate:
    """What is to become of one registered case; a closed one has an `answer` (solved, satisfaction) or a silence."""

    end: End = End.CLOSED
    late: bool = False
    reworked: bool = False
    responded_late: bool = False
    answer: tuple[Solved, int] | None = None
    silence: Silence | None = None

    @property
    def plain(self) -> bool:
        """Closed in time at once, after a first contact in time."""
        return self.end is End.CLOSED and not (self.late or self.reworked or self.responded_late)


def apportioned(total: int, shares: Mapping[Key, int]) -> dict[Key, int]:
    """`total` shared out by `shares`, in whole numbers that add up: the largest remainders are rounded up."""
    whole = sum(shares.values())
    counts = {key: total * share // whole for key, share in shares.items()}
    by_remainder = sorted(shares, key=lambda key: total * shares[key] % whole, reverse=True)
    for key in by_remainder[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def fates(chance: Random) -> list[Fate]:
    """What becomes of the registered cases, those first that are the hardest to find a case for."""
    closed = [*_answered(chance), *_silent()]
    chance.shuffle(closed)
    _mark(closed, range(LATE), late=True)
    _mark(closed, range(LATE, LATE + REWORKED), reworked=True)
    _mark(closed, range(LATE + REWORKED, LATE + REWORKED + RESPONDED_LATE), responded_late=True)
    return [*[Fate(End.AHEAD)] * AHEAD, *[Fate(End.OVERDUE)] * OVERDUE, *closed]


def _mark(closed: list[Fate], which: Sequence[int], **marks: bool) -> None:
    for n in which:
        closed[n] = replace(closed[n], **marks)  # type: ignore[arg-type]  # names of fields that are marks


def _answered(chance: Random) -> Iterator[Fate]:
    """Most are solved and well; some solved badly, some not solved, and of those a few are content all the same."""
    unsolved = ANSWERED - SOLVED
    for n in range(ANSWERED):
        solved = Solved.YES if n >= unsolved else Solved.PARTLY if n % 2 else Solved.NO
        content = n < UNSOLVED_BUT_SATISFIED or n >= ANSWERED - SATISFIED + UNSOLVED_BUT_SATISFIED
        mark = chance.choice((3, 4, 4)) if content else chance.choice((1, 2, 2))
        yield Fate(answer=(solved, mark))


def _silent() -> Iterator[Fate]:
    for n in range(CLOSED - ANSWERED):
        called = Silence.CALLED if n < ANONYMOUS + CALLED_IN_VAIN else Silence.UNASKED
        yield Fate(silence=Silence.ANONYMOUS if n < ANONYMOUS else called)
