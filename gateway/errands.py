"""Programs that do one thing and end: started one at a time, waited for without holding up anybody, cut short in time.

What a library takes while it works goes with its process, so the gateway stays as small as it was.
"""

from collections.abc import Sequence

from eventlet.green import subprocess
from eventlet.semaphore import Semaphore
from eventlet.timeout import Timeout

from gateway.facade import ErrandFailed

SECONDS = 15.0
SAID = 1_000
"""Characters of what a program complained about that are told."""


class Errands:
    """Runs programs, one after the other."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = Semaphore(1)

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        """What the command writes when it is given this; raises `ErrandFailed`.

        Waiting for its turn may take as long as its work. It is told nothing of our environment, which holds secrets.
        """
        if not self._turn.acquire(timeout=self._seconds):
            raise ErrandFailed("others were before it")
        try:
            return self._run(command, given)
        finally:
            self._turn.release()

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
