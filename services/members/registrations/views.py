"""What others get to see of registrations, people masked."""

from collections.abc import Mapping
from typing import Any

from members.registrations.registration import DAYS, POSTS, Registration

Answer = dict[str, Any]

PLAIN = (
    "unit_id",
    "person_id",
    "community",
    "basis",
    "slip",
    "agreement",
    "contact_id",
    "replaces",
    "reason_code",
)


def registration(found: Registration, version: int, names: Mapping[str, str]) -> Answer:
    """One registration; `names` tells what units and, masked, people are called."""
    return {
        "registration_id": found.id,
        "version": version,
        "kind": found.kind.value,
        "status": found.status.value,
        **{name: getattr(found, name) for name in PLAIN},
        **{name: _day(getattr(found, name)) for name in DAYS},
        "resources": list(found.resources),
        "posts": [{"code": code, "zh": POSTS[code][0], "en": POSTS[code][1]} for code in found.posts],
        "unit_name": names.get(found.unit_id),
        "person_name": names.get(found.person_id) if found.person_id else None,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
