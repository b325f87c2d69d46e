"""What others get to see of the territory."""

from collections.abc import Mapping
from typing import Any

from chassis.datum import Datum
from chassis.instant import written, written_or_none
from members.territory.compound import Compound
from members.territory.grid import Grid

Answer = dict[str, Any]


def located(found: Grid, source: Datum) -> Answer:
    """A grid as the answer to where a point lies, with the datum in which the point was given."""
    return {
        "grid_code": found.code,
        "name": found.name,
        "community": found.community,
        "level": found.level.value,
        "source_crs": source.value,
    }


def grid(found: Grid) -> Answer:
    """A grid with its polygon."""
    return {
        "grid_code": found.code,
        "name": found.name,
        "community": found.community,
        "level": found.level.value,
        "parent": found.parent,
        "population": found.population,
        "from": written(found.opened),
        "to": written_or_none(found.closed),
        "successors": list(found.successors),
        "source_crs": found.source_crs,
        "ring": [list(point) for point in found.ring],
    }


def compound(found: Compound) -> Answer:
    """A compound as it stands, and how it stood before."""
    return {
        "compound_id": found.id,
        "name": found.name,
        "grid_code": found.grid_code,
        "location": {"lon": found.at[0], "lat": found.at[1], "crs": Datum.WGS84.value},
        "source_crs": found.source_crs,
        "is_old": found.is_old,
        "has_property_mgmt": found.has_property_mgmt,
        "property_company_id": found.property_company_id,
        "fallback_unit_id": found.fallback_unit_id,
        "buildings": found.buildings,
        "households": found.households,
        "stood": [{**vars(each), "since": written(each.since)} for each in found.stood],
    }


def without(shown: Mapping[str, Any], name: str) -> Answer:
    """What is shown but for one field, as lists have it."""
    return {each: value for each, value in shown.items() if each != name}
