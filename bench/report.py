"""Keeps what the rows measured, and makes the page of it: Markdown with tables, and plots as PNG."""

import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench import plots
from bench.figures import Figure, Figures, Table
from dev.layout import ROOT

RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURES = ROOT / "docs" / "benchmarks"
ALONE = 1.0
"""A load average up to which a machine counts as having had nothing else to do."""
ROW = re.compile(r"\A### .*\(`(\w+)`\)$", re.MULTILINE)
"""The heading of a section."""
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Kept:
    """What one row measured, and on which machine."""

    row: str
    machine: str
    figures: Figures


def machine() -> str:
    """The machine in one line, with how busy it was."""
    model = (
        re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if platform.system() == "Linux" else None
    )
    memory, busy = psutil.virtual_memory().total / 2**30, psutil.getloadavg()[0]
    shared = ", so other work was running and rates and times are provisional" if busy > ALONE else ""
    return (
        f"{psutil.cpu_count()} cores ({model[1] if model else platform.processor()}), {memory:.0f} GB, "
        f"Python {platform.python_version()}; load average before the start {busy:.1f}{shared}"
    )


def keep(row: str, figures: Figures, where: str) -> None:
    """Write the figures of a row and its plots to the results."""
    dumped = json.dumps({"machine": where, "figures": figures.dump()}, ensure_ascii=False, indent=1)
    (RESULTS / f"{row}.json").write_text(dumped + "\n")
    for plot in figures.plots:
        plots.draw(plot, RESULTS / f"{plot.name}.png")


def kept(rows: Iterable[str]) -> list[Kept]:
    """What is in the results, in the order of `rows`."""
    files = {row: RESULTS / f"{row}.json" for row in rows}
    read = {row: json.loads(file.read_text()) for row, file in files.items() if file.exists()}
    return [Kept(row, data["machine"], Figures.load(data["figures"])) for row, data in read.items()]


def page(results: Iterable[Kept], pictures: str = "") -> str:
    """The results as Markdown; the plots are linked below `pictures`."""
    return "\n\n".join(_section(each, pictures) for each in results)


def publish(results: list[Kept], rows: Iterable[str]) -> None:
    """Put the results between the marks of docs/benchmarks.md, and their plots beside it, in the order of `rows`."""
    PICTURES.mkdir(exist_ok=True)
    for plot in (plot for each in results for plot in each.figures.plots):
        plots.draw(plot, PICTURES / f"{plot.name}.png")
    PAGE.write_text(renewed(PAGE.read_text(), results, rows))


def renewed(text: str, results: Iterable[Kept], rows: Iterable[str]) -> str:
    """The page with these results; the sections of rows that were not measured stay as they are."""
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    sections = {
        name[1]: each.strip() for each in re.split(r"^(?=### )", old, flags=re.MULTILINE) if (name := ROW.search(each))
    }
    sections |= {each.row: _section(each, "benchmarks/") for each in results}
    shown = "\n\n".join(sections[row] for row in rows if row in sections)
    return f"{before}{BEGIN}\n{shown}\n{END}{after}"


def _section(result: Kept, pictures: str) -> str:
    figures = result.figures
    parts = [f"### {figures.title} (`{result.row}`)", figures.conditions, _first(figures.figures)]
    parts += [f"![{plot.title}]({pictures}{plot.name}.png)" for plot in figures.plots]
    parts += [_table(table) for table in figures.tables]
    return "\n\n".join([*parts, f"Measured on {result.machine}."])


def _first(figures: Iterable[Figure]) -> str:
    rows = [(each.what, f"{number(each.value)} {each.unit}".strip(), _verdict(each)) for each in figures]
    return _markdown(("what", "measured", "to reach"), rows)


def _verdict(figure: Figure) -> str:
    marks: Mapping[bool | None, str] = {True: " ✓", False: " ✗", None: ""}
    return f"{figure.reach}{marks[figure.reached]}"


def _table(table: Table) -> str:
    return f"{table.title}:\n\n{_markdown(table.columns, table.rows)}"


def _markdown(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    heads = list(columns)
    lines = [heads, ["---"] * len(heads), *([number(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: str | float) -> str:
    """A number with three digits that count, as people read it; a text as it is."""
    if isinstance(value, str):
        return value
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}"
