"""Holds processes to a part of one CPU: by a control group where one can be made, else by stopping them in turn."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PERIOD = 0.1
"""Seconds in which the part is counted."""
FIRST, SECOND = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
"""Where the CPU controller of the first and of the second version of control groups is usually mounted."""


@contextmanager
def limited(pids: Sequence[int], part: float) -> Iterator[str]:
    """Hold each of the processes to `part` of a CPU until the end; tells by which means."""
    with ExitStack() as stack:
        ways = [stack.enter_context(_one(pid, part)) for pid in pids]
        yield ways[0]


@contextmanager
def _one(pid: int, part: float) -> Iterator[str]:
    group = _group(pid, part)
    if group is None:
        with _by_turns(pid, part):
            yield "SIGSTOP and SIGCONT by turns"
        return
    try:
        (group / "cgroup.procs").write_text(str(pid))
        yield "control group"
    finally:
        with suppress(OSError):  # the process may have ended
            (group.parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()


def _group(pid: int, part: float) -> Path | None:
    """A new control group with the quota; None where none can be made."""
    period = int(PERIOD * 1e6)
    settings = {
        FIRST: {"cpu.cfs_period_us": f"{period}", "cpu.cfs_quota_us": f"{int(period * part)}"},
        SECOND: {"cpu.max": f"{int(period * part)} {period}"},
    }
    for root, files in settings.items():
        group = root / f"sandan-bench-{pid}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            for name, value in files.items():
                (group / name).write_text(value)
        except OSError:
            group.rmdir()
        else:
            return group
    return None


@contextmanager
def _by_turns(pid: int, part: float) -> Iterator[None]:
    """Let the process run for its part of each period; it needs a CPU for itself while it does."""
    over = threading.Event()

    def turns() -> None:
        while not over.is_set():
            os.kill(pid, signal.SIGSTOP)
            time.sleep(PERIOD * (1 - part))
            os.kill(pid, signal.SIGCONT)
            time.sleep(PERIOD * part)

    thread = threading.Thread(target=turns, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
