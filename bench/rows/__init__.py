"""The rows of the benchmark, in the order of docs/benchmarks.md: a new one is a module and a line here."""

from collections.abc import Callable, Mapping

from bench.figures import Figures
from bench.rows import (
    call_to_action,
    cases_at_size,
    creates,
    fan_out,
    latency,
    lifecycles,
    look_up,
    muster,
    partners_at_size,
    relay,
    scaling,
    soak,
    streams,
)
from bench.stage import Stage

ROWS: Mapping[str, Callable[[Stage], Figures]] = {
    "lifecycles": lifecycles.measure,
    "cases_at_size": cases_at_size.measure,
    "creates": creates.measure,
    "relay": relay.measure,
    "latency": latency.measure,
    "look_up": look_up.measure,
    "muster": muster.measure,
    "call_to_action": call_to_action.measure,
    "fan_out": fan_out.measure,
    "partners_at_size": partners_at_size.measure,
    "scaling": scaling.measure,
    "streams": streams.measure,
    "soak": soak.measure,
}
