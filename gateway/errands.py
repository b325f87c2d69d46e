"""Programs that do one thing and end: started one at a time, waited for without holding up anybody, cut short in time.

What a library takes while it works goes with its process, so the gateway stays as small as it was.
"""

from collections.abc import Sequence

from eventlet.green import subprocess
from eventlet.semaphore import Semaphore
from eventlet.timeout import Timeout

from gateway.facade import ErrandFailed

SECONDS = 15.0
MOST_WAITING = 20
"""Who comes when so many wait would hardly have a turn in time, and what is given waits in memory."""
SAID = 1_000
"""Characters of what a program complained about that are told."""


class Errands:
    """Runs programs, one after the other."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = Semaphore(1)
        self._waiting = 0

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        """What the command writes when it is given this; raises `ErrandFailed`.

        Waiting for its turn may take as long as its work, and no more than `MOST_WAITING` wait. It is told nothing of
        our environment, which holds secrets.
        """
        if self._waiting >= MOST_WAITING:
            raise ErrandFailed("too many wait")
        self._take_turn()
        try:
            return self._run(command, given)
        finally:
            self._turn.release()

    def _take_turn(self) -> None:
        self._waiting += 1
        try:
            taken = self._turn.acquire(timeout=self._seconds)
        finally:
            self._waiting -= 1
        if not taken:
            raise ErrandFailed("others were before it")

    def _run(self, command: Sequence[str], given: bytes) -> bytes:
        pipe = subprocess.PIPE
        program = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={})
        try:
            with Timeout(self._seconds, ErrandFailed("not done in time")):
                made, said = program.communicate(given)
        finally:
            if program.poll() is None:
                program.kill()
                program.wait()
        if program.returncode != 0:
            raise ErrandFailed(f"ended with {program.returncode}: {said.decode(errors='replace')[-SAID:]}")
        return bytes(made)
