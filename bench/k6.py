"""Runs a k6 script and reads its summary: how often, how long, what was refused, and what k6 itself has used."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parent / "load"
LONGEST_SECONDS = 1_800
ONE_THREAD = {"GOMAXPROCS": "1", "K6_NO_USAGE_REPORT": "true"}


class LoadFailed(Exception):
    """k6 did not run through; the message has its last words."""


@dataclass(frozen=True)
class Load:
    """What a run of k6 told: `metrics` by name, seconds of wall clock, CPU seconds of k6, what it complained of."""

    metrics: Mapping[str, Mapping[str, float]]
    elapsed: float
    cpu: float
    complaints: tuple[str, ...]

    def count(self, name: str) -> int:
        """The value of a counter; 0 when it was never touched."""
        return int(self.metrics.get(name, {}).get("count", 0))

    def trend(self, name: str) -> Mapping[str, float]:
        """Milliseconds of a trend: `avg`, `med`, `p(95)`, `p(99)`, `max`; `count` is how many."""
        return self.metrics[name]


def run(script: str, **environment: Any) -> Load:
    """Run a script of `load/` with these variables; raises `LoadFailed`."""
    with tempfile.TemporaryDirectory(prefix="sandan-k6-") as folder:
        summary = Path(folder) / "summary.json"
        told = {name: str(value) for name, value in environment.items()} | {"SUMMARY": str(summary)}
        before, started = _children_cpu(), time.monotonic()
        ended = subprocess.run(
            [_program(), "run", "--quiet", "--no-usage-report", str(SCRIPTS / script)],
            env=os.environ | ONE_THREAD | told,
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
        elapsed, cpu = time.monotonic() - started, _children_cpu() - before
        complaints = tuple(line for line in ended.stderr.splitlines() if "level=error" in line)
        if ended.returncode != 0 or not summary.exists():
            raise LoadFailed("\n".join(ended.stderr.splitlines()[-15:]))
        metrics = {name: _plain(each) for name, each in json.loads(summary.read_text()).items()}
        return Load(metrics, elapsed, cpu, complaints)


def _plain(metric: Mapping[str, Any]) -> Mapping[str, float]:
    values: Mapping[str, float] = metric["values"]
    return values


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _program() -> str:
    found = shutil.which("k6")
    if found is None:
        raise LoadFailed("k6 is missing: make venv installs it.")
    return found
