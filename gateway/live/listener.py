"""One open stream, as the hub sees it: what it may hear, and what still waits for it; knows no HTTP."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from threading import Event
from time import sleep
from typing import Any

ROOM = 512
"""Updates that may wait for a listener: who is slower is sent away, and goes on later with what it kept."""

SLOW = "slow"


@dataclass(frozen=True)
class Clause:
    """What has the mark `key` and none of those in `none` is heard; which marks mean what, the services know."""

    key: str
    none: frozenset[str]

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> "Clause":
        """The clause as a service writes it."""
        return cls(dumped["key"], frozenset(dumped["none"]))


@dataclass(frozen=True)
class Told:
    """An update at its place, as it is written to every listener that hears it."""

    position: int
    written: bytes


def still_good() -> None:
    """Why what a stream was opened with is void: it is not."""


class Listener:
    """Who listens to a strand; `ended` is why nothing comes any more."""

    def __init__(
        self, strand: str, clauses: Iterable[Clause], person: str, void: Callable[[], str | None] = still_good
    ) -> None:
        """`void` says why what it was opened with is good no more, if so."""
        self.strand, self.person, self.void = strand, person, void
        self.clauses = tuple(clauses)
        self.ended: str | None = None
        self._waiting: deque[Told] = deque()
        self._rung = Event()

    def hears(self, key: str, marks: Collection[str]) -> bool:
        """Whether a clause with this key admits what has these marks."""
        return any(clause.key == key and clause.none.isdisjoint(marks) for clause in self.clauses)

    def tell(self, told: Told) -> None:
        """Let it wait for the listener, who is ended where there is no room."""
        if len(self._waiting) >= ROOM:
            self.end(SLOW)
        elif self.ended is None:
            self._waiting.append(told)
            self._rung.set()

    def end(self, reason: str) -> None:
        """Nothing more comes; what waits is read from the log by whoever comes back."""
        self.ended = self.ended or reason
        self._waiting.clear()
        self._rung.set()

    def take(self, seconds: float, gather: float = 0.0) -> list[Told]:
        """What waits, in order; nothing when nothing has come for so long, or when it has ended.

        Where something has come it is waited for more of it, so long as `gather` says.
        """
        if self._rung.wait(seconds) and gather > 0 and not self.ended:
            sleep(gather)
        self._rung.clear()
        found = list(self._waiting)
        self._waiting.clear()
        return found
