"""The way of photo bytes: to and from the internal port of cases with a single-use ticket, never kept here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import SEEK_END
from itertools import count
from typing import IO, Any, Protocol

import requests
from urllib3.exceptions import NewConnectionError

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, Unreachable
from gateway.inner_line import InnerLine
from gateway.instances import Instance, instances
from gateway.transfers import laid_down

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
CHUNK = 64 * 1024
POOL = 64
OPAQUE = "application/octet-stream"


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""


@dataclass(frozen=True)
class Fetched:
    """A photo that has come whole; `file` is to be closed."""

    media_type: str
    length: int
    file: IO[bytes]

    @property
    def chunks(self) -> Iterator[bytes]:
        """What has not been read of it."""
        return pieces(self.file)


def pieces(stream: Readable) -> Iterator[bytes]:
    """All that can be read of it, never much at once."""
    return iter(lambda: stream.read(CHUNK), b"")


class _Sized:
    """A stream whose length is known, as requests wants it, so that it sends no chunked body."""

    def __init__(self, stream: Readable, length: int) -> None:
        self._stream, self._length = stream, length

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, in pieces that are never large."""
        return self._stream.read(CHUNK if size < 0 else min(size, CHUNK))


class PhotoBytes:
    """The photo endpoints of all instances of cases, which take turns."""

    def __init__(self, urls: Sequence[str], ca_file: str = "") -> None:
        """`ca_file` has the authorities of those at `https://`."""
        self._urls = urls
        self._turns = count()
        self._line = InnerLine(ca_file, POOL)

    def keep(self, ticket: str, stream: Readable, length: int, media_type: str) -> dict[str, Any]:
        """What cases says of the photo that it kept; raises its refusal, Unreachable or DeadlineExceeded."""
        headers = {"Content-Type": media_type}
        kept: dict[str, Any] = self._ask("PUT", ticket, data=_Sized(stream, length), headers=headers).json()
        return kept

    def fetch(self, ticket: str) -> Fetched:
        """The photo; raises as `keep` does, also where it does not come to its end."""
        with self._ask("GET", ticket, stream=True) as response:
            try:
                file = laid_down(response.iter_content(CHUNK))
            except requests.RequestException as error:
                raise Unreachable(f"cases: {type(error).__name__}") from None
        length = file.seek(0, SEEK_END)
        file.seek(0)
        return Fetched(response.headers.get("Content-Type", OPAQUE), length, file)

    def _ask(self, method: str, ticket: str, **options: Any) -> requests.Response:
        response = self._answer(method, f"/photos/{ticket}", **options)
        if response.status_code >= 300:
            raise _reason(response)
        return response

    def _answer(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer of the first instance that can be connected to; once anything was sent, no other is tried."""
        waits = (CONNECT_SECONDS, READ_SECONDS)
        reason = "no address"
        for instance in self._in_turn():
            try:
                return self._line.to(instance, method, path, timeout=waits, **options)
            except requests.ReadTimeout:
                raise DeadlineExceeded("cases.photos") from None
            except requests.RequestException as error:
                reason = type(error).__name__
                if not _nothing_sent(error):
                    break
        raise Unreachable(f"cases: {reason}")

    def _in_turn(self) -> list[Instance]:
        known = instances(self._urls)
        first = next(self._turns) % len(known) if known else 0
        return known[first:] + known[:first]


def _nothing_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _reason(response: requests.Response) -> Exception:
    try:
        return Refusal.load(response.json())
    except (ValueError, KeyError, TypeError):
        return Unreachable(f"cases answered {response.status_code}")
    finally:
        response.close()
