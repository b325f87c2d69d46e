"""CPU seconds of process trees, by role, from the kernel's counters; knows nothing of what the processes do."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

QUIET_CPU = 0.03
"""CPU seconds a second above idling at which a system counts as having nothing left to do."""
LOOK_SECONDS = 0.5
QUIET_LOOKS = 4
MOST_WATCHES = 20
SETTLED = 0.9
"""Of the watch before, this much and more is idling; less is work that ends."""

Seconds = dict[str, float]


@dataclass
class Spent:
    """What a measured stretch took: wall clock, and CPU seconds by role after idling was taken off."""

    elapsed: float = 0.0
    cpu: Seconds = field(default_factory=dict)

    @property
    def total(self) -> float:
        """CPU seconds of all roles."""
        return sum(self.cpu.values())

    def each(self, operations: int) -> Seconds:
        """CPU milliseconds for one of so many operations, by role."""
        return {role: seconds * 1000 / operations for role, seconds in self.cpu.items()}


class Meter:
    """Reads what the trees of processes below some roots have used; `roots` are process ids by role."""

    def __init__(self, roots: Mapping[str, Iterable[int]]) -> None:
        self._roots = {role: tuple(pids) for role, pids in roots.items()}
        self.idle: Seconds = dict.fromkeys(self._roots, 0.0)
        """CPU seconds a second that each role uses while nothing is asked of it."""

    def read(self) -> Seconds:
        """CPU seconds so far, by role."""
        return {role: sum(map(_of_tree, pids)) for role, pids in self._roots.items()}

    def learn_idle(self, seconds: float) -> None:
        """Watch for so long what the roles use while nothing is asked of them.

        Again as long as it goes down: what is left of earlier work is no idling, and would be taken off twice.
        """
        self.idle = self._watched(seconds)
        for _ in range(MOST_WATCHES):
            last, self.idle = self.idle, self._watched(seconds)
            if sum(self.idle.values()) >= sum(last.values()) * SETTLED:
                return

    def _watched(self, seconds: float) -> Seconds:
        before, started = self.read(), time.monotonic()
        time.sleep(seconds)
        return self._rates(before, time.monotonic() - started)

    @contextmanager
    def measured(self) -> Iterator[Spent]:
        """What is used inside; the result is filled in at the end. Wait inside for what the work leaves behind."""
        spent, before, started = Spent(), self.read(), time.monotonic()
        yield spent
        spent.elapsed = time.monotonic() - started
        spent.cpu = {role: used - before[role] - self.idle[role] * spent.elapsed for role, used in self.read().items()}

    def wait_quiet(self, limit: float) -> float:
        """Wait until no role does more than it does idling: the seconds it took, or raises TimeoutError."""
        started, quiet = time.monotonic(), 0
        while quiet < QUIET_LOOKS:
            if time.monotonic() - started > limit:
                raise TimeoutError(f"still at work {limit:.0f} s after the load ended")
            before, looked = self.read(), time.monotonic()
            time.sleep(LOOK_SECONDS)
            rates = self._rates(before, time.monotonic() - looked)
            quiet = quiet + 1 if sum(rates.values()) < sum(self.idle.values()) + QUIET_CPU else 0
        return time.monotonic() - started - QUIET_LOOKS * LOOK_SECONDS

    def _rates(self, before: Seconds, elapsed: float) -> Seconds:
        return {role: (used - before[role]) / elapsed for role, used in self.read().items()}


def _of_tree(pid: int) -> float:
    """CPU seconds of a process, of all below it, and of those below it that have ended."""
    try:
        root = psutil.Process(pid)
        return sum(_of_one(each) for each in (root, *root.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0


def _of_one(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
