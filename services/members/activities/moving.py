"""Where what takes place in a grid goes when that is closed: to the one that follows and holds the muster point."""

from dataclasses import dataclass
from datetime import datetime

from chassis.event import Event, heard
from members.activities.activity import Activity
from members.area import tenant_of
from members.drawing.fit import nearest
from members.posts.schemas import GridEventSchema
from members.territory.grid import Grid
from members.territory.store import TerritoryStore

GRID_CLOSED = "所在网格已关闭"
"""Why what takes place in a grid that none follows is called off, as people read it."""


@dataclass(frozen=True)
class ClosedGrid:
    """A grid that is closed, from when on, and the grids that follow it."""

    code: str
    at: datetime
    following: tuple[Grid, ...]

    def follower(self, activity: Activity) -> str | None:
        """The grid to which the activity belongs from then on; None where none follows."""
        return nearest(self.following, *activity.muster).code if self.following else None


def closed_grid(territory: TerritoryStore, event: Event) -> ClosedGrid | None:
    """The grid of a `grid.closed`; None where it is not known, or goes on after all."""
    told = heard(GridEventSchema(), event.data)
    grid = territory.grid(told["grid_code"])
    if grid is None or grid.closed is None:
        return None
    following = [each for each, _ in territory.grids_of(grid.successors, tenant_of(grid.code))]
    return ClosedGrid(grid.code, grid.closed, tuple(following))
