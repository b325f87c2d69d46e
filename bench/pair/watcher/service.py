"""Hears of notes."""

import time
from typing import Any, ClassVar

from chassis.event import Event
from chassis.mongo import Home
from chassis.rpc import rpc
from chassis.service import Service
from chassis.store import Store
from chassis.subscribe import subscribe

HEARD: dict[str, float] = {}


class Nothing:
    """It keeps nothing."""

    INDEXES: ClassVar[dict[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self.home = home


class WatcherService(Service):
    """The service `watcher`."""

    name = "watcher"

    store = Store(Nothing)

    @subscribe("clerk", "note.kept")
    def hear(self, event: Event) -> None:
        """Remember when the handler of the event began, the first time."""
        HEARD.setdefault(event.data["id"], time.time())

    @rpc
    def heard(self) -> dict[str, Any]:
        """When each note was heard of, in seconds since 1970."""
        return HEARD
