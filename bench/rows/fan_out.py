"""One event to many webhook subscriptions: how fast it is delivered, and what each delivery costs."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from bench import k6
from bench.cpu import Meter, Spent
from bench.figures import Figure, Figures, Plot, Table, cost_table
from bench.people import Crew, crews
from bench.stage import Sink, Stage, subscribed
from dev.suite import Suite

SUBSCRIPTIONS = (0, 1, 8, 64)
EVENTS, QUICK_EVENTS = 100, 20
CLIENTS = 4
DRAIN_SECONDS = 600
LOOK_SECONDS = 0.1
WARM_UPS = 3
"""The reports without a subscription are taken off all others, so they must not be the ones that warm up."""


@dataclass(frozen=True)
class Fanned:
    """What so many events to so many subscriptions took."""

    subscriptions: int
    events: int
    spent: Spent
    seconds: float

    @property
    def deliveries(self) -> int:
        """How many posts that were."""
        return self.subscriptions * self.events

    def each(self, without: "Fanned") -> dict[str, float]:
        """CPU milliseconds of one delivery, by role: what comes on top of the events themselves."""
        return {role: (cpu - without.spent.cpu[role]) * 1000 / self.deliveries for role, cpu in self.spent.cpu.items()}


def measure(stage: Stage) -> Figures:
    """Report the same number of cases with ever more subscriptions to them."""
    events = QUICK_EVENTS if stage.options.quick else EVENTS
    with stage.suite() as suite:
        sink, people, meter = Sink(stage), crews(suite, CLIENTS), stage.meter(suite.processes)
        for _ in range(WARM_UPS):
            _report(suite, _bodies(stage, people), events)
        there, fanned = 0, []
        for number in SUBSCRIPTIONS:
            stage.told(f"{events} events to {number} subscriptions")
            subscribed(suite, [f"{sink.url}/{n}" for n in range(there, number)], ["case.reported"])
            there = number
            meter.wait_quiet(DRAIN_SECONDS)
            fanned.append(_fan_out(suite, _bodies(stage, people), sink, meter, (number, events)))
    return _figures(fanned)


def _fan_out(suite: Suite, bodies: Path, sink: Sink, meter: Meter, size: tuple[int, int]) -> Fanned:
    subscriptions, events = size
    before, started = sink.posts, time.monotonic()
    with meter.measured() as spent:
        _report(suite, bodies, events)
        seconds = _delivered(sink, before + subscriptions * events, started)
        meter.wait_quiet(DRAIN_SECONDS)
    return Fanned(subscriptions, events, spent, seconds)


def _delivered(sink: Sink, wanted: int, started: float) -> float:
    """Seconds from `started` until the receiver has so many posts; raises TimeoutError."""
    while sink.posts < wanted:
        if time.monotonic() - started > DRAIN_SECONDS:
            raise TimeoutError(f"{sink.posts} of {wanted} deliveries came")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - started


def _report(suite: Suite, bodies: Path, events: int) -> None:
    load = k6.run("post.js", URL=f"{suite.url}/v1/cases", BODIES=bodies, CLIENTS=CLIENTS, ITERATIONS=events)
    if load.count("refused"):
        raise AssertionError(load.complaints[:3])


def _bodies(stage: Stage, people: list[Crew]) -> Path:
    path = stage.directory / "reports.json"
    body = {"text": "楼下路灯不亮，晚上看不清路。"}
    path.write_text(
        json.dumps([{"token": crew.resident, "body": {**body, "location": crew.location}} for crew in people])
    )
    return path


def _figures(fanned: list[Fanned]) -> Figures:
    without, *some = fanned
    costs = {f"{each.subscriptions} subscriptions": each.each(without) for each in some}
    rows = tuple(
        (str(each.subscriptions), each.deliveries, each.seconds, each.deliveries / each.seconds) for each in some
    )
    totals = {each.subscriptions: sum(each.each(without).values()) for each in some}
    return Figures(
        title="Fan-out to webhooks",
        conditions=f"{without.events} reports by {CLIENTS} clients, each to all subscriptions; what the reports "
        "themselves cost is taken off.",
        figures=(
            *(Figure(f"CPU of a delivery, {number} subscriptions", cpu, "ms") for number, cpu in totals.items()),
            *(
                Figure(f"deliveries, {each.subscriptions} subscriptions", each.deliveries / each.seconds, "/s")
                for each in some
            ),
        ),
        tables=(
            cost_table("CPU of one delivery", costs),
            Table("Deliveries", ("subscriptions", "deliveries", "s until all were there", "/s"), rows),
        ),
        plots=(_plot(costs),),
    )


def _plot(costs: dict[str, dict[str, float]]) -> Plot:
    roles = list(next(iter(costs.values())))
    series = {role: tuple(cost[role] for cost in costs.values()) for role in roles}
    return Plot("fan_out", "CPU of one webhook delivery", "bars", "", "CPU ms", tuple(costs), series)
