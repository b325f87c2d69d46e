"""Room for passwords that are being hashed: each takes 64 MB of memory meanwhile, and all that the processors give.

Nobody hashes one without a place, so a crowd of guesses takes no more memory than a few, and leaves the threads and the
workers of the service to everybody else.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from eventlet import tpool
from eventlet.event import Event

from chassis.errors import Refusal
from members.accounts import password

PLACES = 4
"""256 MB at once."""

QUEUED = 12
"""Who waits has a turn within a second or two; whoever comes when so many wait is told to come again."""

PATIENCE_SECONDS = 2.0
"""How long anybody waits for a place: whoever has asked is told so before they give up."""

AGAIN_SECONDS = 2


class NoPlace(Refusal):
    """Too many passwords are being hashed just now; nothing was looked at, and nothing counts as wrong."""

    def __init__(self) -> None:
        super().__init__("busy_try_again", retry_after=AGAIN_SECONDS)


class Hasher:
    """Hashes off the event loop; whoever has one has a place."""

    def hashed(self, given: str) -> str:
        """As `password.hashed`."""
        found: str = tpool.execute(password.hashed, given)
        return found

    def matches(self, kept: str | None, given: str) -> bool:
        """As `password.matches`."""
        found: bool = tpool.execute(password.matches, kept, given)
        return found


class HashingRoom:
    """So many places, and a line before them; the first that came is the first to get in."""

    def __init__(self, places: int = PLACES, queued: int = QUEUED, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._places, self._queued, self._patience = places, queued, patience
        self._waiting: deque[Event] = deque()
        self._taken = 0

    @contextmanager
    def place(self) -> Iterator[Hasher]:
        """Hold one place. Raises `NoPlace` at once where too many wait, and when there is none in time."""
        turn = self._joined()
        try:
            turn.wait(self._patience)
            if not turn.ready():
                raise NoPlace
            yield Hasher()
        finally:
            self._leave(turn)

    def _joined(self) -> Event:
        if self._taken >= self._places and len(self._waiting) >= self._queued:
            raise NoPlace
        turn = Event()
        self._waiting.append(turn)
        self._let_in()
        return turn

    def _let_in(self) -> None:
        while self._waiting and self._taken < self._places:
            self._taken += 1
            self._waiting.popleft().send()

    def _leave(self, turn: Event) -> None:
        """Give the place back, or wait no longer."""
        if turn.ready():
            self._taken -= 1
            self._let_in()
        else:
            self._waiting.remove(turn)


ROOM = HashingRoom()
"""The one of this process, for all who hash."""
