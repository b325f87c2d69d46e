"""Photos on their way between here and a client, who may be slow: each is a file meanwhile, few of one client each way.

So cases has given a photo, or gets one, as fast as the network is, and holds none for whoever takes their time.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from threading import Semaphore
from typing import IO, Any

import structlog
from flask import Request, g

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

NO_ROOM_SECONDS = 30
"""After which a photo comes again for which there was no room on disk."""

log = structlog.get_logger()


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


class PhotoFile(tempfile.SpooledTemporaryFile[bytes]):
    """A photo while it is under way; refuses `photos_unavailable` where there is no room for it on disk."""

    def __init__(self) -> None:
        super().__init__(IN_MEMORY)

    def write(self, s: Any) -> int:
        """Put these bytes behind the others."""
        with self._room():
            return super().write(s)

    def seek(self, *where: int) -> int:
        """Go on elsewhere; what was written is on disk by then."""
        with self._room():
            return super().seek(*where)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            with suppress(OSError):  # closing tries once more to write
                self.close()
            log.error("no room for photos", directory=tempfile.tempdir, reason=str(error))  # noqa: TRY400 - told whole
            raise Refusal("photos_unavailable", retry_after=NO_ROOM_SECONDS) from None


class Asked(Request):
    """A request; photos in its form lie where all others do."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return PhotoFile()


def laid_down(pieces: Iterable[bytes]) -> IO[bytes]:
    """A file of all these, to be read from its beginning and closed; refuses as `PhotoFile` does."""
    with ExitStack() as opened:
        file = opened.enter_context(PhotoFile())
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        opened.pop_all()
    return file
