"""Work that comes from many sides at nearly the same time, done in lots; it knows nothing of what is done."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathering(Generic[T]):
    """Things that are handed in while a lot is open are done together, by whoever came first."""

    def __init__(self, seconds: float) -> None:
        """A lot stays open for so many seconds, or as long as the one before it takes."""
        self._seconds = seconds
        self._lot: list[T] = []
        self._turn = Lock()

    def add(self, thing: T, work: Callable[[list[T]], None]) -> None:
        """Return when `work` was called with a lot that has `thing` in it.

        What `work` raises is raised to the one who called it; the others of the lot only see that it is over.
        """
        lot = self._lot
        lot.append(thing)
        with self._turn:
            if lot is self._lot:
                time.sleep(self._seconds)
                self._lot = []
                work(lot)
