"""One instance of a service, then two, each held to a part of a CPU so that the service is the bottleneck."""

import json
from dataclasses import dataclass

from bench import k6, stored
from bench.cpu import Spent
from bench.figures import Figure, Figures, Plot, Table
from bench.k6 import Load
from bench.limit import limited
from bench.people import holders, signed_in
from bench.stage import Stage
from members.demo.district import district

SERVICE = "cases"
PART = 0.4
CASES = 2_000
CLIENTS, WARM_UP_SECONDS, SECONDS, QUICK_SECONDS = 16, 5, 30, 10
PATH = "/v1/cases?limit=100"
INSTANCES = (1, 2)


@dataclass(frozen=True)
class Scaled:
    """What so many instances answered."""

    instances: int
    load: Load
    spent: Spent
    way: str

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.load.count("finished") / self.load.elapsed


def measure(stage: Stage) -> Figures:
    """Read the dispatchers' list of a hundred cases from one instance, and from two."""
    seconds = QUICK_SECONDS if stage.options.quick else SECONDS
    return _figures([_with(stage, number, seconds) for number in INSTANCES], seconds)


def _with(stage: Stage, instances: int, seconds: float) -> Scaled:
    with stage.suite({SERVICE: instances}) as suite:
        stored.fill(stage, CASES)
        people = {each.person.id: each for each in holders(district(), "dispatcher")}
        tokens = stage.directory / "tokens.json"
        tokens.write_text(json.dumps(list(signed_in(suite, people).values())))
        meter = stage.meter(suite.processes)
        held = [process.pid for name, process in suite.processes.items() if name.startswith(f"{SERVICE}.")]
        load = {"URL": f"{suite.url}{PATH}", "TOKENS": tokens, "CLIENTS": CLIENTS}
        k6.run("read.js", SECONDS=WARM_UP_SECONDS, **load)
        stage.told(f"{instances} × {SERVICE}, each with {PART} CPU, for {seconds} s")
        with limited(held, PART) as way, meter.measured() as spent:
            read = k6.run("read.js", SECONDS=seconds, **load)
    if read.count("refused"):
        raise AssertionError(read.complaints[:3])
    return Scaled(instances, read, spent, way)


def _figures(scaled: list[Scaled], seconds: float) -> Figures:
    one, two = scaled
    gain = two.rate / one.rate
    used = {f"{each.instances} instances": _busy(each) for each in scaled}
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (role, *(cpu[role] for cpu in used.values())) for role in one.spent.cpu
    )
    return Figures(
        title="Scaling a service",
        conditions=f"Pages of a hundred cases, read by {CLIENTS} clients for {seconds:.0f} s; each instance of "
        f"`{SERVICE}` held to {PART} CPU by {one.way}.",
        figures=(
            Figure("two instances against one", gain, "×", "≥ 1.7", gain >= 1.7),
            *(Figure(f"pages, {each.instances} instances", each.rate, "/s") for each in scaled),
            *(Figure(f"a page, {each.instances} instances, p95", _p95(each), "ms") for each in scaled),
        ),
        tables=(Table("CPUs in use", ("role", *used), rows),),
        plots=(
            Plot("scaling", "Pages of cases read", "bars", "", "pages/s", tuple(used), {SERVICE: (one.rate, two.rate)}),
        ),
    )


def _p95(scaled: Scaled) -> float:
    return scaled.load.trend("every_call")["p(95)"]


def _busy(scaled: Scaled) -> dict[str, float]:
    """CPUs that each role used, to see that the service was the bottleneck."""
    return {role: seconds / scaled.spent.elapsed for role, seconds in scaled.spent.cpu.items()}
