"""Buildings: the houses of a compound, each with its number there, how many live in it and by how many doors."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.instant import written, written_or_none

REGISTERED, CHANGED = "building.registered", "building.changed"


@dataclass(frozen=True)
class Building:
    """One building; it stands from `opened`, included, to `closed`, excluded. Its number is one in its compound."""

    id: str
    compound_id: str
    tenant: str
    number: str
    opened: datetime
    name: str | None = None
    households: int = 0
    entrances: int = 1
    closed: datetime | None = None


def changed(building: Building, fields: dict[str, Any]) -> Building:
    """The building as it is told anew."""
    return replace(building, **fields)


def shown(building: Building) -> dict[str, Any]:
    """The building as everybody in the district may see it."""
    return {
        "building_id": building.id,
        "compound_id": building.compound_id,
        "number": building.number,
        "name": building.name,
        "households": building.households,
        "entrances": building.entrances,
        "from": written(building.opened),
        "to": written_or_none(building.closed),
    }
