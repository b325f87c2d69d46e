"""Closing a grid that none follows: refused, with all that is still in it, until it is empty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chassis.errors import Refusal
from chassis.instant import written
from members.drawing.feature import MapFault
from members.territory.grid import Grid

Ids = Sequence[str]

FAULTS: Mapping[str, MapFault] = {
    "compounds": MapFault("grid_holds_compounds", None, ""),
    "posts": MapFault("grid_holds_posts", None, ""),
    "roles": MapFault("grid_holds_roles", None, ""),
    "workers": MapFault("grid_holds_workers", None, ""),
    "units": MapFault("grid_holds_units", None, ""),
    "venues": MapFault("grid_holds_venues", None, ""),
    "activities": MapFault("grid_holds_activities", None, ""),
    "series": MapFault("grid_holds_series", None, ""),
    "seats": MapFault("grid_holds_seats", None, ""),
    "grids": MapFault("grid_holds_grids", None, ""),
    "redrawings": MapFault("grid_holds_redrawings", None, ""),
}
"""What may be in a grid, and what is told of it; the words of the code say where to put it."""

MOST_NAMED = 20
"""So many of each kind are named; all of them are counted."""


def closed(grid: Grid, at: datetime, now: datetime, held: Mapping[str, Ids]) -> Grid:
    """The grid, over at that moment; `held` are the ids or codes of what is in it then or later, by kind.

    Refuses `grid_closed` once it has an end, `closing_too_early`, and `grid_not_empty` with all that is against it.
    """
    if grid.closed is not None:
        raise Refusal("grid_closed", grid_codes=[grid.code])
    late = at >= max(now, grid.opened)
    early = [] if late else [MapFault("closing_too_early", None, "/at", {"earliest": written(max(now, grid.opened))})]
    errors = [fault.dump() for fault in (*early, *_held(held))]
    if any(held.values()):
        raise Refusal("grid_not_empty", errors=errors)
    if errors:
        raise Refusal("closing_too_early", errors=errors)
    return replace(grid, closed=at)


def _held(held: Mapping[str, Ids]) -> Iterator[MapFault]:
    for kind, fault in FAULTS.items():
        if ids := sorted(held.get(kind, ())):
            yield replace(fault, details={"count": len(ids), "ids": ids[:MOST_NAMED]})
