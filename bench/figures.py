"""What a row of the benchmark has to say: figures with what they should reach, tables, and plots to be drawn."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number that the page shows first: what it is, its unit, and what it is meant to reach, in words."""

    what: str
    value: float
    unit: str
    reach: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Table:
    """A table below the figures; numbers are shown with as many digits as they deserve."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True)
class Plot:
    """A plot: `bars` stack one series on the other over named places, `lines` join points over numbers."""

    name: str
    title: str
    kind: str
    x_label: str
    y_label: str
    x: tuple[str | float, ...]
    series: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Figures:
    """Everything that one row measured; `conditions` says under which it holds."""

    title: str
    conditions: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = field(default=())

    def dump(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Figures":
        """From what `dump` made."""
        return cls(
            title=data["title"],
            conditions=data["conditions"],
            figures=tuple(Figure(**each) for each in data["figures"]),
            tables=tuple(_table(each) for each in data["tables"]),
            plots=tuple(Plot(**each) for each in data["plots"]),
        )


def _table(data: dict[str, Any]) -> Table:
    return Table(data["title"], tuple(data["columns"]), tuple(tuple(row) for row in data["rows"]))


def cost_table(title: str, costs: dict[str, dict[str, float]], first: str = "CPU ms") -> Table:
    """One row for each role and a last one with the sums, one column for each of the named costs."""
    roles = list(dict.fromkeys(role for cost in costs.values() for role in cost))
    rows: list[tuple[str | float, ...]] = [(role, *(cost.get(role, 0.0) for cost in costs.values())) for role in roles]
    rows.append(("all", *(sum(cost.values()) for cost in costs.values())))
    return Table(title, (first, *costs), tuple(rows))
