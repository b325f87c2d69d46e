"""How long personal data is kept, and what is left of a person afterwards: the id, and what counts were made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.instant import written
from chassis.term import Term
from members.accounts.account import Account, closed
from members.identities.identity import acts
from members.people.person import Person

ERASED = "已删除"
"""What somebody is called whose data is gone."""


@dataclass(frozen=True)
class Reached:
    """Where a person is reached, opened: the phone, and the addresses by their kind."""

    phone: str | None
    addresses: Mapping[str, str]


TERMS: Mapping[str, Term] = {
    "leavers": Term(3, "docs/domain.md §5, as personal data of a case (our decision)"),
    "reveals": Term(3, "docs/domain.md §5, the audit log (our decision; the law asks for six months)"),
}


def erased(person: Person, at: datetime) -> Person:
    """The person without anything personal; id, district and the times of roles stay, so that sums stay as they are."""
    return replace(
        person,
        name=ERASED,
        honorific="",
        unit_id=None,
        registered_with=None,
        home=None,
        skills=frozenset(),
        certificates=(),
        free_times=(),
        tags=(),
        declined=frozenset(),
        addresses={},
        consent=None,
        erased_at=at,
    )


def wiped(account: Account) -> Account:
    """The account without a way to sign in."""
    return replace(closed(account), login=None, password_hash=None)


def copied(person: Person, reached: Reached, logins: list[str], reveals: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything that is kept of a person, as the person gets it: unmasked, with who was told the phone and why."""
    return {
        "person_id": person.id,
        "earlier_ids": sorted(person.merged_from),
        "name": person.name,
        "honorific": person.honorific,
        "phone": reached.phone,
        "addresses": dict(reached.addresses),
        "logins": logins,
        "language": person.language,
        "unit_id": person.unit_id,
        "registered_with": person.registered_with,
        "home": {"compound_id": person.home.compound_id, "grid_code": person.home.grid_code} if person.home else None,
        "skills": sorted(person.skills),
        "certificates": [{"kind": each.kind, "valid_until": f"{each.valid_until}"} for each in person.certificates],
        "free_times": [
            {"weekday": span.weekday, "start": f"{span.start:%H:%M}", "end": f"{span.end:%H:%M}"}
            for span in person.free_times
        ],
        "declined": sorted(person.declined),
        "roles": [
            {
                "role": each.role,
                "scope": each.scope,
                "since": written(each.since),
                "until": written(each.until) if each.until else None,
            }
            for each in person.tenures
        ],
        "tags": acts(person.tags),
        "consent": dict(person.consent) if person.consent else None,
        "phone_told": [
            {"at": written(each["at"]), "role": each.get("role"), "reason": each["reason"]} for each in reveals
        ],
    }
