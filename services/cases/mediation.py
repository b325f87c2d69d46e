"""A mediation: who quarrels, who mediates, what was said and how it ended; its words are for them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.level import Level
from chassis.caller import Caller
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text, without_identities
from chassis.secret import Opening, Secret, shown_secret


class Ending(StrEnum):
    """How a mediation ends."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    WITHDRAWN = "withdrawn"
    TO_COURT = "to_court"


SETTLED_BY: Mapping[str, Level] = {
    "grid_party_group": Level.GRID,
    "grid_worker": Level.GRID,
    "community_committee": Level.COMMUNITY,
    "community_mediation_committee": Level.COMMUNITY,
    "agency_office": Level.AGENCY,
    "district_mediation_committee": Level.DISTRICT,
    "district_bureau": Level.DISTRICT,
}
"""Who settles a dispute, and at which level of resolution that counts (docs/domain.md §2.4, Fengqiao)."""


@dataclass(frozen=True)
class Party:
    """One of those who quarrel: an account, or a person without one."""

    person_id: str | None = None
    name: Secret | None = None
    phone: Secret | None = None

    @staticmethod
    def said(told: Mapping[str, Any]) -> "Party":
        """The party as it was told of."""
        return Party(told.get("person_id"), Secret.name(told.get("name")), Secret.phone(told.get("phone")))


@dataclass(frozen=True)
class Meeting:
    """What was said at one meeting, as the mediator wrote it down."""

    at: datetime
    by: str
    record: Secret


@dataclass(frozen=True)
class Mediation:
    """The mediation of a dispute; the mediator has the case as `assignee_id`, in person or through a unit.

    `agreement` names the photos of what was signed.
    """

    mediator_id: str
    assignee_id: str
    parties: tuple[Party, ...]
    meetings: tuple[Meeting, ...] = ()
    outcome: Ending | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    agreement: tuple[str, ...] = ()

    @property
    def level(self) -> Level | None:
        """Where it was settled; None for what was not settled by agreement."""
        return SETTLED_BY[self.settled_by] if self.settled_by else None

    def has_party(self, caller: Caller) -> bool:
        """Whether the caller is one of the parties."""
        return any(caller.is_(each.person_id) for each in self.parties)

    def is_open_to(self, caller: Caller) -> bool:
        """Whether the caller reads what was said: the mediator and the parties do (docs/domain.md §2.2)."""
        return caller.is_(self.mediator_id) or self.has_party(caller)


def shown(mediation: Mediation, reader: Caller, opening: Opening, *, in_hand: bool) -> dict[str, Any]:
    """That there is one and how it ended; what was said, and who quarrels, to the parties and the mediator alone.

    Phones are in full for a mediator who has the case `in_hand`, open and not taken away since; what is masked is not
    opened.
    """
    within = mediation.is_open_to(reader)
    in_full = in_hand and reader.is_(mediation.mediator_id)
    return {
        "outcome": mediation.outcome.value if mediation.outcome else None,
        "settled_by": mediation.settled_by,
        "resolution_level": mediation.level.value if mediation.level else None,
        "settled_at": written_or_none(mediation.settled_at),
        "meetings": len(mediation.meetings),
        "mediator_id": mediation.mediator_id if within else None,
        "parties": [_party(each, opening if in_full else None) for each in mediation.parties] if within else [],
        "records": [_record(each, opening, in_full=in_full) for each in mediation.meetings] if within else [],
        "agreement": list(mediation.agreement) if within else [],
    }


def _record(meeting: Meeting, opening: Opening, *, in_full: bool) -> dict[str, Any]:
    record = opening(meeting.record)
    return {"at": written(meeting.at), "record": without_identities(record) if in_full else masked_text(record)}


def _party(party: Party, opening: Opening | None) -> dict[str, Any]:
    return {
        "person_id": party.person_id,
        "name": shown_secret(party.name, opening),
        "phone": shown_secret(party.phone, opening),
    }
