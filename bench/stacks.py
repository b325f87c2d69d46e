"""Reads what py-spy recorded: which library's own code, and which code of ours with all that it calls, took the CPU."""

import re
import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dev.layout import ROOT

FRAME = re.compile(r"(?P<function>.+) \((?P<file>[^()]*?)(?::\d+)?\)$")
PACKAGES = sysconfig.get_path("purelib")
STANDARD = sysconfig.get_path("stdlib")
OURS = ("gateway", "cases", "members", "notify", "chassis")
SYSTEM_CALLS = {"GreenSocket._send_loop": "system call send", "GreenSocket._recv_loop": "system call recv"}
"""What eventlet's thinnest functions are: the kernel's work, most of it the way of the bytes to the other process."""
WAITING = ("hubs/poll.py", "hubs/epolls.py", "hubs/hub.py")
"""Where eventlet waits; py-spy takes some of it for work."""


@dataclass
class Profile:
    """Samples of one process: all, by library at the top of the stack, by library anywhere in it, by our function."""

    samples: int = 0
    own: Counter[str] = field(default_factory=Counter)
    within: Counter[str] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)

    def share(self, counted: int) -> float:
        """Percent of all samples."""
        return 100 * counted / max(1, self.samples)


def profile(path: Path) -> Profile:
    """The samples in a file of py-spy's `raw` format."""
    found = Profile()
    for frames, count in _stacks(path.read_text().splitlines()):
        if _waits(frames[-1]):
            continue
        places = [_place(frame) for frame in frames]
        found.samples += count
        found.own[places[-1][0]] += count
        found.within.update(dict.fromkeys({library for library, _ in places}, count))
        found.functions.update(dict.fromkeys({function for library, function in places if library in OURS}, count))
    return found


def _stacks(lines: Iterable[str]) -> Iterator[tuple[list[str], int]]:
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if stack:
            yield stack.split(";"), int(count)


def _waits(frame: str) -> bool:
    return any(name in frame for name in WAITING) and not frame.startswith(("fire_timers", "prepare_timers"))


def _place(frame: str) -> tuple[str, str]:
    """The library that a frame belongs to, and the frame as it is shown."""
    parsed = FRAME.match(frame)
    if parsed is None:
        return "other", frame
    file = parsed["file"]
    for root in (PACKAGES, STANDARD, str(ROOT / "services"), str(ROOT)):
        if file.startswith(root + "/"):
            inner = file.removeprefix(root + "/")
            library = SYSTEM_CALLS.get(parsed["function"]) or inner.split("/")[0].removesuffix(".py")
            return library, f"{parsed['function']} ({inner})"
    return "other", f"{parsed['function']} ({file})"
