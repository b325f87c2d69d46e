"""What one reader is sent: what it missed, then what happens, until its token ends; knows no HTTP and no broker."""

import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import structlog

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable
from gateway.live import writing
from gateway.live.hub import Hub, Place
from gateway.live.listener import Listener

BEAT_SECONDS = 15.0

GATHER_SECONDS = 0.25
"""From one piece to the next, at least: what comes thick goes out together, and what comes alone at once."""

RETRY_SECONDS = (1.0, 5.0)
"""When to come back after a stream has broken off: not all at once, for a gateway may have had thousands."""

TOKEN_ENDED = "token_ended"  # noqa: S105 - a reason, no secret
UNAVAILABLE = "unavailable"

AWAY = (DeadlineExceeded, RemoteFault, Unreachable, Refusal)
"""Why what was missed cannot be read to its end; whoever comes again is told by the status."""

log = structlog.get_logger()

Page = Mapping[str, Any]


class Stream:
    """The bytes of one stream, one piece after the other; closing it, begun or not, lets go of its place."""

    def __init__(
        self,
        hub: Hub,
        listener: Listener,
        first: Page,
        missed: Callable[[str], Page],
        until: float,
        *,
        after: str | None = None,
        now: Callable[[], float] = time.time,
        beat: float = BEAT_SECONDS,
    ) -> None:
        """`first` is the first page of what was missed since `after`, `missed` reads the page that follows a cursor.

        `until` is when the token ends, in seconds since 1970.
        """
        self._hub, self._listener = hub, listener
        self._missed, self._until, self._now, self._beat = missed, until, now, beat
        self._wrote = 0.0
        self._position = int(first["position"])
        self._pieces = self._all(first, after or first["cursor"])

    def __iter__(self) -> Iterator[bytes]:
        """It is read once."""
        return self

    def __next__(self) -> bytes:
        """The next piece, for which may be waited."""
        return next(self._pieces)

    def close(self) -> None:
        """Nobody reads any more."""
        self._pieces.close()
        self._hub.leave(self._listener)

    def _all(self, first: Page, cursor: str) -> Generator[bytes]:
        yield writing.begun(cursor, random.uniform(*RETRY_SECONDS))  # noqa: S311 - spreads, guards nothing
        try:
            yield from self._read(first)
        except AWAY as error:
            log.warning("what was missed cannot be read", reason=str(error))
            yield writing.ended(UNAVAILABLE)
            return
        while (reason := self._reason()) is None:
            yield self._next()
        yield writing.ended(reason)

    def _read(self, page: Page) -> Iterator[bytes]:
        while True:
            yield b"".join([*map(writing.written, page["updates"]), writing.passed(page["cursor"])])
            self._position = int(page["position"])
            if not page["more"]:
                return
            page = self._missed(page["cursor"])

    def _reason(self) -> str | None:
        """Why it ends now."""
        if self._listener.ended:
            return self._listener.ended
        return TOKEN_ENDED if self._now() >= self._until else None

    def _next(self) -> bytes:
        seconds = max(0.0, min(self._beat, self._until - self._now()))
        told = self._listener.take(seconds, self._wrote + GATHER_SECONDS - time.monotonic())
        new = [each for each in told if each.position > self._position]
        if self._listener.ended:
            return writing.BEAT  # what it was to hear yet is gone, so nothing may be said of how far it has come
        if new:
            self._position, self._wrote = new[-1].position, time.monotonic()
            return b"".join(each.written for each in new)
        return self._sign(self._hub.place(self._listener.strand))

    def _sign(self, place: Place | None) -> bytes:
        """A sign of life, with how far everything has come: a reader that hears little has little to catch up with."""
        if place is None or place.position <= self._position:
            return writing.BEAT
        self._position = place.position
        return writing.passed(place.cursor)
