"""Named points at which a process can be made to die, as by a power cut; they do nothing unless CRASH_AT names one."""

import os
import signal
from itertools import count

from chassis.settings import settings

_passes = count(1)


def crash_point(name: str) -> None:
    """Die here if CRASH_AT is `name`, or `name:n` for the n-th time that the process passes."""
    if settings.crash_at is None:
        return
    wanted, _, nth = settings.crash_at.partition(":")
    if wanted == name and next(_passes) == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
