"""Who is told what becomes of their place in an activity without their asking; no names of people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach

TEMPLATES: Mapping[str, str] = {
    "signup.seated": "activity_seated",
    "signup.unseated": "activity_unseated",
    "signup.moved": "activity_moved",
    "signup.task_lost": "activity_task_lost",
    "signup.called_off": "activity_called_off",
}
"""Every message about a sign-up (docs/domain.md §3.3, F12); what people do themselves they see at once."""

OVERLAPS, OVERLAPPING = "overlaps", "activity_overlaps"
"""Why somebody loses the place in an activity that is moved to a time at which they are elsewhere; what they are told.
"""


@dataclass(frozen=True)
class SignupEvent:
    """What a notice needs of an event; `facts` are the title, the times and the codes that its text may use."""

    id: str
    type: str
    at: datetime
    person_id: str
    reason: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


REMINDED, REMINDER = "activity.reminder", "activity_reminder"
"""Who has a place is reminded of it, the evening before and an hour before."""


def reminders(events: Iterable[SignupEvent]) -> Iterator[NoticeDraft]:
    """The messages that a reminder causes, one for each person who has a place."""
    for event in events:
        yield _draft(event, REMINDER)


CALLED_OFF, OWN_CALLED_OFF = "activity.cancelled", "own_activity_called_off"
"""Who organises an activity hears that it was called off, unless they did it themselves."""


def of_organisers(events: Iterable[SignupEvent]) -> Iterator[NoticeDraft]:
    """The message to who organises what somebody else has called off."""
    for event in events:
        yield _draft(event, OWN_CALLED_OFF)


def notices(event: SignupEvent) -> Iterator[NoticeDraft]:
    """The message that the event causes, which nobody can decline: it is about their own place."""
    template = OVERLAPPING if event.reason == OVERLAPS else TEMPLATES[event.type]
    yield _draft(event, template)


def _draft(event: SignupEvent, template: str) -> NoticeDraft:
    return about_no_case(event.id, event.at, event.person_id, template, Reach.OUTSIDE, event.facts)
