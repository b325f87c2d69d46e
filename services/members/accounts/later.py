"""What is done a little after it was asked for: a service that is ended meanwhile does it first."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider


class Later:
    """What is still to be done in this process."""

    def __init__(self) -> None:
        self._waiting: set[Any] = set()

    def after(self, seconds: float, work: Callable[..., None], *given: object) -> None:
        """Do it when so many seconds have passed, whether or not who asks is still there."""
        thread = eventlet.spawn_after(seconds, work, *given)
        self._waiting.add(thread)
        thread.link(self._waiting.discard)

    def finish(self) -> None:
        """Return when nothing is left to be done; what fails has been told by the hub."""
        for thread in list(self._waiting):
            with suppress(Exception):
                thread.wait()


class LaterProvider(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects what does things later; it stops once they are done, before the lines to others are cut.

    A worker that would ask for more has ended by then, and how long each of them takes is for itself to bound.
    """

    def __init__(self) -> None:
        self._later = Later()

    def get_dependency(self, worker_ctx: object) -> Later:
        """The one of this process."""
        return self._later

    def stop(self) -> None:
        """Wait for what is left."""
        self._later.finish()
