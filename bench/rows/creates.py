"""A create that emits an event: ours, with everything it promises, against stock nameko doing the same job."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests

from bench import k6
from bench.cpu import Meter, Spent
from bench.figures import Figure, Figures, Plot, Table, cost_table
from bench.k6 import Load
from bench.people import crews
from bench.stage import IDLE_SECONDS, START_SECONDS, Options, Stage
from dev.ports import free_port
from dev.processes import Process
from dev.suite import Suite

CLIENTS = 8
ROUNDS, CREATES = 5, 600
QUICK_ROUNDS, QUICK_CREATES = 2, 200
WARM_UP = 200
DRAIN_SECONDS = 120
OURS, STOCK = "ours", "stock nameko"
CREATED = 201
TEXT = "楼下路灯不亮，晚上看不清路。"


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: where it takes the POST, and who posts what."""

    name: str
    url: str
    bodies: Path
    meter: Meter


@dataclass(frozen=True)
class Round:
    """One round of one side."""

    load: Load
    spent: Spent
    creates: int

    @property
    def cost(self) -> Mapping[str, float]:
        """CPU milliseconds of a create, by role."""
        return self.spent.each(self.creates)


def measure(stage: Stage) -> Figures:
    """Alternate rounds of both sides, each on a broker and a database of its own."""
    rounds, creates = (QUICK_ROUNDS, QUICK_CREATES) if stage.options.quick else (ROUNDS, CREATES)
    with stage.suite() as suite, stock(stage.options) as (other, processes, url):
        sides = [_ours(stage, suite), _stock(other, processes, url)]
        for side in sides:
            _round(side, WARM_UP)
        for side in sides:
            side.meter.learn_idle(IDLE_SECONDS)
        played: dict[str, list[Round]] = {side.name: [] for side in sides}
        for number in range(rounds):
            stage.told(f"creates, round {number + 1} of {rounds}")
            for side in sides if number % 2 == 0 else reversed(sides):  # what went before warms the machine
                played[side.name].append(_round(side, creates))
    return _figures(played, creates)


@contextmanager
def stock(options: Options) -> Iterator[tuple[Stage, dict[str, Process], str]]:
    """Stock nameko's three services as `nameko run` starts them, on servers of their own, and where cases are posted.

    They have the names of ours, so that they could not share a broker with them.
    """
    config, address = str(Path(__file__).parent.parent / "stock/config.yaml"), f"127.0.0.1:{free_port()}"
    with Stage(options) as stage:
        processes = {
            name: stage.process(
                name, "nameko", "run", "--config", config, f"bench.stock.{name}", WEB_SERVER_ADDRESS=address
            )
            for name in ("notify", "cases", "gateway")
        }
        url = f"http://{address}/cases"
        processes["gateway"].wait_until(lambda: _answers(url), START_SECONDS)
        yield stage, processes, url


def _answers(url: str) -> bool:
    try:
        return requests.post(url, json={"text": TEXT}, timeout=5).status_code == CREATED
    except requests.RequestException:
        return False


def _ours(stage: Stage, suite: Suite) -> Side:
    bodies = [
        {"token": crew.resident, "body": {"text": TEXT, "location": crew.location}} for crew in crews(suite, CLIENTS)
    ]
    return Side(OURS, f"{suite.url}/v1/cases", _written(stage, "ours", bodies), stage.meter(suite.processes))


def _stock(stage: Stage, processes: Mapping[str, Process], url: str) -> Side:
    bodies = _written(stage, "stock", [{"body": {"text": TEXT}}])
    return Side(STOCK, url, bodies, stage.meter(processes))


def _written(stage: Stage, name: str, bodies: Sequence[Mapping[str, object]]) -> Path:
    path = stage.directory / f"{name}.json"
    path.write_text(json.dumps(bodies))
    return path


def _round(side: Side, creates: int) -> Round:
    side.meter.wait_quiet(DRAIN_SECONDS)
    with side.meter.measured() as spent:
        load = k6.run("post.js", URL=side.url, BODIES=side.bodies, CLIENTS=CLIENTS, ITERATIONS=creates)
        side.meter.wait_quiet(DRAIN_SECONDS)
    if load.count("refused"):
        raise AssertionError(f"{side.name}: {load.complaints[:3]}")
    return Round(load, spent, creates)


def _figures(played: Mapping[str, list[Round]], creates: int) -> Figures:
    costs = {name: _median_cost(rounds) for name, rounds in played.items()}
    totals = {name: [sum(each.cost.values()) for each in rounds] for name, rounds in played.items()}
    ours, theirs = (median(totals[name]) for name in (OURS, STOCK))
    rates = {name: median([each.creates / each.load.elapsed for each in rounds]) for name, rounds in played.items()}
    generator = {
        name: median([each.load.cpu * 1000 / each.creates for each in rounds]) for name, rounds in played.items()
    }
    rounds = tuple(
        (f"{number + 1}", *(values[number] for values in totals.values())) for number in range(len(totals[OURS]))
    )
    return Figures(
        title="A create that emits an event",
        conditions=f"{CLIENTS} clients, alternate rounds of {creates}; medians of the rounds. Ours signs in, checks "
        "permissions, finds the grid, logs, keeps the event with the case, writes notices and the event log.",
        figures=(
            Figure("CPU of a create against stock nameko", ours / theirs, "×", "≤ 0.7", ours / theirs <= 0.7),
            Figure("CPU of a create, ours", ours, "ms"),
            Figure("CPU of a create, stock nameko", theirs, "ms"),
            *(Figure(f"creates, {name}", rate, "/s") for name, rate in rates.items()),
            *(Figure(f"load generator, {name}", cpu, "ms CPU a create") for name, cpu in generator.items()),
        ),
        tables=(
            cost_table("CPU of one create", costs),
            Table("CPU ms of a create, round by round", ("round", *totals), rounds),
        ),
        plots=(_plot(costs),),
    )


def _median_cost(rounds: list[Round]) -> dict[str, float]:
    return {role: median([each.cost[role] for each in rounds]) for role in rounds[0].cost}


def _plot(costs: Mapping[str, Mapping[str, float]]) -> Plot:
    roles = list(dict.fromkeys(role for cost in costs.values() for role in cost))
    series = {role: tuple(cost.get(role, 0.0) for cost in costs.values()) for role in roles}
    return Plot("creates", "CPU of a create that emits an event", "bars", "", "CPU ms", tuple(costs), series)
