"""Holding a process to a part of a CPU, by either means."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bench import limit

PART, SECONDS = 0.05, 3.0


@pytest.mark.parametrize("groups", [True, False], ids=["as here", "without control groups"])
def test_a_busy_process_gets_its_part_and_then_all_again(
    groups: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not groups:
        for place in ("FIRST", "SECOND"):
            monkeypatch.setattr(limit, place, tmp_path / "nowhere")
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            with limit.limited([busy.pid], PART):
                assert used(busy.pid) < 1.6 * PART * SECONDS
            assert psutil.Process(busy.pid).status() == psutil.STATUS_RUNNING
        finally:
            busy.kill()


def used(pid: int) -> float:
    """CPU seconds that the process uses in the next `SECONDS`."""
    before = psutil.Process(pid).cpu_times().user
    time.sleep(SECONDS)
    return float(psutil.Process(pid).cpu_times().user - before)
