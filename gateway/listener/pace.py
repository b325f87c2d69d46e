"""How long a client is waited for: an allowance of time for each stretch of a request; it reads no HTTP."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import eventlet
from werkzeug.exceptions import RequestTimeout

TURN = 64 * 1024
"""Bytes that a client may move before the others have their turn: who sends without pause is never waited for."""

LONGEST_WAIT = 30.0
"""Seconds without a byte, at most, however much time has been earned."""


@dataclass(frozen=True)
class Allowance:
    """How long is waited in all: `seconds`, and one more for each `rate` bytes that move; without a rate, no more.

    Only the time that is spent waiting for the client counts, not what the answer takes to be found.
    """

    seconds: float
    rate: int | None = None

    def left(self, waited: float, moved: int) -> float:
        """Seconds that may still be waited, after `waited` seconds and `moved` bytes."""
        return self.seconds + (moved / self.rate if self.rate else 0.0) - waited


@dataclass(frozen=True)
class Waits:
    """The allowances of a connection.

    `idle` is for the first byte of a request, `head` for the rest of its head, `body` for its body and again for its
    answer, `skipping` for what nobody reads any more, `parting` for the client of a refused head to take its leave.
    """

    idle: Allowance
    head: Allowance
    body: Allowance
    skipping: Allowance
    parting: Allowance


class TooSlow(RequestTimeout):
    """The client was waited for long enough. No OSError, which everybody on the way would take for a lost client."""


class Paced(io.RawIOBase):
    """One direction of a connection, within the allowance of the present stretch; `give_up` is called at its end."""

    def __init__(self, connection: Any, allowance: Allowance, give_up: Callable[[], None]) -> None:
        super().__init__()
        self._connection, self._give_up, self._turn = connection, give_up, 0
        self.allow(allowance)

    def allow(self, allowance: Allowance) -> None:
        """Begin a new stretch."""
        self._allowance, self._waited, self._moved = allowance, 0.0, 0

    def readable(self) -> bool:
        """It is, unless it is written to."""
        return True

    def writable(self) -> bool:
        """It is, unless it is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The bytes that are there, at least one, 0 at the end; raises TooSlow."""
        try:
            return self._timed(self._connection.recv_into, buffer)
        except TimeoutError:
            self._give_up()
            raise TooSlow from None

    def write(self, data: Any) -> int:
        """How many bytes the client's side took; raises TimeoutError."""
        try:
            return self._timed(self._connection.send, data)
        except TimeoutError:
            self._give_up()
            raise

    def _timed(self, move: Callable[[Any], int], data: Any) -> int:
        left = self._allowance.left(self._waited, self._moved)
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(min(left, LONGEST_WAIT))
        began = monotonic()
        try:
            count = move(data)
        finally:
            self._waited += monotonic() - began
        self._moved += count
        self._turn += count
        if self._turn >= TURN:
            self._turn = 0
            eventlet.sleep(0)
        return count
