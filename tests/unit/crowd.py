"""Greenlets that want in where there is not room for all."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import eventlet

from chassis.doorway import NoRoom


class Crowd:
    """They go in when they are told, stay, and leave when they are told; who is inside, and who was refused."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.refused: list[str] = []
        self._exits = {}  # type: dict[str, eventlet.event.Event]
        self._threads = {}  # type: dict[str, eventlet.greenthread.GreenThread]

    def go_in(self, name: str, being_inside: Callable[[], AbstractContextManager[None]]) -> None:
        """Let one more try."""
        self._exits[name] = eventlet.event.Event()
        self._threads[name] = eventlet.spawn(self._stay, name, being_inside)
        eventlet.sleep(0)

    def leave(self, name: str) -> None:
        """Let the one that is inside come out."""
        self._exits[name].send()
        self._settle()

    def kill(self, name: str) -> None:
        """End it wherever it is."""
        self._threads[name].kill()
        self._settle()

    def _settle(self) -> None:
        for _ in range(5):
            eventlet.sleep(0)

    def _stay(self, name: str, being_inside: Callable[[], AbstractContextManager[None]]) -> None:
        try:
            with being_inside():
                self.inside.append(name)
                try:
                    self._exits[name].wait()
                finally:
                    self.inside.remove(name)
        except NoRoom:
            self.refused.append(name)
