"""What others get to see of units."""

from typing import Any

from members.organisations.unit import Unit

Answer = dict[str, Any]


def unit_as_assignee(unit: Unit) -> Answer:
    """What the guard of a dispatch asks about a unit."""
    return {
        "id": unit.id,
        "kind": "unit",
        "tenant": unit.tenant,
        "roles": [],
        "unit_id": unit.id,
        "unit_type": unit.unit_type,
        "skills": [],
        "certificates": [],
        "active": unit.active,
        "grid_codes": list(unit.grid_codes),
    }
