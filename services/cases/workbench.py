"""Room for the pictures that are being cleaned: a large one takes hundreds of megabytes of memory meanwhile."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from eventlet.event import Event

from chassis.doorway import NoRoom

PLACE_PIXELS = 9_000_000
"""A picture as phones send it after scaling down has one place; what needs more is large."""

PLACES = 16
"""Two pictures of the largest size at once and two small ones beside them, or sixteen small ones."""

ANYBODYS_PLACES = 4
"""How many there are besides for pictures of people without an account; with those above as many as threads."""

FOR_SMALL = 2
"""How many of its places no large picture takes, at each bench."""

PATIENCE_SECONDS = 3.0
"""How long a picture waits for room: with its cleaning less than the ten seconds that the gateway waits for both."""

QUEUED = 2
"""Who waits may need so many times the places that there are; whoever comes then would hardly find room in time."""

AGAIN_SECONDS = 10


class Workbench:
    """So many places. Large pictures wait for each other and small ones go past them, to places that are theirs."""

    def __init__(self, places: int = PLACES, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._places, self._patience = places, patience
        self._small, self._large = _Line(), _Line()

    @contextmanager
    def room(self, pixels: int) -> Iterator[None]:
        """Hold the places that a picture as heavy as a JPEG of so many pixels needs, all for large ones at the most.

        Raises `NoRoom` at once where too many wait, and when there is none in time.
        """
        needed = max(1, min(self._places - FOR_SMALL, -(-pixels // PLACE_PIXELS)))
        line = self._small if needed == 1 else self._large
        if line.awaited + needed > QUEUED * self._places:
            raise NoRoom(AGAIN_SECONDS)
        turn = line.join(needed)
        try:
            self._let_in()
            turn.wait(self._patience)
            if not turn.ready():
                raise NoRoom(AGAIN_SECONDS)
            yield
        finally:
            line.leave(turn, needed)
            self._let_in()

    def _let_in(self) -> None:
        while self._large.waits and self._large.taken + self._large.next <= self._places - FOR_SMALL - self._beside():
            self._large.let_in()
        while self._small.waits and self._small.taken < self._for_small():
            self._small.let_in()

    def _beside(self) -> int:
        """How many small ones have places that large ones may take."""
        return max(0, self._small.taken - FOR_SMALL)

    def _for_small(self) -> int:
        """How many places small ones may have: where a large one waits no more than are theirs, or it never gets in."""
        return FOR_SMALL if self._large.waits else self._places - self._large.taken


class _Line:
    """Who waits and who is in, of one kind; the first that came is the first to get in."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Event, int]] = deque()
        self.taken = 0

    @property
    def waits(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    @property
    def next(self) -> int:
        """How many places the first needs."""
        return self._waiting[0][1]

    @property
    def awaited(self) -> int:
        """How many places all need that wait."""
        return sum(needed for _, needed in self._waiting)

    def join(self, needed: int) -> Event:
        """Wait behind the others: what is sent once the places are there."""
        turn = Event()
        self._waiting.append((turn, needed))
        return turn

    def let_in(self) -> None:
        """Give the first its places."""
        turn, needed = self._waiting.popleft()
        self.taken += needed
        turn.send()

    def leave(self, turn: Event, needed: int) -> None:
        """Give the places back, or wait no longer."""
        if turn.ready():
            self.taken -= needed
        else:
            self._waiting.remove((turn, needed))
