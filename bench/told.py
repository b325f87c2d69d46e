"""Watches when messages to people go out: the lines of the console channel, as they come."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LOOK_SECONDS = 0.01


class Told:
    """When (monotonic seconds) messages went out: all of an event, and the first of each kind about a case."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, path.stat().st_size if path.exists() else 0
        self._stopping = Event()
        self.of_event: defaultdict[str, list[float]] = defaultdict(list)
        self.of_case: dict[tuple[str, str], float] = {}

    def watch(self) -> None:
        """Read what is new, until it is told to stop."""
        while not self._stopping.wait(LOOK_SECONDS):
            self._look()

    def stop(self) -> None:
        """Watch no more."""
        self._stopping.set()

    def _look(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            whole, end, _ = file.read().rpartition(b"\n")
        now = time.monotonic()
        self._read += len(whole) + len(end)
        for text in whole.splitlines():
            line = json.loads(text)
            # A notice's id begins with that of the event that caused it.
            self.of_event[line.get("notice_id", "").partition(":")[0]].append(now)
            self.of_case.setdefault((line.get("case_id") or "", line["template"]), now)


@contextmanager
def told(path: Path) -> Iterator[Told]:
    """Watches the console of a suite inside the block."""
    watched = Told(path)
    thread = Thread(target=watched.watch, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        watched.stop()
        thread.join()
