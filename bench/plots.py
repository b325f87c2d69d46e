"""Draws the plots of the rows as PNG."""

from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")  # draws files, needs no screen

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.figures import Plot

INCHES = (8, 4.2)
DOTS = 120


def draw(plot: Plot, path: Path) -> None:
    """Write the plot to a PNG file."""
    figure, axes = plt.subplots(figsize=INCHES, dpi=DOTS, layout="constrained")
    DRAWN[plot.kind](plot, axes)
    axes.set(title=plot.title, xlabel=plot.x_label, ylabel=plot.y_label)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside right upper", frameon=False)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)


def _bars(plot: Plot, axes: Axes) -> None:
    """One bar for each place, the series stacked in it."""
    places, bottom = [str(place) for place in plot.x], [0.0] * len(plot.x)
    for name, values in plot.series.items():
        axes.bar(places, values, width=0.5, bottom=bottom, label=name)
        bottom = [below + value for below, value in zip(bottom, values, strict=True)]
    for place, height in zip(places, bottom, strict=True):
        axes.annotate(f"{height:.3g}", (place, height), ha="center", va="bottom")
    axes.margins(x=0.2, y=0.1)


def _lines(plot: Plot, axes: Axes) -> None:
    """One line for each series."""
    for name, values in plot.series.items():
        axes.plot([float(x) for x in plot.x], values, label=name, marker="." if len(values) < 40 else "")


DRAWN: Mapping[str, Callable[[Plot, Axes], None]] = {"bars": _bars, "lines": _lines}
