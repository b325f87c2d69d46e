"""Rounds: work that is looked for when a bell rings, and from time to time in any case; mechanism only."""

from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import DependencyProvider, Entrypoint, SharedExtension

log = structlog.get_logger()

GATHER_SECONDS = 0.02
"""A round begins this much after the bell unless told otherwise: work that comes together is then done together."""


class Bell(SharedExtension):  # type: ignore[misc]  # nameko is untyped
    """One bell for each name in a process; ringing it twice before it is heard is ringing it once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._signal = Signal()

    @property
    def sharing_key(self) -> tuple[type, str]:
        """One bell for each name."""
        return type(self), self.name

    def ring(self) -> None:
        """There is work."""
        if not self._signal.ready():
            self._signal.send(None)

    def wait(self, seconds: float) -> None:
        """Return when the bell has been rung since the last time, or after so many seconds."""
        with eventlet.Timeout(seconds, exception=False):
            self._signal.wait()
        if self._signal.ready():
            self._signal = Signal()


class Ringer(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Hands a bell to the methods that make work for a round."""

    def __init__(self, name: str) -> None:
        self.bell = Bell(name)

    def get_dependency(self, worker_ctx: object) -> Bell:
        """The bell."""
        return self.bell


class Round(Entrypoint):  # type: ignore[misc]  # nameko is untyped
    """Calls its method when the bell rings and every `seconds`; never twice at once in one process."""

    def __init__(self, bell: str, seconds: float, gather: float = GATHER_SECONDS) -> None:
        super().__init__()
        self.bell = Bell(bell)
        self.seconds, self.gather = seconds, gather
        self._stopping = False
        self._walking: Any = None

    def start(self) -> None:
        """Begin the rounds."""
        self._walking = self.container.spawn_managed_thread(self._walk, identifier=f"round {self.method_name}")

    def stop(self) -> None:
        """Begin no further round; one that runs finishes."""
        self._stopping = True
        self.bell.ring()

    def _walk(self) -> None:
        while not self._stopping:
            self.bell.wait(self.seconds)
            eventlet.sleep(self.gather)
            if not self._stopping:
                self._call()

    def _call(self) -> None:
        done = Signal()

        def handle_result(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info[1] if exc_info else None)
            return result, exc_info

        try:
            self.container.spawn_worker(self, (), {}, handle_result=handle_result)
        except ContainerBeingKilled:
            return
        if (error := done.wait()) is not None:
            log.warning("round failed", round=self.method_name, exc_info=error)
            eventlet.sleep(self.seconds)


def on_bell(bell: str, seconds: float, gather: float = GATHER_SECONDS) -> Callable[[Any], Any]:
    """Mark a method that looks for work `gather` seconds after `bell` rings, and at least every `seconds`."""
    decorate: Callable[[Any], Any] = Round.decorator(bell, seconds, gather)
    return decorate
