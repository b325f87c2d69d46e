"""Where one fault after another is played: servers, a suite under test, a load, and what was read afterwards."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from dev.processes import StartFailed
from tests.chaos.checker import missing, violations
from tests.chaos.load import Load, repeated, seconds_until_answers
from tests.chaos.proxy import Proxy
from tests.chaos.reading import PARTNER, Letter, Reading, Recovery, Sent, Size
from tests.chaos.sandan import Sandan
from tests.chaos.servers import Servers, servers
from tests.chaos.subject import Subject

LEAD_SECONDS = 2.5
"""Of load before a fault."""
TAIL_SECONDS = 2.0
"""Of load after it, at least."""
PATIENCE_SECONDS = 30.0
"""How long an answer is waited for after a fault."""
NOTICED_SECONDS = 20.0
"""How long it may take until something is noticed."""
OWED_SECONDS = 400.0
"""The third try comes 5 minutes after the second, a fifth more or less; a lease whose process died ends before."""
ASKING_SECONDS = 15.0
"""An answer that has not come after so long never comes; gateways also ask by themselves, now and then."""

SubjectMaker = Callable[[Path, Servers], Subject]


@dataclass(frozen=True)
class Fault:
    """One row of the table; `do` does the harm and undoes it, `limit` is for answers to come again, in seconds."""

    group: int
    name: str
    do: Callable[["Stage", random.Random], None]
    needs: str = "single"
    short: bool = False
    stock: bool = False
    limit: float = 10.0
    around: Callable[["Stage"], AbstractContextManager[object]] = nullcontext
    """What has to be in place before the load begins, and to be undone after it has ended."""


@dataclass(frozen=True)
class Outcome:
    """What one fault came to."""

    fault: Fault
    acknowledged: int
    failed: int
    applied: int
    effects: int
    parked: int
    recovery: float
    violations: dict[str, list[str]] = field(default_factory=dict)


class Stage:
    """One set of servers with one suite under test."""

    def __init__(self, directory: Path, needs: str, make: SubjectMaker, dice: random.Random) -> None:
        self.directory = directory
        self.dice = dice
        self.sent: list[Sent] = []
        self.poisons: list[Letter] = []
        self.proxy: Proxy | None = None
        self._stack = ExitStack()
        self._healed: float | None = None
        self._complaints: list[str] = []
        self._first_sizes: dict[str, Size] = {}
        self._known: set[str] = set()
        self._written_off: set[tuple[str, str, str]] = set()
        self.servers: Servers = self._stack.enter_context(servers(directory, needs))
        self.subject = make(directory, self.servers)
        self._stack.callback(self.subject.stop)

    def start(self) -> None:
        """Start the suite, give it something to do, and see how big it is when warm."""
        self.subject.start()
        self.sent += repeated(self.subject.caller(), self.load("warm", lambda: time.sleep(2)))
        self._first_sizes = self.subject.sizes()

    def close(self) -> None:
        """End everything."""
        self._stack.close()

    @property
    def sandan(self) -> Sandan:
        """The suite under test, where the fault is about something that plain nameko has not."""
        if not isinstance(self.subject, Sandan):
            raise TypeError("plain nameko is under test")
        return self.subject

    @property
    def proxied(self) -> Proxy:
        """The proxy between services and broker, where the fault has put one."""
        if self.proxy is None:
            raise LookupError("there is no proxy on this stage")
        return self.proxy

    def healed(self) -> None:
        """The harm is undone from now on."""
        self._healed = time.monotonic()

    def complain(self, what: str) -> None:
        """Something is wrong that only the fault itself can see."""
        self._complaints.append(what)

    def expect(self, what: str, check: Callable[[], bool], seconds: float = NOTICED_SECONDS) -> bool:
        """Wait until `check` says so, and complain when it does not come to that; whether it did."""
        deadline = time.monotonic() + seconds
        while not (found := check()) and time.monotonic() < deadline:
            time.sleep(0.1)
        if not found:
            self.complain(f"waited in vain for {what}")
        return found

    def poison(self, letter: Letter) -> None:
        """This message has been put in and has to end among the dead letters."""
        self.poisons.append(letter)

    def load(self, name: str, meanwhile: Callable[[], None]) -> list[Sent]:
        """What clients sent while something happened, and until there were answers again."""
        self._healed = None
        load = Load(self.subject.caller, self.subject.moves, self.dice, f"{name}-{self.dice.getrandbits(32):08x}")
        load.start()
        try:
            time.sleep(LEAD_SECONDS)
            meanwhile()
            if self._healed is None:  # a fault that says nothing of it is undone when it is done
                self.healed()
            self._await_answer(load)
        finally:
            load.stop()
        return load.sent

    def _await_answer(self, load: Load) -> None:
        since = self._healed or time.monotonic()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and seconds_until_answers(load.sent, since) == float("inf"):
            time.sleep(0.1)
        time.sleep(TAIL_SECONDS)

    def play(self, fault: Fault) -> Outcome:
        """Do the harm under load, let everything settle, read and judge."""
        self._complaints = []
        label = fault.name.replace(" ", "-")
        with fault.around(self):
            said = self.load(label, lambda: self._do(fault))
        since = self._healed
        recovery = 0.0 if since is None else seconds_until_answers(said, since)
        failed = sum(each.outcome == "failed" for each in said)
        died = self.subject.dead()
        self._revive()
        said = repeated(self.subject.caller(), said)
        self.sent += said
        reading = self.settled()
        down = (*reading.down, *(f"{name} died" for name in died))
        judged = replace(reading, down=down, recoveries=(Recovery(fault.name, recovery, fault.limit),))
        return self._outcome(fault, judged, said, failed, recovery)

    def _do(self, fault: Fault) -> None:
        try:
            fault.do(self, self.dice)
        except Exception as error:  # noqa: BLE001 - what a fault stumbles over is a finding too
            self.complain(f"{type(error).__name__}: {str(error)[:500]}")

    def finish(self) -> dict[str, list[str]]:
        """What still offends once everything has had its time, deliveries to the partner included."""
        deadline = time.monotonic() + OWED_SECONDS
        reading = self.settled()
        while reading.owed and time.monotonic() < deadline:
            time.sleep(1)
            reading = self.read()
        owed = [f"still owed to {name}: {id}" for id, name in sorted(reading.owed)]
        return self._new({**violations(reading), **({"I8": owed} if owed else {})})

    def _outcome(self, fault: Fault, reading: Reading, said: list[Sent], failed: int, recovery: float) -> Outcome:
        keys = {each.key for each in said}
        mine = {change.event for change in reading.changes if change.command in keys}
        found = violations(reading)
        if self._complaints:
            found["own"] = self._complaints
        return Outcome(
            fault=fault,
            acknowledged=sum(each.outcome == "acknowledged" for each in said),
            failed=failed,
            applied=len(mine),
            effects=sum(effect.event in mine for effect in reading.effects if effect.handler != PARTNER),
            parked=len(reading.parked),
            recovery=recovery,
            violations=self._new(found),
        )

    def _new(self, found: dict[str, list[str]]) -> dict[str, list[str]]:
        """What has not been reported of an earlier fault."""
        fresh = {name: [item for item in items if item not in self._known] for name, items in found.items()}
        self._known.update(item for items in fresh.values() for item in items)
        return {name: items for name, items in fresh.items() if items}

    def _revive(self) -> None:
        try:
            self.subject.revive()
        except StartFailed as error:
            self.complain(str(error).splitlines()[0])

    def settled(self) -> Reading:
        """What is read once nothing moves any more, or when the time is up."""
        deadline = time.monotonic() + self.subject.settles_in
        while True:
            reading = self.read()
            late = time.monotonic() > deadline
            if late or (self._complete(reading) and self.subject.ready()):
                break
            time.sleep(0.5)
        reading = replace(
            self.read(), waiting=self.servers.waiting(), first_sizes=self._first_sizes, sizes=self._sizes()
        )
        self._written_off.update((change.event, handler, part) for change, handler, part in missing(reading))
        return reading

    def _sizes(self) -> dict[str, Size]:
        """How big each process is once none waits for an answer, or for longer than any is waited for."""
        deadline = time.monotonic() + ASKING_SECONDS
        while True:
            sizes = self.subject.sizes()
            if not any(each.waiting for each in sizes.values()) or time.monotonic() > deadline:
                return sizes
            time.sleep(0.2)

    def read(self) -> Reading:
        """What databases and partner hold now."""
        return self.subject.read(self.sent, self.poisons)

    def _complete(self, reading: Reading) -> bool:
        awaited = {
            (change.event, handler, part)
            for change, handler, part in missing(reading)
            if not (handler == PARTNER and (change.event, part) in reading.owed)
        }
        return (
            not (awaited - self._written_off) and not reading.unrelayed and len(reading.parked) >= len(reading.poisons)
        )
