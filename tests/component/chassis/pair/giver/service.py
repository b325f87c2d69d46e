"""Keeps things, each with its history, and asks the taker on request."""

import time
from typing import Any, ClassVar

import structlog
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.rpc import DeadlineExceeded, Remote, Unreachable, rpc
from chassis.service import Service
from chassis.store import Store

log = structlog.get_logger()


class Things:
    INDEXES: ClassVar = {"things": [IndexModel("history.command")]}

    def __init__(self, home: Home) -> None:
        self.things = home.outbox("things", subject="thing", published={"thing.given", "thing.unheard"})
        self.parcels = home.outbox("parcels", subject="parcel", published={"parcel.sent"})


class GiverService(Service):
    name = "giver"

    things = Store(Things)
    taker = Remote("taker", seconds=1.0)

    @rpc
    def give(self, id: str, value: Any, type: str = "thing.given") -> str:
        entry = Entry(new_id(), type, self.clock.now(), {"id": id, "value": value}, key="k")
        try:
            self.things.things.create({"_id": id, "value": value}, [entry])
        except DuplicateKeyError:
            return "known"
        return "kept"

    @rpc
    def change(self, id: str, version: int, value: Any) -> None:
        entry = Entry(new_id(), "thing.given", self.clock.now(), {"id": id, "value": value}, key="k")
        self.things.things.append(id, version, [entry], {"$set": {"value": value}})

    @rpc
    def refuse(self) -> None:
        raise Refusal("not_now", until="tomorrow")

    @rpc
    def stall(self, seconds: float) -> str:
        log.info("stalling")
        time.sleep(seconds)
        return "awake"

    @rpc
    def ask_taker(self) -> str:
        try:
            return str(self.taker.heard(id="nothing"))
        except DeadlineExceeded:
            return "deadline exceeded"
        except Unreachable:
            return "unreachable"
