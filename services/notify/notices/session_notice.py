"""Who is told how far an intake session has come: those who were there, and the host for those who are to be called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach

PROGRESSED = "session.progressed"

TEMPLATES: Mapping[str, str] = {"decided": "session_decided", "done": "session_done"}
"""What attendees with an account are told at each stage (docs/domain.md §7, F30)."""

BY_HAND: Mapping[str, str] = {"decided": "session_decided_by_hand", "done": "session_done_by_hand"}
"""What the host is asked to tell those who left a phone and have no account."""


@dataclass(frozen=True)
class SessionEvent:
    """What a notice needs of the event; `facts` are the codes that its text may use."""

    id: str
    at: datetime
    stage: str
    host_id: str
    attendees: tuple[str, ...] = ()
    by_hand: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


def notices(event: SessionEvent) -> Iterator[NoticeDraft]:
    """The messages that the event causes."""
    for attendee in dict.fromkeys(event.attendees):
        yield _draft(event, attendee, TEMPLATES[event.stage], Reach.OUTSIDE)
    if event.by_hand:
        yield _draft(event, event.host_id, BY_HAND[event.stage], Reach.INBOX)


def _draft(event: SessionEvent, recipient: str, template: str, reach: Reach) -> NoticeDraft:
    mandatory = reach is Reach.INBOX
    return about_no_case(event.id, event.at, recipient, template, reach, event.facts, mandatory=mandatory)
