"""Keeps notes with the event of each."""

import time
from typing import Any, ClassVar

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.rpc import rpc
from chassis.service import Service
from chassis.store import Store

COMMITTED: dict[str, float] = {}


class Notes:
    """The notes."""

    INDEXES: ClassVar[dict[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self.notes = home.outbox("notes", subject="note", published={"note.kept"})


class ClerkService(Service):
    """The service `clerk`."""

    name = "clerk"

    store = Store(Notes)

    @rpc
    def keep(self, id: str, text: str) -> None:
        """Keep a note; when the write was acknowledged is remembered."""
        entry = Entry(new_id(), "note.kept", self.clock.now(), {"id": id, "text": text}, key="k")
        self.store.notes.create({"_id": id, "text": text}, [entry])
        COMMITTED[id] = time.time()

    @rpc
    def committed(self) -> dict[str, Any]:
        """When each note was committed, in seconds since 1970."""
        return COMMITTED
