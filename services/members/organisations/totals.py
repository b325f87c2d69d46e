"""How many units an area has: each once, however many of its grids the unit serves (F05)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from members.organisations.unit import Unit


def totals(units: Iterable[Unit], area: str, at: datetime) -> Mapping[str, Any]:
    """The units of the area at that moment: how many there are, of each kind, and in each grid.

    Who serves two grids is counted in both, and once in all sums. Units without a grid belong to the district alone.
    """
    found = [(unit, _within(unit, area, at)) for unit in units if unit.open_at(at)]
    counted = [unit for unit, grids in found if grids or (unit.tenant == area and not unit.grids_at(at))]
    return {
        "distinct": len({unit.id for unit in counted}),
        "by_type": _by_type(counted),
        "by_grid": [
            {"grid_code": code, "units": len(serving), "by_type": _by_type(serving)}
            for code, serving in sorted(_by_grid(found).items())
        ],
    }


def _within(unit: Unit, area: str, at: datetime) -> list[str]:
    return [code for code in unit.grids_at(at) if code.startswith(area)]


def _by_grid(found: Iterable[tuple[Unit, list[str]]]) -> dict[str, list[Unit]]:
    served: dict[str, list[Unit]] = {}
    for unit, grids in found:
        for code in grids:
            served.setdefault(code, []).append(unit)
    return served


def _by_type(units: Iterable[Unit]) -> dict[str, int]:
    return dict(sorted(Counter(unit.unit_type for unit in units).items()))
