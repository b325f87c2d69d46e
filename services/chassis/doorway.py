"""Few at once for what takes much memory or time; some wait a little, and all others are told to come again."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from eventlet.event import Event

from chassis.errors import Refusal


class NoRoom(Refusal):
    """Too many do it just now; nothing was looked at, and nothing was kept."""

    def __init__(self, again_seconds: int) -> None:
        super().__init__("busy_try_again", retry_after=again_seconds)


class Doorway:
    """So many pass at once; of those who wait the first that came is the first to get in."""

    def __init__(self, width: int, *, patience: float, again: int, queued: float = inf) -> None:
        """`patience` is for how many seconds somebody waits, `queued` for how many may, `again` as of `NoRoom`."""
        self._width, self._patience, self._again, self._queued = width, patience, again, queued
        self._waiting: deque[Event] = deque()
        self._inside = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Be inside for as long as the block lasts.

        Raises `NoRoom` at once where too many wait, and when its turn has not come in time.
        """
        turn = self._joined()
        try:
            turn.wait(self._patience)
            if not turn.ready():
                raise NoRoom(self._again)
            yield
        finally:
            self._leave(turn)

    def _joined(self) -> Event:
        if self._inside >= self._width and len(self._waiting) >= self._queued:
            raise NoRoom(self._again)
        turn = Event()
        self._waiting.append(turn)
        self._let_in()
        return turn

    def _let_in(self) -> None:
        while self._waiting and self._inside < self._width:
            self._inside += 1
            self._waiting.popleft().send()

    def _leave(self, turn: Event) -> None:
        """Make room, or wait no longer."""
        if turn.ready():
            self._inside -= 1
            self._let_in()
        else:
            self._waiting.remove(turn)
