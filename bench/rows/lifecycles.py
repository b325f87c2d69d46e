"""Cases from report to close by 50 clients: every legal command, one photo, notices and one webhook on."""

import json
from dataclasses import asdict, dataclass

from bench import k6, picture, stored
from bench.cpu import Meter, Spent
from bench.figures import Figure, Figures, Plot, Table, cost_table
from bench.k6 import Load
from bench.people import crews
from bench.stage import Sink, Stage, subscribed
from dev.suite import Suite

CLIENTS = 50
WARM_UP_SECONDS, SECONDS, QUICK_SECONDS = 10, 40, 12
DRAIN_SECONDS = 300
CALLS = ("report", "register", "dispatch", "accept", "arrive", "photo", "feedback", "inspect-pass")
EVENTS = 7
"""Each command but the upload causes one event, which the webhook delivers."""


@dataclass(frozen=True)
class Played:
    """One run of all clients among so many stored cases."""

    stored: int
    load: Load
    spent: Spent
    seconds: float
    drained: float

    @property
    def rate(self) -> float:
        """Lifecycles a second."""
        return self.load.count("finished_in_window") / self.seconds

    @property
    def cost(self) -> dict[str, float]:
        """CPU milliseconds for one lifecycle, by role."""
        return self.spent.each(self.load.count("finished"))


class Players:
    """The clients of one suite, ready to play."""

    def __init__(self, stage: Stage, suite: Suite) -> None:
        self.sink = Sink(stage)
        subscribed(suite, [self.sink.url])
        self._files = {"CREWS": stage.directory / "crews.json", "PHOTO": stage.directory / "photo.jpg"}
        self._files["CREWS"].write_text(json.dumps([asdict(crew) for crew in crews(suite, CLIENTS)]))
        self._files["PHOTO"].write_bytes(picture.jpeg())
        self._url = suite.url

    def play(self, seconds: float, **steady: int) -> Load:
        """Let them play for so long, as fast as they can, or at `A_MINUTE`; those that are under way finish."""
        return k6.run("lifecycle.js", URL=self._url, SECONDS=seconds, CLIENTS=CLIENTS, **self._files, **steady)


def measure(stage: Stage) -> Figures:
    """Play among each number of stored cases, on one suite."""
    with stage.suite() as suite:
        players = Players(stage, suite)
        meter = stage.meter(suite.processes)
        players.play(QUICK_SECONDS if stage.options.quick else WARM_UP_SECONDS)
        meter.wait_quiet(DRAIN_SECONDS)
        runs = [_among(stage, suite, players, meter, number) for number in stage.options.stored]
    return _figures(runs)


def _among(stage: Stage, suite: Suite, players: Players, meter: Meter, number: int) -> Played:
    stored.fill(stage, number)
    if number:
        stored.check(stage, suite)
    meter.wait_quiet(DRAIN_SECONDS)
    seconds = QUICK_SECONDS if stage.options.quick else SECONDS
    stage.told(f"lifecycles among {number:,} stored cases for {seconds} s")
    before = players.sink.posts
    with meter.measured() as spent:
        load = players.play(seconds)
        drained = meter.wait_quiet(DRAIN_SECONDS)
    suite.require_alive()
    delivered, owed = players.sink.posts - before, EVENTS * load.count("finished")
    if not load.count("refused") and delivered < owed:
        raise AssertionError(f"{owed} events were caused, {delivered} reached the webhook")
    return Played(number, load, spent, seconds, drained)


def _figures(runs: list[Played]) -> Figures:
    first = runs[0]
    costs = {f"{run.stored:,} stored": run.cost for run in runs}
    return Figures(
        title="Case lifecycles",
        conditions=f"{CLIENTS} clients, one photo of {len(picture.jpeg()) / 1000:.0f} kB, notices and one webhook on, "
        f"{first.seconds:.0f} s; the load generator on the same machine.",
        figures=tuple(figure for run in runs for figure in _of_run(run, first)),
        tables=(
            cost_table("CPU of one lifecycle", costs),
            *(_calls(run) for run in runs),
        ),
        plots=(_plot(costs),),
    )


def _of_run(run: Played, first: Played) -> list[Figure]:
    among = f"among {run.stored:,} stored cases"
    p95 = run.load.trend("every_call")["p(95)"]
    errors = run.load.count("refused")
    found = [
        Figure(f"CPU of a lifecycle {among}", sum(run.cost.values()), "ms"),
        Figure(f"lifecycles {among}", run.rate, "/s", "≥ 25", run.rate >= 25),
        Figure(f"a call {among}, p95", p95, "ms", "≤ 500", p95 <= 500),
        Figure(f"errors {among}", errors, "", "none", errors == 0),
        Figure(f"load generator {among}", run.load.cpu * 1000 / run.load.count("finished"), "ms CPU a lifecycle"),
        Figure(f"until all is delivered {among}", run.drained, "s after the last call"),
    ]
    if run is not first:
        cheaper, faster = sum(first.cost.values()) / sum(run.cost.values()), run.rate / first.rate
        found.append(Figure(f"rate {among} against empty", faster, "×", "≥ 0.8", faster >= 0.8))
        found.append(Figure(f"CPU of empty against {among}", cheaper, "×"))
    return found


def _calls(run: Played) -> Table:
    names = (("each", "every_call"), *((call, f"call_{call}".replace("-", "_")) for call in CALLS))
    found = [(name, run.load.trend(metric)) for name, metric in names]
    rows = tuple((name, row["med"], row["p(95)"], row["p(99)"], row["max"]) for name, row in found)
    return Table(
        f"Milliseconds of a call among {run.stored:,} stored cases", ("call", "p50", "p95", "p99", "max"), rows
    )


def _plot(costs: dict[str, dict[str, float]]) -> Plot:
    roles = list(next(iter(costs.values())))
    series = {role: tuple(cost[role] for cost in costs.values()) for role in roles}
    return Plot("lifecycles", "CPU of one case lifecycle", "bars", "", "CPU ms", tuple(costs), series)
