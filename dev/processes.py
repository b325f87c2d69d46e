"""Child processes that log to a file, and end with their parent; knows nothing of what they run."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil


class StartFailed(Exception):
    """A process ended, or was not ready in time; the message has the end of its log."""


class Process:
    """One command, run in a session of its own so that Ctrl-C reaches its parent alone."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        orphaned: str = "TERM",
    ) -> None:
        """`orphaned` is the signal that it gets when its parent is gone; KILL for what may not heed another."""
        self.name = name
        self.log = log
        self._command = [*_ends_with_parent(orphaned), *command]
        self._environment = os.environ | (environment or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._begins = 0

    @property
    def pid(self) -> int:
        """The id of the running process."""
        if self._child is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._child.pid

    def alive(self) -> bool:
        """Whether it runs; a paused process does."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Run the command; its output is added to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._begins = log.tell()
            self._child = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """Send a signal, for example SIGSTOP."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.alive():
            self.signal(signal.SIGKILL)
            self.wait(10)

    def ask_to_stop(self) -> None:
        """Ask it to end, also when it is paused."""
        if self.alive():
            self.signal(signal.SIGTERM)
            self.signal(signal.SIGCONT)

    def stop(self, grace: float = 15) -> None:
        """Ask it to end and wait; what has not ended after `grace` seconds is killed."""
        self.ask_to_stop()
        try:
            self.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait(self, seconds: float) -> int | None:
        """Wait for its end; the exit code, negative for a signal. Raises `subprocess.TimeoutExpired`."""
        return None if self._child is None else self._child.wait(seconds)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`; raises `StartFailed` when the process ends first or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive():
                raise StartFailed(f"{self.name} ended at start. The end of {self.log}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.name} was not ready in {seconds:.0f} s. {self.log}:\n{self.tail()}")
            time.sleep(0.05)

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log since it was started, indented."""
        text = self.log.read_bytes()[self._begins :].decode(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def end(self) -> str:
        """How it ended, as a predicate: `was killed by SIGKILL`, `has ended with exit code 1`."""
        code = self._child.poll() if self._child else None
        if code is None:
            return "has not ended"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"has ended with exit code {code}"

    def memory(self) -> int:
        """Resident bytes of the process and its children."""
        return resident(self.pid) if self.alive() else 0


def resident(pid: int) -> int:
    """Resident bytes of a process and all that it started; memory they share is counted once where known."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(_memory(process) for process in family)


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", full.rss))


def _ends_with_parent(orphaned: str) -> list[str]:
    """On Linux the kernel ends the child when its parent dies, however it dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", orphaned, "--"] if setpriv else []
