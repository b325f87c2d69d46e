"""Redrawings: grids split or merged on a date, planned beforehand and carried out when it has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written
from members.drawing.feature import MapFault
from members.drawing.fit import TOLERANCE, holder, mismatch, nearest, successors
from members.territory.compound import Compound, standing
from members.territory.grid import Grid


class Stage(StrEnum):
    """How far a redrawing has come."""

    PLANNED = "PLANNED"
    CARRIED_OUT = "CARRIED_OUT"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Redrawing:
    """At `at` the grids `closes` close, and `opens` open in their place: one for many, many for one, many for many."""

    id: str
    tenant: str
    at: datetime
    closes: tuple[str, ...]
    opens: tuple[Grid, ...]
    planned_at: datetime
    stage: Stage = Stage.PLANNED


def unfit(closing: Sequence[Grid], below: Sequence[Grid], opening: Sequence[Grid]) -> Iterator[MapFault]:
    """What is wrong with the new grids as successors of the old ones: they cover the same land, at the same level,
    and each grid that lies in an old one lies in one of the new ones.
    """
    levels = {grid.level for grid in closing}
    for n, grid in enumerate(opening):
        if levels and grid.level not in levels:
            yield MapFault("another_level", n, f"/opens/features/{n}/properties/level", {"levels": sorted(levels)})
    if len(levels) > 1:
        yield MapFault("several_levels", None, "/closes", {"levels": sorted(levels)})
    elif closing and opening:
        share = mismatch([grid.ring for grid in closing], [grid.ring for grid in opening])
        if share > TOLERANCE:
            yield MapFault("redrawing_covers_other_land", None, "/opens", {"share": round(share, 4)})
        torn = [grid.code for grid in below if holder(opening, grid.ring) is None]
        if torn:
            yield MapFault("redrawing_cuts_grids", None, "/opens", {"grid_codes": torn})


def cancelled(redrawing: Redrawing, now: datetime) -> Redrawing:
    """The redrawing called off; refuses `redrawing_over` once its date has come or it was called off before."""
    if redrawing.stage is not Stage.PLANNED or redrawing.at <= now:
        raise Refusal("redrawing_over", stage=redrawing.stage.value)
    return replace(redrawing, stage=Stage.CANCELLED)


def carried_out(redrawing: Redrawing) -> Redrawing:
    """The redrawing done."""
    return replace(redrawing, stage=Stage.CARRIED_OUT)


def closed(grid: Grid, redrawing: Redrawing) -> Grid:
    """The old grid, over at the date, with what takes its place."""
    return replace(grid, closed=redrawing.at, successors=successors(grid, redrawing.opens))


def moved_below(grid: Grid, redrawing: Redrawing) -> Grid:
    """A grid that lay in an old one, now in the new one that holds it."""
    around = holder(redrawing.opens, grid.ring) or nearest(redrawing.opens, *grid.middle)
    return replace(grid, parent=around.code)


def placed_anew(compound: Compound, redrawing: Redrawing) -> Compound:
    """A compound of an old grid, in the new one that holds its point from the date on.

    Where it has changed between the date and now, from that change on.
    """
    around = nearest(redrawing.opens, *compound.at)
    since = max([redrawing.at, *(each.since for each in compound.stood[-1:])])
    return standing(replace(compound, grid_code=around.code), since)


def shown(redrawing: Redrawing) -> Mapping[str, Any]:
    """The redrawing as the office sees it."""
    return {
        "redrawing_id": redrawing.id,
        "district": redrawing.tenant,
        "at": written(redrawing.at),
        "stage": redrawing.stage.value,
        "planned_at": written(redrawing.planned_at),
        "closes": list(redrawing.closes),
        "opens": [
            {"grid_code": grid.code, "name": grid.name, "level": grid.level.value, "parent": grid.parent}
            for grid in redrawing.opens
        ],
    }
