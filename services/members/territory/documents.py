"""How areas, grids and compounds are written in the database."""

from collections.abc import Mapping
from typing import Any

from members.area import tenant_of
from members.territory.area import Area, Drawing, Outline
from members.territory.compound import Compound, Standing
from members.territory.grid import Grid, Level

Document = dict[str, Any]


def from_area(area: Area) -> Document:
    """The area as it is kept."""
    return {
        "_id": area.code,
        "tenant": tenant_of(area.code),
        "parent": area.parent,
        "kind": area.kind.value,
        "name": area.name,
        "opened": area.opened,
        "closed": area.closed,
        "party_organisation": area.party_organisation,
        "union_body": area.union_body,
        "drawings": [_from_drawing(each) for each in area.drawings],
    }


def _from_drawing(drawing: Drawing) -> Document:
    outline = drawing.outline
    if outline is None:
        return {"since": drawing.since, "outline": None}
    rings = [[[list(point) for point in ring]] for ring in outline.rings]
    shape = {"type": "MultiPolygon", "coordinates": rings}
    return {"since": drawing.since, "outline": shape, "source_crs": outline.source_crs}


def _drawing(found: Mapping[str, Any]) -> Drawing:
    if found["outline"] is None:
        return Drawing(found["since"], None)
    rings = tuple(tuple((lon, lat) for lon, lat in rings[0]) for rings in found["outline"]["coordinates"])
    return Drawing(found["since"], Outline(rings, found["source_crs"]))


def area(found: Mapping[str, Any]) -> Area:
    """The area in a document; without its outlines where these were not read, or from before there were any."""
    return Area(
        code=found["_id"],
        name=found["name"],
        opened=found["opened"],
        closed=found["closed"],
        party_organisation=found["party_organisation"],
        union_body=found["union_body"],
        drawings=tuple(_drawing(each) for each in found.get("drawings", ())),
    )


def from_grid(grid: Grid) -> Document:
    """The grid as it is kept."""
    return {
        "_id": grid.code,
        "tenant": tenant_of(grid.code),
        "name": grid.name,
        "community": grid.community,
        "level": grid.level.value,
        "area": {"type": "Polygon", "coordinates": [[list(point) for point in grid.ring]]},
        "opened": grid.opened,
        "closed": grid.closed,
        "parent": grid.parent,
        "population": grid.population,
        "successors": list(grid.successors),
        "source_crs": grid.source_crs,
    }


def grid(found: Mapping[str, Any]) -> Grid:
    """The grid in a document; those of earlier versions of this service were never closed, and given in WGS84."""
    return Grid(
        code=found["_id"],
        name=found["name"],
        community=found["community"],
        level=Level(found["level"]),
        ring=tuple((lon, lat) for lon, lat in found["area"]["coordinates"][0]),
        opened=found["opened"],
        closed=found.get("closed"),
        parent=found["parent"],
        population=found["population"],
        successors=tuple(found.get("successors", ())),
        source_crs=found.get("source_crs", "WGS84"),
    )


def from_compound(compound: Compound) -> Document:
    """The compound as it is kept."""
    return {
        "_id": compound.id,
        "tenant": tenant_of(compound.grid_code),
        "name": compound.name,
        "grid_code": compound.grid_code,
        "at": list(compound.at),
        "is_old": compound.is_old,
        "property_company_id": compound.property_company_id,
        "buildings": compound.buildings,
        "households": compound.households,
        "fallback_unit_id": compound.fallback_unit_id,
        "source_crs": compound.source_crs,
        "stood": [vars(each) for each in compound.stood],
    }


def compound(found: Mapping[str, Any]) -> Compound:
    """The compound in a document; those of earlier versions of this service say nothing of how they stood before."""
    return Compound(
        id=found["_id"],
        name=found["name"],
        grid_code=found["grid_code"],
        at=(found["at"][0], found["at"][1]),
        is_old=found["is_old"],
        property_company_id=found["property_company_id"],
        buildings=found["buildings"],
        households=found["households"],
        fallback_unit_id=found.get("fallback_unit_id"),
        source_crs=found.get("source_crs", "WGS84"),
        stood=tuple(Standing(**each) for each in found.get("stood", ())),
    )
