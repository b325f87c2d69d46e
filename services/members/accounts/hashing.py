"""Room for passwords that are being hashed: each takes 64 MB of memory meanwhile, and all that the processors give.

Nobody hashes one without a place, so a crowd of guesses takes no more memory than a few, and leaves the threads and the
workers of the service to everybody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from eventlet import tpool

from chassis.doorway import Doorway
from members.accounts import password

PLACES = 4
"""256 MB at once."""

QUEUED = 12
"""Who waits has a turn within a second or two; whoever comes when so many wait is told to come again."""

PATIENCE_SECONDS = 2.0
"""How long anybody waits for a place: whoever has asked is told so before they give up."""

AGAIN_SECONDS = 2


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
    """So many places, and a line before them."""

    def __init__(self, places: int = PLACES, queued: int = QUEUED, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._door = Doorway(places, patience=patience, again=AGAIN_SECONDS, queued=queued)

    @contextmanager
    def place(self) -> Iterator[Hasher]:
        """Hold one place. Raises `NoRoom` at once where too many wait, and when there is none in time."""
        with self._door.passing():
            yield Hasher()


ROOM = HashingRoom()
"""The one of this process, for all who hash."""
