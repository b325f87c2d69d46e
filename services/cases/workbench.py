"""Room for the pictures that are being cleaned: a large one takes hundreds of megabytes of memory meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventlet.semaphore import Semaphore

PLACE_PIXELS = 8_000_000
PLACES = 16
"""Two pictures of the largest size at once, or sixteen as phones send them after scaling down."""


class Workbench:
    """So many places; whoever finds too few free waits, and nobody who came later goes first."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._free = Semaphore(places)
        self._door = Semaphore()

    @contextmanager
    def room(self, pixels: int) -> Iterator[None]:
        """Hold the places that a picture as heavy as a JPEG of so many pixels needs, all of them at the most."""
        needed, taken = min(self._places, max(1, -(-pixels // PLACE_PIXELS))), 0
        try:
            with self._door:
                while taken < needed:
                    self._free.acquire()
                    taken += 1
            yield
        finally:
            for _ in range(taken):
                self._free.release()
