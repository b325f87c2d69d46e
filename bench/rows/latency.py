"""From the commit of a document with its event to the start of a handler in another service, at light load."""

import random
import time
from typing import Any

from bench.figures import Figure, Figures, Plot
from bench.stage import Stage
from bench.two import Two

EVENTS, QUICK_EVENTS, WARM_UP = 1_500, 200, 50
A_SECOND = 20
PERCENTILES = (0.5, 0.9, 0.99, 0.999)
POINTS = 200
SEED = 1


def measure(stage: Stage) -> Figures:
    """Keep notes now and then, and compare when each was committed with when it was heard of."""
    two, wanted = Two(stage), QUICK_EVENTS if stage.options.quick else EVENTS
    for name in ("watcher", "clerk"):
        two.start(name)
    waits: list[float] = []

    def play(services: Any) -> None:
        stage.told(f"{wanted} events at {A_SECOND}/s")
        dice = random.Random(SEED)  # noqa: S311 - spreads events, guards nothing
        for number in range(WARM_UP + wanted):
            services.clerk.keep(id=f"{number:06d}", text="记录")
            time.sleep(dice.expovariate(A_SECOND))
        time.sleep(1)
        committed, heard = services.clerk.committed(), services.watcher.heard()
        waits.extend(1000 * (heard[id] - at) for id, at in sorted(committed.items())[WARM_UP:])

    two.calling(play)
    return _figures(sorted(waits))


def _figures(waits: list[float]) -> Figures:
    p50, _, p99, _ = (_at(waits, share) for share in PERCENTILES)
    shares = tuple(100 * number / (POINTS - 1) for number in range(POINTS))
    return Figures(
        title="Event latency",
        conditions=f"{len(waits)} events, {A_SECOND} a second at random moments; from the acknowledged write in one "
        "service to the first line of the handler in another.",
        figures=(
            Figure("commit to handler, p50", p50, "ms", "≤ 20", p50 <= 20),
            Figure("commit to handler, p99", p99, "ms", "≤ 100", p99 <= 100),
            Figure("commit to handler, at most", waits[-1], "ms"),
        ),
        plots=(
            Plot(
                name="latency",
                title="From commit to handler",
                kind="lines",
                x_label="percent of the events",
                y_label="ms",
                x=shares,
                series={"latency": tuple(_at(waits, share / 100) for share in shares)},
            ),
        ),
    )


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
