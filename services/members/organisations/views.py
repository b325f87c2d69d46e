"""What others get to see of units."""

from typing import Any

from chassis.instant import written
from members.organisations.unit import UNIT_TYPES, Unit

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


def unit(found: Unit, version: int) -> Answer:
    """A unit as those see it who look it up, with all that it served and serves."""
    return {
        **line(found),
        "contact_id": found.contact_id,
        "ties": [
            {"grid_code": tie.grid_code, "from": written(tie.since), "to": written(tie.until) if tie.until else None}
            for tie in sorted(found.ties, key=lambda tie: (tie.since, tie.grid_code))
        ],
        "closed_at": written(found.closed) if found.closed else None,
        "version": version,
    }


def line(found: Unit) -> Answer:
    """A unit in a list."""
    zh, en = UNIT_TYPES[found.unit_type]
    return {
        "unit_id": found.id,
        "name": found.name,
        "unit_type": found.unit_type,
        "type_name": {"code": found.unit_type, "zh": zh, "en": en},
        "credit_code": found.credit_code,
        "party_organisation": found.party_organisation,
        "grid_codes": list(found.grid_codes),
        "active": found.active,
    }
