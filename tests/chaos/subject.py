"""What the fault suite asks of a suite under test; there are two: Sandan, and plain nameko."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from tests.chaos.load import Caller
from tests.chaos.reading import Letter, Reading, Sent, Size


class Subject(Protocol):
    """A suite of processes on servers that somebody else looks after."""

    name: str
    moves: tuple[str, ...]
    """Kinds of commands for a reported case; the first comes once for each case, before the others."""
    settles_in: float
    """Seconds within which everything has had its effect after a fault, or never will."""
    event_queues: tuple[str, ...]
    request_queue: str
    spares: Mapping[str, tuple[str, ...]]
    """Instances of each service that are not started with the others."""

    def start(self) -> None:
        """Start everything and wait until it answers."""

    def stop(self) -> None:
        """End every process."""

    def caller(self) -> Caller:
        """A client of its own for one thread."""

    def instances(self, service: str) -> list[str]:
        """The processes of a service."""

    def kill(self, instance: str, /) -> None:
        """SIGKILL one."""

    def begin(self, instance: str, settings: Mapping[str, str] | None = None, /) -> None:
        """Start one anew, with settings of its own, or a spare one; does not wait."""

    def retire(self, instance: str, /) -> int | None:
        """SIGTERM one and do without it: its exit code, None when it had to be killed."""

    def revive(self) -> None:
        """Start whatever has ended, and wait until all is ready."""

    def alive(self, instance: str, /) -> bool:
        """Whether one runs."""

    def dead(self) -> list[str]:
        """The processes that have ended."""

    def ready(self) -> bool:
        """Whether all is ready and nothing waits to be published."""

    def read(self, sent: Iterable[Sent], poisons: Iterable[Letter]) -> Reading:
        """The state behind the interface; the stage adds what it alone knows."""

    listeners: tuple[str, ...]
    """The services that hear events."""

    def silence(self) -> AbstractContextManager[None]:
        """Freeze whoever publishes events of cases."""

    def come_back(self, instances: Iterable[str], /) -> None:
        """Start listeners whose queues are gone, after their setup."""

    def copies(self) -> Iterable[tuple[str, bytes, dict[str, Any]]]:
        """One event that has happened, as queue, body and properties of the message that brought it there."""

    def sizes(self) -> dict[str, Size]:
        """How big each process is."""
