"""Photos on their way between here and a client, who may be slow: each is a file meanwhile, few of one client each way.

So cases has given a photo, or gets one, as fast as the network is, and holds none for whoever takes their time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from tempfile import SpooledTemporaryFile
from threading import Semaphore
from typing import IO

from flask import g

from chassis.errors import Refusal
from gateway.client import client


class Way(Enum):
    """Which way a photo goes; a client's photos that go one way are in nobody's way who go another."""

    SENT, GIVEN_OUT, THUMBNAIL = "sent", "given out", "thumbnail"


MOST = {Way.SENT: 8, Way.GIVEN_OUT: 8, Way.THUMBNAIL: 64}
"""Of one person at once: more than a browser asks of one place. A thumbnail hardly takes room, and pages have many."""

SHARING = 4
"""How many people share an address from which nobody has signed in, at a guess: so many times as much is theirs."""

PATIENCE_SECONDS = 10.0
"""How long others of the same client wait: most photos are over in a moment."""

AGAIN_SECONDS = 5

IN_MEMORY = 256 * 1024
"""Bytes of a photo that lie in memory while they wait; larger ones are on disk (`TMPDIR`)."""


@dataclass(frozen=True)
class Holder:
    """For whom photos are under way: a person, or an address, which several `people` share."""

    id: str
    people: int = 1


class Transfers:
    """So many at once each way for each client; those that come besides wait a little, and are told to come again."""

    def __init__(self, most: Mapping[Way, int] = MOST, patience: float = PATIENCE_SECONDS) -> None:
        """`patience` is in seconds."""
        self._most, self._patience = most, patience
        self._places: dict[tuple[Way, Holder], Semaphore] = {}
        self._there: Counter[tuple[Way, Holder]] = Counter()

    @contextmanager
    def of(self, holder: Holder, way: Way) -> Iterator[None]:
        """Be one of this client's for as long as the block lasts; refuses `busy_try_again`."""
        here = (way, holder)
        places = self._places.setdefault(here, Semaphore(self._most[way] * holder.people))
        self._there[here] += 1
        try:
            if not places.acquire(timeout=self._patience):
                raise Refusal("busy_try_again", retry_after=AGAIN_SECONDS)
            try:
                yield
            finally:
                places.release()
        finally:
            self._there[here] -= 1
            if not self._there[here]:
                del self._there[here], self._places[here]


def holder() -> Holder:
    """For whom the photo of this request is under way."""
    return Holder(g.identity.id) if "identity" in g else Holder(client(), SHARING)


def laid_down(pieces: Iterable[bytes]) -> IO[bytes]:
    """A file of all these, to be read from its beginning and closed."""
    with ExitStack() as opened:
        file = opened.enter_context(SpooledTemporaryFile(IN_MEMORY))
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        opened.pop_all()
    return file
