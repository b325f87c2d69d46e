"""What the faults came to: a table on the terminal as it goes, and a page."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.chaos.stage import Outcome

SHOWN = 8
PACKAGES = ("nameko", "kombu", "amqp", "eventlet", "pymongo")
COLUMNS = (
    "group",
    "fault",
    "acknowledged",
    "failed at first",
    "applied",
    "effects",
    "parked",
    "back in, s",
    "Sandan",
    "plain nameko",
)
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def heading() -> str:
    """Above the rows on the terminal."""
    return f"{'fault':44} {'ack':>5} {'fail':>5} {'appl':>5} {'effects':>7} {'parked':>6} {'back in':>8}  invariants"


def row(outcome: Outcome) -> str:
    """One fault on the terminal; what offends an invariant stands below it."""
    counts = f"{outcome.acknowledged:5} {outcome.failed:5} {outcome.applied:5} {outcome.effects:7} {outcome.parked:6}"
    name = f"{outcome.fault.group:2} {outcome.fault.name:41}"
    line = f"{name} {counts} {outcome.recovery:6.1f} s  {verdict(outcome.violations)}"
    return "\n".join([line, *items(outcome.violations)])


def verdict(violations: Mapping[str, list[str]]) -> str:
    """Held, or which are violated and how often."""
    return ", ".join(f"{name} ✗{len(found)}" for name, found in violations.items()) or "held"


def items(violations: Mapping[str, list[str]]) -> list[str]:
    """The first offending items of each invariant."""
    lines = []
    for name, found in violations.items():
        lines += [f"      {name}: {item}" for item in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"      {name}: and {len(found) - SHOWN} more")
    return lines


def results(seed: int, ours: Sequence[Outcome], stock: Iterable[Outcome], servers: str) -> str:
    """The part of the page that a run writes."""
    beside = {outcome.fault.name: outcome for outcome in stock}
    lines = [
        f"Seed {seed}; {servers}; Python {platform.python_version()}, "
        f"{', '.join(f'{name} {version(name)}' for name in PACKAGES)}; {os.cpu_count()} cores.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
        *(_line(outcome, beside.get(outcome.fault.name)) for outcome in ours),
    ]
    return "\n".join(lines)


def _line(ours: Outcome, stock: Outcome | None) -> str:
    counts = (ours.acknowledged, ours.failed, ours.applied, ours.effects, ours.parked, f"{ours.recovery:.1f}")
    cells = [ours.fault.group, ours.fault.name, *counts, verdict(ours.violations), _other(stock)]
    return f"| {' | '.join(map(str, cells))} |"


def _other(stock: Outcome | None) -> str:
    return "–" if stock is None else f"{verdict(stock.violations)} of {stock.acknowledged}"


def write(page: Path, found: str) -> None:
    """Put new results between the marks of the page."""
    text = page.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{found}\n{END}{after}")
