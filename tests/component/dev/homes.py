"""Which processes belong to a server of a test: those that have their home below its directory."""

from contextlib import suppress
from pathlib import Path

import psutil


def at_home(home: Path) -> list[tuple[str, psutil.Process]]:
    """Every process whose home is `home` or below it, with its name, whoever its parent is by now."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):  # it has ended meanwhile
            if Path(process.environ().get("HOME", "/")).is_relative_to(home):
                found.append((process.name(), process))
    return found
