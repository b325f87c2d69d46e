"""Domain time: one clock for the whole suite, real unless a file sets it; tokens and deadlines never use it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from nameko.extensions import DependencyProvider

from chassis.settings import settings


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC, in whole milliseconds (what the database keeps)."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant of the machine."""
        return _in_milliseconds(datetime.now(UTC))


class FileClock:
    """A clock that stands at the RFC 3339 instant written in a file, until the file is written anew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The instant in the file; raises ValueError when it has no offset."""
        instant = datetime.fromisoformat(self._path.read_text(encoding="ascii").strip())
        if instant.tzinfo is None:
            raise ValueError(f"{self._path} holds a time without an offset")
        return _in_milliseconds(instant.astimezone(UTC))


def _in_milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def clock() -> Clock:
    """The suite's clock: the file's when one is set, the machine's otherwise."""
    path = settings.clock_file
    return FileClock(Path(path)) if path else SystemClock()


class ClockProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Hands the suite's clock to each worker."""

    def setup(self) -> None:
        """Choose the clock once: the file's when one is set."""
        self._clock = clock()

    def get_dependency(self, worker_ctx: object) -> Clock:
        """The clock itself."""
        return self._clock
