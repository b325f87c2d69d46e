"""Who is told that what they sign in by has changed: the owner of the account, whoever did it, and nobody else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach

CHANGED = "person.sign_in_changed"

TEMPLATE = "sign_in_changed"
"""What its owner is told, and cannot decline (docs/domain.md §5)."""


@dataclass(frozen=True)
class SignInEvent:
    """What a notice needs of the event; `facts` are what changed, in a code, and when."""

    id: str
    at: datetime
    person_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def notices(event: SignInEvent) -> Iterator[NoticeDraft]:
    """The message that the event causes; it goes out at night too, for whoever took an account over has until then."""
    told = about_no_case(event.id, event.at, event.person_id, TEMPLATE, Reach.OUTSIDE, event.facts)
    yield replace(told, urgent=True)
