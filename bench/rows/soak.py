"""Ten minutes of steady load: whether memory, green threads and file descriptors of each process stay flat."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import psutil
import requests

from bench.figures import Figure, Figures, Plot, Table
from bench.k6 import Load
from bench.rows.lifecycles import DRAIN_SECONDS, WARM_UP_SECONDS, Players
from bench.stage import Stage
from dev.layout import INTERNAL
from dev.processes import Process, resident
from dev.suite import Suite

SECONDS, QUICK_SECONDS = 600, 60
A_MINUTE = 120
"""Lifecycles started in a minute: steady, and well below what two cores can do."""
EVERY_SECONDS = 5.0
SETTLED = 0.25
"""The first part of the time, in which caches and pools fill, counts for no slope."""
GREEN = "sandan_threads"
MB, HOUR = 2**20, 3600
FLAT = {"green threads": 30.0, "file descriptors": 60.0}
"""What may be gained in an hour at most, from noise; memory is told and not judged, since ten minutes are short."""


@dataclass(frozen=True)
class Sample:
    """What one process held at a moment, in seconds from the start: megabytes, green threads, file descriptors."""

    at: float
    memory: float
    green: float
    files: float


Samples = dict[str, list[Sample]]
KINDS: Mapping[str, Callable[[Sample], float]] = {
    "memory": lambda sample: sample.memory,
    "green threads": lambda sample: sample.green,
    "file descriptors": lambda sample: sample.files,
}


def measure(stage: Stage) -> Figures:
    """Play steadily, and look at every process from time to time."""
    seconds = QUICK_SECONDS if stage.options.quick else SECONDS
    with stage.suite() as suite:
        players = Players(stage, suite)
        meter = stage.meter(suite.processes)
        players.play(WARM_UP_SECONDS)
        meter.wait_quiet(DRAIN_SECONDS)
        stage.told(f"{A_MINUTE} lifecycles a minute for {seconds} s")
        with ThreadPoolExecutor(1) as pool:
            playing = pool.submit(partial(players.play, seconds, A_MINUTE=A_MINUTE))
            samples = _watch(stage, suite, playing)
        suite.require_alive()
    return _figures(samples, playing.result(), seconds)


def _watch(stage: Stage, suite: Suite, playing: "Future[Load]") -> Samples:
    started = time.monotonic()
    watched = {**suite.processes, "broker": stage.broker.process, "database": stage.mongod.process}
    samples: Samples = {name: [] for name in watched}
    while not playing.done():
        for name, process in watched.items():
            samples[name].append(_sample(time.monotonic() - started, process, _metrics_url(suite, name)))
        time.sleep(EVERY_SECONDS)
    return samples


def _sample(at: float, process: Process, url: str | None) -> Sample:
    return Sample(at, resident(process.pid) / MB, _green(url), float(psutil.Process(process.pid).num_fds()))


def _metrics_url(suite: Suite, name: str) -> str | None:
    if name not in suite.processes:
        return None
    port = suite.layout.commands()[name][1] + (INTERNAL if name.startswith("gateway") else 0)
    return f"http://127.0.0.1:{port}/metrics"


def _green(url: str | None) -> float:
    """Green threads of a process, as it counts them itself; 0 for the servers, which have none."""
    lines = requests.get(url, timeout=10).text.splitlines() if url else ()
    return next((float(line.split()[1]) for line in lines if line.startswith(f"{GREEN} ")), 0.0)


def _figures(samples: Samples, load: Load, seconds: float) -> Figures:
    ours = [name for name in samples if "." in name]
    slopes = {(kind, name): _slope(samples[name], KINDS[kind]) for kind in _told(samples) for name in samples}
    judged = [
        Figure(f"{kind} gained, {name}", slopes[kind, name], "an hour", f"≤ {most:.0f}", slopes[kind, name] <= most)
        for kind, most in FLAT.items()
        for name in ours
        if (kind, name) in slopes
    ]
    memory = [Figure(f"memory gained, {name}", slopes["memory", name], "MB an hour") for name in samples]
    errors = load.count("refused")
    return Figures(
        title="Soak",
        conditions=f"{A_MINUTE} lifecycles a minute for {seconds / 60:.0f} min; slopes without the first quarter. "
        "Memory is the proportional set size; part of it is what the drivers' pools and caches settle at.",
        figures=(Figure("errors", errors, "", "none", errors == 0), *judged, *memory),
        tables=(_table(samples),),
        plots=(_plot(samples),),
    )


def _told(samples: Samples) -> list[str]:
    """The kinds that some process tells of: a suite without the gauge of green threads is still watched."""
    every = [sample for found in samples.values() for sample in found]
    return [kind for kind, what in KINDS.items() if any(map(what, every))]


def _slope(samples: list[Sample], what: Callable[[Sample], float]) -> float:
    """What is gained in an hour, by least squares over the settled samples."""
    settled = [(each.at, what(each)) for each in samples if each.at >= SETTLED * samples[-1].at]
    middle = (sum(at for at, _ in settled) / len(settled), sum(value for _, value in settled) / len(settled))
    spread = sum((at - middle[0]) ** 2 for at, _ in settled)
    return HOUR * sum((at - middle[0]) * (value - middle[1]) for at, value in settled) / spread if spread else 0.0


def _table(samples: Samples) -> Table:
    kinds = _told(samples)
    columns = ("process", *(f"{kind}, {when}" for kind in kinds for when in ("start", "end")))
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (name, *(what(found[end]) for what in (KINDS[kind] for kind in kinds) for end in (0, -1)))
        for name, found in samples.items()
    )
    return Table("At the start and at the end (memory in MB)", columns, rows)


def _plot(samples: Samples) -> Plot:
    at = tuple(sample.at for sample in next(iter(samples.values())))
    series = {name: tuple(sample.memory for sample in found) for name, found in samples.items()}
    return Plot("soak", "Memory under steady load", "lines", "seconds", "MB", at, series)
