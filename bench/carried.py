"""Lets events of cases happen, and finds out from notify's own records when partners had them, and at what cost."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from kombu import Connection

from bench.cpu import Meter, Spent
from bench.stage import Document, Stage
from chassis import topology
from chassis.event import Event, packed
from dev.suite import Suite

TICK_SECONDS = 0.02
LOOK_SECONDS = 1.0
DRAIN_SECONDS = 900


@dataclass(frozen=True)
class Arrival:
    """One event that a partner has: milliseconds from the event until it was filed for it, and until it was there."""

    subscription_id: str
    way: str
    position: int
    filed: float
    delay: float


@dataclass(frozen=True)
class Carried:
    """What became of a number of events; `seconds` is from the first event to the last delivery."""

    events: int
    seconds: float
    spent: Spent
    arrivals: Sequence[Arrival]
    memory: tuple[int, int]
    """Bytes of notify, before and after."""

    def delays(self, of: Collection[str] | None = None, way: str | None = None) -> list[float]:
        """From event to partner in their order of length, all or those of some subscriptions or of one way."""
        return sorted(
            each.delay
            for each in self.arrivals
            if (of is None or each.subscription_id in of) and way in {None, each.way}
        )

    def filed(self, part: float = 1.0) -> list[float]:
        """From event to its being filed in their order of length, for the last part of the events."""
        last = max((each.position for each in self.arrivals), default=0)
        return sorted(each.filed for each in self.arrivals if each.position > last - part * self.events)


class Happenings:
    """Events that happen in one suite."""

    def __init__(self, stage: Stage, suite: Suite, events: Iterator[Event]) -> None:
        self._notify = stage.client["notify"]
        self._process = suite.processes["notify.1"]
        self._meter: Meter = stage.meter(suite.processes)
        self._events = events
        self._channel = Connection(stage.broker.uri).channel()

    def carried(self, number: int, a_second: float | None = None, to: Sequence[str] = ()) -> Carried:
        """Let so many happen, all at once or so many a second, and wait until these subscriptions have them."""
        before, memory = self._last(), self._process.memory()
        with self._meter.measured() as spent:
            self._happen(number, a_second)
            self._wait(before, before + number, to)
        times = self._times(before)
        arrivals = [self._arrival(each, times) for each in self._delivered(before, to)]
        first = min(times.values())
        last = max((times[each.position].timestamp() + each.delay / 1000 for each in arrivals), default=0.0)
        return Carried(number, last - first.timestamp(), spent, arrivals, (memory, self._process.memory()))

    def _happen(self, number: int, a_second: float | None) -> None:
        began, done = time.monotonic(), 0
        while done < number:
            due = number if a_second is None else min(number, int((time.monotonic() - began) * a_second) + 1)
            for event in islice(self._events, due - done):
                now = replace(event, time=datetime.now(UTC))
                self._channel.basic_publish(packed(now), topology.events_exchange("cases"), now.routing_key)
            done = due
            time.sleep(TICK_SECONDS)

    def _wait(self, before: int, last: int, to: Sequence[str]) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        while self._last() < last or self._waits(before, to):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{DRAIN_SECONDS} s after the last event {last - self._last()} were not logged")
            time.sleep(LOOK_SECONDS)

    def _last(self) -> int:
        found: Document | None = self._notify["event_log"].find_one({}, {"_id": True}, sort=[("_id", -1)])
        return int(found["_id"]) if found else 0

    def _waits(self, before: int, to: Sequence[str]) -> bool:
        if not to:
            return False
        pending = {"subscription_id": {"$in": list(to)}, "state": "pending", "position": {"$gt": before}}
        return self._notify["deliveries"].find_one(pending, {"_id": True}) is not None

    def _times(self, before: int) -> dict[int, datetime]:
        found = self._notify["event_log"].find({"_id": {"$gt": before}}, {"time": True})
        return {each["_id"]: each["time"] for each in found}

    def _delivered(self, before: int, to: Sequence[str]) -> list[Document]:
        """What these got, each with the `way` of its subscription."""
        kept = self._notify["subscriptions"].find({"_id": {"$in": list(to)}}, {"way": True})
        ways = {each["_id"]: each["way"] for each in kept}
        where = {"subscription_id": {"$in": list(to)}, "position": {"$gt": before}, "state": "delivered"}
        return [{**each, "way": ways[each["subscription_id"]]} for each in self._notify["deliveries"].find(where)]

    def _arrival(self, row: Document, times: dict[int, datetime]) -> Arrival:
        happened = times[row["position"]]
        return Arrival(
            row["subscription_id"],
            row["way"],
            row["position"],
            1000 * (row["stored_at"] - happened).total_seconds(),
            1000 * (row["delivered_at"] - happened).total_seconds(),
        )
