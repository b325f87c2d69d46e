"""Who is told what becomes of their volunteer hours, stars and certificates; no names, and nobody's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach

HOURS: Mapping[str, tuple[str, Reach]] = {
    "service_record.approved": ("hours_approved", Reach.INBOX),
    "service_record.refused": ("hours_refused", Reach.OUTSIDE),
    "service_record.corrected": ("hours_corrected", Reach.OUTSIDE),
    "service_record.kept": ("hours_kept", Reach.OUTSIDE),
    "star.offered": ("star_offered", Reach.OUTSIDE),
    "certificate.superseded": ("certificate_superseded", Reach.OUTSIDE),
    "certificate.revoked": ("certificate_revoked", Reach.OUTSIDE),
}
"""Template and reach of every message about somebody's own hours (docs/domain.md §3.3), which they cannot decline.

What counts as was expected stays in the inbox; why something does not is read in the record itself.
"""


@dataclass(frozen=True)
class HoursEvent:
    """What a notice needs of an event; `facts` are the title, the day and the numbers that its text may use."""

    id: str
    type: str
    at: datetime
    person_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def notices(event: HoursEvent) -> Iterator[NoticeDraft]:
    """The message that the event causes."""
    template, reach = HOURS[event.type]
    yield about_no_case(event.id, event.at, event.person_id, template, reach, event.facts)
