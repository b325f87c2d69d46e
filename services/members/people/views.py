"""What others get to see of people, each reader no more than needed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from members.organisations.unit import Unit
from members.people.address import masked
from members.people.person import Person, masked_phone
from members.role import SPEAKER

Answer = dict[str, Any]


def person_as_assignee(id: str, person: Person, at: datetime) -> Answer:
    """What the guard of a dispatch asks about a person, licences as of `at`."""
    return {
        "id": id,
        "ids": sorted(person.ids),
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


def named(id: str, person: Person) -> Answer:
    """What the person who is asked for by that id is called, masked."""
    return {"id": id, "name_masked": person.shown_name}


def contact(id: str, person: Person, phone: str | None, addresses: Mapping[str, str]) -> Answer:
    """How to reach a person: for whoever sends a message, at the moment of sending. `addresses` are opened."""
    scopes = person.caller().scopes(SPEAKER)
    return {
        "id": id,
        "ids": [person.id, *sorted(person.merged_from)],
        "tenant": person.tenant,
        "unit_id": person.unit_id if scopes else None,
        "scopes": list(scopes),
        "name_masked": person.shown_name,
        "phone": phone,
        "language": person.language,
        "channels": person.channels,
        "addresses": dict(addresses),
    }


def profile(person: Person, phone: str | None, addresses: Mapping[str, str], unit: Unit | None) -> Answer:
    """A person's own profile; name, phone and opened addresses are masked here too: answers travel and are kept."""
    return {
        "person_id": person.id,
        "name": person.shown_name,
        "phone": masked_phone(phone) if phone else None,
        "addresses": {kind: masked(kind, text) for kind, text in sorted(addresses.items())},
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
