"""Hears of things, once by type and once in order; chokes on the values that a test asks it to choke on."""

import os
import signal
from collections.abc import Sequence
from typing import Any, ClassVar

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.event import Event
from chassis.mongo import Home
from chassis.rpc import rpc
from chassis.service import Service
from chassis.store import Store
from chassis.subscribe import subscribe


class Heard:
    INDEXES: ClassVar = {"heard": [IndexModel("thing")]}

    def __init__(self, home: Home) -> None:
        self.heard = home.collection("heard")
        self.lined_up = home.collection("lined_up")


class TakerService(Service):
    name = "taker"

    store = Store(Heard)

    @subscribe("giver", "thing.given")
    def hear(self, event: Event) -> None:
        if event.data["value"] == "poison":
            raise ValueError("this cannot be swallowed")
        if event.data["value"] == "deadly" and self.store.heard.count_documents({"thing": "deadly"}) == 0:
            self.store.heard.insert_one({"_id": "deadly", "thing": "deadly"})
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            self.store.heard.insert_one({"_id": event.id, "thing": event.data["id"], "sequence": event.sequence})
        except DuplicateKeyError:
            return

    @subscribe("giver", ordered=True)
    def line_up(self, events: Sequence[Event]) -> None:
        for event in events:
            self._line_up(event, len(events))

    def _line_up(self, event: Event, together: int) -> None:
        if event.data["value"] == "too big":
            raise ValueError("this does not fit into the line")
        thing, sequence = event.data["id"], event.sequence
        position = self.store.lined_up.count_documents({}) + 1
        fresh = {"_id": event.id, "thing": thing, "sequence": sequence, "position": position, "together": together}
        fresh["by"] = os.getpid()
        self.store.lined_up.update_one({"_id": event.id}, {"$setOnInsert": fresh}, upsert=True)

    @rpc
    def heard(self, id: str) -> list[Any]:
        return [found["sequence"] for found in self.store.heard.find({"thing": id})]
