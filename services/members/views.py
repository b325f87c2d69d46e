"""What others get to see: answers about people, units and grids, each with no more than its reader needs."""

from datetime import datetime
from typing import Any

from members.datum import Datum
from members.grid import Grid
from members.matching import Candidate
from members.person import Person, masked_phone
from members.unit import Unit

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


def candidate(found: Candidate) -> Answer:
    """A proposed person, without name or phone."""
    return {
        "person_id": found.person_id,
        "kind": found.kind.value,
        "score": found.score,
        "reasons": [{"code": each.code, "zh": each.zh, "en": each.en} for each in found.reasons],
        "distance_m": found.distance_m,
        "load": found.load,
        "busy": found.load > 0,
    }


def person_as_assignee(person: Person, at: datetime) -> Answer:
    """What the guard of a dispatch asks about a person, licences as of `at`."""
    return {
        "id": person.id,
        "kind": "person",
        "tenant": person.tenant,
        "roles": sorted({grant.role for grant in person.grants}),
        "unit_id": person.unit_id,
        "unit_type": None,
        "skills": sorted(person.skills),
        "certificates": person.licences(at),
        "active": person.active,
        "grid_codes": person.scopes_of_work,
    }


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


def named(person: Person) -> Answer:
    """What a person is called, masked."""
    return {"id": person.id, "name_masked": person.shown_name}


def contact(person: Person, phone: str | None) -> Answer:
    """How to reach a person: for whoever sends a message, at the moment of sending."""
    return {
        "id": person.id,
        "unit_id": person.unit_id if "unit_contact" in person.caller().roles else None,
        "name_masked": person.shown_name,
        "phone": phone,
        "language": person.language,
        "channels": person.channels,
    }


def profile(person: Person, phone: str | None, unit: Unit | None) -> Answer:
    """A person's own profile; name and phone are masked here too, since answers travel and are kept."""
    return {
        "person_id": person.id,
        "name": person.shown_name,
        "phone": masked_phone(phone) if phone else None,
        "language": person.language,
        "roles": [{"role": grant.role, "scope": grant.scope} for grant in person.grants],
        "unit": {"unit_id": unit.id, "name": unit.name, "unit_type": unit.unit_type} if unit else None,
        "registered_with": person.registered_with,
        "home": {"compound_id": person.home.compound_id, "grid_code": person.home.grid_code} if person.home else None,
        "skills": sorted(person.skills),
        "certificates": [
            {"kind": held.kind, "valid_until": held.valid_until.isoformat()} for held in person.certificates
        ],
        "free_times": [
            {"weekday": span.weekday, "start": f"{span.start:%H:%M}", "end": f"{span.end:%H:%M}"}
            for span in person.free_times
        ],
        "tags": person.shown_tags,
        "declined": sorted(person.declined),
        "active": person.active,
    }


def instant(moment: datetime) -> str:
    """An instant as it travels: RFC 3339 in UTC."""
    return moment.isoformat().replace("+00:00", "Z")
