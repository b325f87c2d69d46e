"""Hands what happens to all open streams of this process, in memory; decides nothing, and asks no service.

All of it runs in one thread, and nothing here waits: a message is handed to every listener before the next one is read.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import Counter as Counted
from prometheus_client import Gauge

from chassis.errors import Refusal
from chassis.rpc import Unreachable
from gateway.live.listener import SLOW, Clause, Listener, Told, still_good
from gateway.live.writing import written

OPEN = Gauge("sandan_streams_open", "Streams that are open, by strand.", ["strand"])
ENDED = Counted("sandan_streams_ended_total", "Streams that were ended from this side, by reason.", ["reason"])
TOLD = Counted("sandan_stream_updates_total", "Updates handed to streams.", ["strand"])

CLOSING = "closing"
BEHIND = "behind"

AGAIN_SECONDS = 5
"""After how long to come again where there is no room for another stream."""


@dataclass(frozen=True)
class Place:
    """How far a strand has come, and the cursor with which to go on from there."""

    position: int
    cursor: str


@dataclass
class Strand:
    """Who listens, by the keys of their clauses, and how far it has come; no place until that is known."""

    place: Place | None = None
    listeners: dict[str, dict[Listener, None]] = field(default_factory=lambda: defaultdict(dict))


class Hub:
    """All streams of a process; `connected` says whether the broadcasts reach it."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """At most so many streams, and so many of one person."""
        self._most, self._most_of_one = most, most_of_one
        self._strands: defaultdict[str, Strand] = defaultdict(Strand)
        self._open: dict[Listener, None] = {}
        self._persons: Counter[str] = Counter()
        self._closed = False
        self.connected = False

    def join(
        self,
        strand: str,
        clauses: Iterable[Mapping[str, Any]],
        person: str,
        void: Callable[[], str | None] = still_good,
    ) -> Listener:
        """A listener that is told from now on whatever its clauses admit, until `void` says why it is ended.

        Refuses `too_many_streams` of one person; raises Unreachable while nothing can be heard, and without room.
        """
        if self._persons[person] >= self._most_of_one:
            raise Refusal("too_many_streams", most=self._most_of_one, retry_after=AGAIN_SECONDS)
        if self._closed or not self.connected or self._strands[strand].place is None:
            raise Unreachable("nothing can be heard at present")
        if len(self._open) >= self._most:
            raise Unreachable("there is no room for another stream")
        listener = Listener(strand, map(Clause.load, clauses), person, void)
        for key in {clause.key for clause in listener.clauses}:
            self._strands[strand].listeners[key][listener] = None
        self._open[listener] = None
        self._persons[person] += 1
        OPEN.labels(strand).inc()
        return listener

    def leave(self, listener: Listener) -> None:
        """Nothing more is for this listener; leaving twice is leaving once."""
        if listener not in self._open:
            return
        del self._open[listener]
        self._persons -= Counter({listener.person: 1})
        OPEN.labels(listener.strand).dec()
        listeners = self._strands[listener.strand].listeners
        for key in {clause.key for clause in listener.clauses}:
            listeners[key].pop(listener, None)
            if not listeners[key]:
                del listeners[key]

    def hear(self, strand: str, updates: Iterable[Mapping[str, Any]]) -> bool:
        """Hand on what is new, in order; False where something between is missing, and has to be asked for first."""
        found = self._strands[strand]
        for update in updates:
            if found.place is None or update["position"] > found.place.position + 1:
                return False
            if update["position"] == found.place.position + 1:
                found.place = Place(update["position"], update["cursor"])
                self._hand_on(found, update)
        return True

    def place(self, strand: str) -> Place | None:
        """How far the strand has come."""
        return self._strands[strand].place

    def begin(self, strand: str, place: Place) -> None:
        """The strand has come so far, and goes on from there."""
        self._strands[strand].place = place

    def lose(self, strand: str) -> None:
        """What follows cannot be told from what was, as after a restored backup: all who listen have to begin anew."""
        self._strands[strand].place = None
        self._end([each for each in self._open if each.strand == strand], BEHIND)

    def end_void(self) -> None:
        """Something has ended: who listens with what is void by now is told why, and no more."""
        for listener in list(self._open):
            if reason := listener.void():
                self._end([listener], reason)

    def end_all(self) -> None:
        """The process goes: nobody joins any more, and all who listen are told."""
        self._closed = True
        self._end(list(self._open), CLOSING)

    def _hand_on(self, strand: Strand, update: Mapping[str, Any]) -> None:
        marks = frozenset(update["marks"])
        near = ((mark, listener) for mark in marks for listener in strand.listeners.get(mark, ()))
        hearing = {listener: None for mark, listener in near if listener.hears(mark, marks)}
        if not hearing:
            return
        told = Told(update["position"], written(update))
        for listener in hearing:
            listener.tell(told)
        TOLD.labels(next(iter(hearing)).strand).inc(len(hearing))
        self._end([each for each in hearing if each.ended], SLOW)

    def _end(self, listeners: Iterable[Listener], reason: str) -> None:
        for listener in listeners:
            listener.end(reason)
            self.leave(listener)
            ENDED.labels(reason).inc()
