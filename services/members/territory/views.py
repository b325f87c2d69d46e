"""What others get to see of the territory."""

from typing import Any

from members.territory.datum import Datum
from members.territory.grid import Grid

Answer = dict[str, Any]


def grid(found: Grid, source: Datum) -> Answer:
    """A grid as the answer to where a point lies, with the datum in which the point was given."""
    return {
        "grid_code": found.code,
        "name": found.name,
        "community": found.community,
        "level": found.level.value,
        "source_crs": source.value,
    }
