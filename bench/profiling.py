"""Where the CPU of one case lifecycle goes, hop by hop: py-spy on each process under load, beside the CPU meter."""

import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.rows.lifecycles import DRAIN_SECONDS, WARM_UP_SECONDS, Players
from bench.stacks import Profile, profile
from bench.stage import Stage
from dev.layout import SERVICES
from dev.processes import Process

SECONDS = 40
RATE = 100
LIBRARIES, FUNCTIONS = 16, 40
KINDS = ("queries", "getmore", "insert", "update", "remove", "commands")


def record(stage: Stage, results: Path) -> str:
    """Play lifecycles, first measured and then watched; the summary as Markdown. Raw samples go to `results`."""
    with stage.suite() as suite:
        players = Players(stage, suite)
        meter = stage.meter(suite.processes)
        players.play(WARM_UP_SECONDS)
        meter.wait_quiet(DRAIN_SECONDS)
        before = _touched(stage)
        with meter.measured() as spent:
            load = players.play(SECONDS)
            meter.wait_quiet(DRAIN_SECONDS)
        asked, finished = _touched(stage) - before, load.count("finished")
        with _watched(suite.processes, results) as raw:
            players.play(SECONDS)
    profiles = {role: profile(path) for role, path in raw.items()}
    return _summary(spent.each(finished), profiles, finished) + _asked(asked, finished)


@contextmanager
def _watched(processes: Mapping[str, Process], results: Path) -> Iterator[dict[str, Path]]:
    """Record all processes while what is inside happens: the files of samples, by role."""
    raw = {name.partition(".")[0]: results / f"profile-{name}.txt" for name in processes}
    pairs = zip(processes.values(), raw.values(), strict=True)
    watchers = [subprocess.Popen(_py_spy(process.pid, path), stdout=subprocess.DEVNULL) for process, path in pairs]
    yield raw
    for watcher in watchers:
        watcher.wait(SECONDS)


def _py_spy(pid: int, output: Path) -> list[str]:
    options = ["--rate", str(RATE), "--duration", str(SECONDS), "--format", "raw", "--full-filenames", "--nonblocking"]
    return ["py-spy", "record", *options, "--pid", str(pid), "--output", str(output)]


def _summary(cost: Mapping[str, float], profiles: Mapping[str, Profile], finished: int) -> str:
    lines = [
        f"{sum(cost.values()):.1f} ms CPU for one lifecycle ({finished} played).",
        "",
        "| role | ms |",
        "|---|---|",
    ]
    lines += [f"| {role} | {ms:.1f} |" for role, ms in cost.items()]
    for role, found in profiles.items():
        lines += ["", f"## {role}: {cost[role]:.1f} ms a lifecycle, {found.samples} samples", ""]
        lines += _shares(found, cost[role])
    return "\n".join(lines) + "\n"


def _shares(found: Profile, cost: float) -> Iterable[str]:
    yield "| library | own code % | own code ms | with what it calls % | with what it calls ms |"
    yield "|---|---|---|---|---|"
    for library, count in found.own.most_common(LIBRARIES):
        own, within = found.share(count), found.share(found.within[library])
        yield f"| {library} | {own:.1f} | {own * cost / 100:.2f} | {within:.1f} | {within * cost / 100:.2f} |"
    yield ""
    yield "| our function, with what it calls | % | ms |"
    yield "|---|---|---|"
    for function, count in found.functions.most_common(FUNCTIONS):
        share = found.share(count)
        yield f"| `{function}` | {share:.1f} | {share * cost / 100:.2f} |"


def _touched(stage: Stage) -> Counter[tuple[str, str]]:
    """How often each collection was asked for each kind of thing so far, as the database counts it."""
    found = stage.client.admin.command("top")["totals"]
    return Counter(
        {
            (collection, kind): found[collection][kind]["count"]
            for collection in found
            if collection.startswith(SERVICES)
            for kind in KINDS
        }
    )


def _asked(counted: Counter[tuple[str, str]], finished: int) -> str:
    lines = ["", "## database: requests for one lifecycle", "", f"| collection | {' | '.join(KINDS)} |"]
    lines.append("|---" * (len(KINDS) + 1) + "|")
    for collection in sorted({collection for collection, _ in counted}):
        numbers = (f"{counted[collection, kind] / finished:.1f}" for kind in KINDS)
        lines.append(f"| {collection} | {' | '.join(numbers)} |")
    lines.append(f"| all | {' | '.join(f'{_all(counted, kind) / finished:.1f}' for kind in KINDS)} |")
    return "\n".join(lines) + "\n"


def _all(counted: Counter[tuple[str, str]], kind: str) -> int:
    return sum(number for (_, each), number in counted.items() if each == kind)
