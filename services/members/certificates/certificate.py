"""A certificate of volunteer hours: what it says, whether it stands, and what everybody may check (F58).

It is made of the ledger alone. Minutes are summed up first, and cut to a tenth of an hour then (docs/domain.md §3.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hmac import compare_digest
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from chassis.fault import Fault, check
from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, TOWN_DIGITS, tenant_of
from members.hours.credit import shown_hours
from members.people.person import LOCAL

ISSUED, SUPERSEDED, REVOKED = "certificate.issued", "certificate.superseded", "certificate.revoked"
"""Others hear of those that end one; that it was issued is an entry of its history."""

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of numbers and codes: none of them is taken for another when it is read out."""

NUMBER_LETTERS, CODE_LETTERS = 6, 16
"""How many letters end a number, and how many a code has: 80 bits, which nobody guesses."""


class State(StrEnum):
    """Whether it stands."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Line:
    """One service of the certificate."""

    record_id: str
    day: date
    title: str
    grid_code: str
    minutes: int


@dataclass(frozen=True)
class Certificate:
    """One certificate: of whom, for which local days, over which services, from whom, and since when.

    `issuer` is the code of the area that recorded all of it, `issuer_name` its name then. `code` is what only the
    certificate itself tells: with it anybody may check the certificate.
    """

    number: str
    code: str
    person_id: str
    first: date
    last: date
    lines: tuple[Line, ...]
    issuer: str
    issuer_name: str
    issued_at: datetime
    state: State = State.VALID
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.issuer)

    @property
    def minutes(self) -> int:
        """All minutes of it."""
        return sum(each.minutes for each in self.lines)


def numbered(tenant: str, now: datetime, letters: str) -> str:
    """The number of a certificate that is issued now: district, local day, and six letters."""
    return f"V{tenant}-{now.astimezone(LOCAL):%Y%m%d}-{letters}"


def issuer_of(lines: Iterable[Line]) -> str:
    """The narrowest area that recorded all of it: a community, the agency of a town, or the district (§3.3)."""
    codes = [each.grid_code for each in lines]
    lengths = (COMMUNITY_DIGITS, TOWN_DIGITS, DISTRICT_DIGITS)
    return next((codes[0][:digits] for digits in lengths if len({code[:digits] for code in codes}) == 1), "")


def check_asked(first: date, last: date, today: date) -> None:
    """Refuses all that is wrong with a period at once: `certificate_ends_too_early` and `date_in_the_future`."""
    early = [Fault("/last", "certificate_ends_too_early")] if last < first else []
    late = [Fault("/last", "date_in_the_future")] if last > today else []
    check([*early, *late])


def superseded(found: Certificate, now: datetime) -> Certificate:
    """The certificate when something that it says is looked into again."""
    return replace(found, state=State.SUPERSEDED, ended_at=now)


def revoked(found: Certificate, reason: str, now: datetime) -> Certificate:
    """The certificate taken back by the office; refuses `certificate_not_valid`."""
    if found.state is not State.VALID:
        raise Refusal("certificate_not_valid", state=found.state.value)
    return replace(found, state=State.REVOKED, ended_at=now, reason=reason)


def opens(found: Certificate, code: str) -> bool:
    """Whether the code is the certificate's own."""
    return compare_digest(found.code.encode(), code.strip().upper().encode())


def told(found: Certificate) -> Mapping[str, Any]:
    """What its events tell."""
    return {"number": found.number, "person_id": found.person_id, "state": found.state.value}


def checked(found: Certificate, name: str | None) -> dict[str, Any]:
    """What anybody sees who has the certificate in hand: whether it stands, and of the name no more than the first."""
    return {
        "number": found.number,
        "state": found.state.value,
        "name_masked": name,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "minutes": found.minutes,
        "hours": shown_hours(found.minutes),
        "issuer": found.issuer,
        "issuer_name": found.issuer_name,
        "issued_on": found.issued_at.astimezone(LOCAL).date().isoformat(),
    }


def whole(found: Certificate, masked: str | None, name: str | None) -> dict[str, Any]:
    """All of it, as its person has it; `name` only for them."""
    return {
        **checked(found, masked),
        "person_id": found.person_id,
        "name": name,
        "code": found.code if name is not None else None,
        "issued_at": instant.written(found.issued_at),
        "ended_at": instant.written_or_none(found.ended_at),
        "reason": found.reason,
        "services": [
            {
                "record_id": each.record_id,
                "day": each.day.isoformat(),
                "title": each.title,
                "minutes": each.minutes,
            }
            for each in found.lines
        ],
    }
