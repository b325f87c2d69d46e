"""What is shown of an area, and of what lies in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.instant import written, written_or_none
from members.territory.area import Area, Outline
from members.territory.grid import Grid

Answer = dict[str, Any]


def line(area: Area) -> Answer:
    """An area by itself."""
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind.value,
        "parent": area.parent,
        "from": written(area.opened),
        "to": written_or_none(area.closed),
        "party_organisation": area.party_organisation,
        "union_body": area.union_body,
    }


def opened(
    area: Area,
    at: datetime,
    above: Sequence[Area],
    below: Sequence[Area],
    grids: Sequence[Grid],
    units: Mapping[str, str],
) -> Answer:
    """An area with what it lies in, what lies in it, and both lines by name: one tree for the Party and the union."""
    return {
        **line(area),
        "party_organisation": _unit(area.party_organisation, units),
        "union_body": _unit(area.union_body, units),
        "outline": _outline(area.outline_at(at)),
        "ancestors": [_named(each) for each in above],
        "children": [_named(each) for each in below],
        "grids": [
            {"grid_code": grid.code, "name": grid.name, "level": grid.level.value, "parent": grid.parent}
            for grid in grids
        ],
    }


def _outline(outline: Outline | None) -> Answer | None:
    """As GeoJSON, with the datum in which it was given beside it (RFC 7946 §6.1)."""
    if outline is None:
        return None
    coordinates = [[[list(point) for point in ring]] for ring in outline.rings]
    return {"type": "MultiPolygon", "coordinates": coordinates, "source_crs": outline.source_crs}


def _named(area: Area) -> Answer:
    return {"code": area.code, "name": area.name, "kind": area.kind.value}


def _unit(id: str | None, units: Mapping[str, str]) -> Answer | None:
    return {"unit_id": id, "name": units.get(id)} if id else None
