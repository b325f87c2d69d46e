"""Photos on their way between here and a client, who may be slow: each is a file here meanwhile, few of one client.

So cases has given a photo, or gets one, as fast as the network is, and holds none for whoever takes their time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from threading import Semaphore
from typing import IO

from flask import g

from chassis.errors import Refusal
from gateway.client import client

MOST_OF_ONE = 8
"""Of one person, or of one address where nobody has signed in: more than a browser asks of one place at once."""

PATIENCE_SECONDS = 10.0
"""How long others of the same client wait: a page shows many thumbnails, which are over in a moment."""

AGAIN_SECONDS = 5

IN_MEMORY = 256 * 1024
"""Bytes of a photo that lie in memory while they wait; larger ones are on disk (`TMPDIR`)."""


class Transfers:
    """So many at once for each client; those that come besides wait a little, and are told to come again."""

    def __init__(self, most: int = MOST_OF_ONE, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._most, self._patience = most, patience
        self._places: dict[str, Semaphore] = {}
        self._there: Counter[str] = Counter()

    @contextmanager
    def of(self, holder: str) -> Iterator[None]:
        """Be one of this client's for as long as the block lasts; refuses `busy_try_again`."""
        places = self._places.setdefault(holder, Semaphore(self._most))
        self._there[holder] += 1
        try:
            if not places.acquire(timeout=self._patience):
                raise Refusal("busy_try_again", retry_after=AGAIN_SECONDS)
            try:
                yield
            finally:
                places.release()
        finally:
            self._there[holder] -= 1
            if not self._there[holder]:
                del self._there[holder], self._places[holder]


def holder() -> str:
    """For whom the photo of this request is under way."""
    return g.identity.id if "identity" in g else client()


def laid_down(pieces: Iterable[bytes]) -> IO[bytes]:
    """A file of all these, to be read from its beginning and closed."""
    with ExitStack() as opened:
        file = opened.enter_context(SpooledTemporaryFile(IN_MEMORY))
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        opened.pop_all()
    return file
