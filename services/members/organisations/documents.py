"""A unit written as a document and read back."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.outbox import Document
from members.area import SCOPE_LENGTHS
from members.organisations.tie import Tie, always
from members.organisations.unit import Unit


def written(unit: Unit) -> Document:
    """The document, with `areas` for lists: the district, and whatever its grids lie in."""
    return {
        "_id": unit.id,
        "tenant": unit.tenant,
        "name": unit.name,
        "unit_type": unit.unit_type,
        "grid_codes": list(unit.grid_codes),
        "areas": areas(unit),
        "active": unit.active,
        "credit_code": unit.credit_code,
        "party_organisation": unit.party_organisation,
        "contact_id": unit.contact_id,
        "ties": [vars(tie) for tie in unit.ties or always(unit.grid_codes)],
        "closed": unit.closed,
        "turns_at": unit.turns_at,
    }


def read(found: Mapping[str, Any]) -> Unit:
    """The unit that the document describes; one of before there were ties has served its grids always."""
    codes = tuple(found["grid_codes"])
    ties = found.get("ties")
    return Unit(
        id=found["_id"],
        tenant=found["tenant"],
        name=found["name"],
        unit_type=found["unit_type"],
        grid_codes=codes,
        active=found["active"],
        credit_code=found.get("credit_code"),
        party_organisation=found.get("party_organisation"),
        contact_id=found.get("contact_id"),
        ties=always(codes) if ties is None else tuple(Tie(**tie) for tie in ties),
        closed=found.get("closed"),
        turns_at=found.get("turns_at"),
    )


def areas(unit: Unit) -> list[str]:
    """All that the unit is found in."""
    return sorted({unit.tenant, *_prefixes(unit.grid_codes)})


def _prefixes(codes: Iterable[str]) -> set[str]:
    return {code[:digits] for code in codes for digits in SCOPE_LENGTHS}
