"""The meter: what a tree of processes used, without what it uses idling."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from bench.cpu import Meter

BUSY = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])\nsys.stdin.read()"


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[bytes]]:
    """A process that works when a line comes, in a child of its own."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def test_work_of_a_child_that_has_ended_is_counted(waiting: subprocess.Popen[bytes]) -> None:
    meter = Meter({"worker": [waiting.pid], "nobody": []})
    deadline = time.monotonic() + 20
    while meter.read()["worker"] < 0.5 and time.monotonic() < deadline:
        time.sleep(0.05)
    while psutil.Process(waiting.pid).children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 0.5 <= meter.read()["worker"] < 2
    assert meter.read()["nobody"] == 0


def test_idling_is_taken_off() -> None:
    meter = Meter({"worker": []})
    meter.idle = {"worker": 2.0}
    with meter.measured() as spent:
        time.sleep(0.05)
    assert spent.cpu["worker"] == pytest.approx(-2.0 * spent.elapsed)
    assert spent.each(100)["worker"] == pytest.approx(-20 * spent.elapsed)


def test_who_never_rests_is_not_waited_for_for_ever() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            with pytest.raises(TimeoutError):
                Meter({"worker": [busy.pid]}).wait_quiet(1)
        finally:
            busy.kill()
