"""Heads of the trail outside the database: lines of a file that is only ever added to."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from errno import ENOSPC
from pathlib import Path

from chassis.audit.row import Place
from chassis.audit.walk import Heads

MODE = 0o600
"""Its owner alone reads and writes it."""


@dataclass(frozen=True)
class Head:
    """The newest row of a service's trail at some moment, or the last of a day; `at` is real time."""

    service: str
    day: str
    seq: int
    hash: str
    at: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.day, self.seq, self.hash)


def carry(path: Path, heads: Iterable[Head]) -> None:
    """Add a line for each, and see them on the disk; several processes may do so at once. Raises OSError.

    A line that another process was cut short in stays as it is, and takes none of ours with it.
    """
    lines = "".join(f"{json.dumps(asdict(head))}\n" for head in heads).encode()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, MODE)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            lines = b"\n" + lines
        if os.write(file, lines) < len(lines):
            raise OSError(ENOSPC, "heads were written in part")
        os.fsync(file)
    finally:
        os.close(file)


def carried(paths: Iterable[Path], service: str) -> Iterator[Head]:
    """The heads of a service in these files, in the order of their lines; a file that is not there has none.

    Raises ValueError, with its place, for a line that is no head: somebody has been at it, or the disk was full.
    """
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for n, line in enumerate(lines, 1):
            try:
                head = Head(**json.loads(line))
            except (TypeError, ValueError):
                raise ValueError(f"{path}:{n} is no head") from None
            if head.service == service:
                yield head


def by_place(heads: Iterable[Head]) -> Heads:
    """What was carried outside for each place."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    for head in heads:
        found[head.day, head.seq] = found.get((head.day, head.seq), frozenset()) | {head.hash}
    return found
