"""Who is told what becomes of registrations and evaluations: one table from event to notices; no scores, no names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach


class To(StrEnum):
    """Who a notice is for, by their part in it."""

    MEMBER = "member"
    UNIT = "unit"


@dataclass(frozen=True)
class Row:
    """One row of the table; nobody can decline what is about themselves."""

    to: To
    template: str
    reach: Reach = Reach.OUTSIDE


TOLD: Mapping[str, tuple[Row, ...]] = {
    "registration.accepted": (
        Row(To.MEMBER, "registration_accepted"),
        Row(To.UNIT, "registration_slip", Reach.INBOX),
    ),
    "registration.refused": (
        Row(To.MEMBER, "registration_refused"),
        Row(To.UNIT, "registration_refused", Reach.INBOX),
    ),
    "registration.ended": (Row(To.MEMBER, "registration_ended", Reach.INBOX),),
    "evaluation.shown": (Row(To.MEMBER, "evaluation_shown"),),
    "evaluation.finalised": (
        Row(To.MEMBER, "evaluation_final"),
        Row(To.UNIT, "evaluation_results", Reach.INBOX),
    ),
}
"""Every message about dual registration and its evaluation (docs/domain.md §3.2): the member hears first, in time to
object, and the unit only of what is final. What is about a unit itself is for the unit in the member's place.
"""


@dataclass(frozen=True)
class DualServiceEvent:
    """What a notice needs of an event; `facts` are the codes and times that its text may use."""

    id: str
    type: str
    at: datetime
    unit_id: str
    person_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def notices(event: DualServiceEvent) -> Iterator[NoticeDraft]:
    """The messages that the event causes, each recipient once."""
    told = {_recipient(row.to, event): row for row in reversed(TOLD[event.type])}
    for recipient, row in told.items():
        yield about_no_case(event.id, event.at, recipient, row.template, row.reach, event.facts)


def _recipient(to: To, event: DualServiceEvent) -> str:
    return event.person_id if to is To.MEMBER and event.person_id else event.unit_id
