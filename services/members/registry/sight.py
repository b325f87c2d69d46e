"""Which columns of a person a reader sees, by role (docs/domain.md §5: profile of a member); masks are laid on here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.caller import Caller
from members.area import DISTRICT_DIGITS, tenant_of
from members.people.person import Person, masked_phone

SUMMARY = ("roles", "unit_id", "registered_with", "home", "skills", "certificates", "free_times", "tags")
EVERYTHING = (*SUMMARY, "language", "phone_masked", "consent", "merged_from")
ABILITIES = ("skills", "certificates", "free_times")


class Bound(StrEnum):
    """Whom a row of the table reaches."""

    AREA = "area"
    UNIT = "unit"
    RIDERS = "riders"


@dataclass(frozen=True)
class Row:
    """What one role sees of whom; everybody sees id, name and whether somebody is active of those they reach."""

    role: str
    bound: Bound
    columns: tuple[str, ...] = ()
    full_name: bool = False


AUDITOR = "auditor"

ROWS: tuple[Row, ...] = (
    Row("party_office", Bound.AREA, EVERYTHING, full_name=True),
    Row("district_admin", Bound.AREA, EVERYTHING),
    Row(AUDITOR, Bound.AREA, EVERYTHING),
    Row("dispatcher", Bound.AREA, ABILITIES),
    Row("grid_worker", Bound.AREA),
    Row("community_worker", Bound.AREA),
    Row("unit_contact", Bound.UNIT, ("roles", "unit_id", "registered_with", "skills")),
    Row("union_leader", Bound.RIDERS, ("roles",)),
    Row("union_cadre", Bound.RIDERS, ("roles",)),
)
"""The table, what shows most first: a list is read by the first row that the reader has."""

ASKS: Mapping[str, str] = {
    "role": "roles",
    "skill": "skills",
    "unit_id": "unit_id",
    "registered_with": "registered_with",
    "tag": "tags",
}
"""The column that a filter tells something of: whoever is in the list has what was asked for."""

REVEALS = ("party_office", "district_admin")
"""Roles that are told a phone when they give a reason."""


def rows_of(caller: Caller) -> list[Row]:
    """The rows that the caller has; who oversees several districts reads sums alone (F57)."""
    return [row for row in ROWS if scopes(caller, row.role) and (row.bound is not Bound.UNIT or caller.unit)]


def scopes(caller: Caller, role: str) -> list[str]:
    """The scopes in which the caller holds the role, as far as each lies in one district."""
    return sorted({scope for scope in caller.scopes(role) if len(scope) >= DISTRICT_DIGITS})


def reaches(row: Row, caller: Caller, person: Person) -> bool:
    """Whether the row lets the caller see something of this person."""
    held = scopes(caller, row.role)
    if row.bound is Bound.UNIT:
        return (
            caller.unit is not None
            and person.unit_id == caller.unit
            and person.tenant in {tenant_of(each) for each in held}
        )
    within = any(scope in person.areas for scope in held)
    return within and (row.bound is Bound.AREA or "rider" in person.caller().roles)


def audits(rows: Iterable[Row]) -> bool:
    """Whether somebody whom these rows let see a person oversees them as an auditor (docs/domain.md §5)."""
    return any(row.role == AUDITOR for row in rows)


def answers(row: Row, filters: Iterable[str]) -> bool:
    """Whether the row shows all that these filters would tell."""
    return all(ASKS.get(each) in {None, *row.columns} for each in filters)


def shown(person: Person, phone: str | None, rows: list[Row]) -> dict[str, Any]:
    """What readers with these rows see of a person: what is in no column of theirs is left out."""
    columns = {column for row in rows for column in row.columns}
    name = {"name": person.name} if any(row.full_name for row in rows) else {}
    known = {
        "roles": [{"role": grant.role, "scope": grant.scope} for grant in person.grants],
        "unit_id": person.unit_id,
        "registered_with": person.registered_with,
        "home": {"compound_id": person.home.compound_id, "grid_code": person.home.grid_code} if person.home else None,
        "skills": sorted(person.skills),
        "certificates": [{"kind": held.kind, "valid_until": f"{held.valid_until}"} for held in person.certificates],
        "free_times": [
            {"weekday": span.weekday, "start": f"{span.start:%H:%M}", "end": f"{span.end:%H:%M}"}
            for span in person.free_times
        ],
        "tags": person.shown_tags,
        "language": person.language,
        "phone_masked": masked_phone(phone) if phone else None,
        "consent": _consent(person.consent),
        "merged_from": sorted(person.merged_from),
    }
    seen = {"person_id": person.id, "name_masked": person.shown_name, **name, "active": person.active}
    return seen | {column: value for column, value in known.items() if column in columns}


def _consent(consent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(consent) if consent else None
