"""A notice: one message to one recipient, in codes; no names, texts or channels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.notices.rule import Reach
from notify.preferences.kinds import KIND_OF

PROMPT, BULK = "prompt", "bulk"
"""The lanes of notices on their way outside: what goes to thousands at once holds up nothing that concerns a case."""

CALL_BY_HAND = "call_by_hand"
BY_HAND_ALREADY = frozenset({CALL_BY_HAND, "tell_by_hand", "tell_followers_by_hand"})
"""Tasks to tell somebody about a case by hand."""


@dataclass(frozen=True)
class NoticeDraft:
    """One message to one recipient, in codes; its id makes it happen once however often the event comes."""

    id: str
    recipient: str
    template: str
    reach: Reach
    mandatory: bool
    event_id: str
    at: datetime
    case_id: str | None
    number: str | None
    grid_code: str | None
    facts: Mapping[str, Any]
    urgent: bool = False
    lane: str = PROMPT


@dataclass(frozen=True)
class Notice:
    """A message as the inbox keeps it."""

    id: str
    recipient: str
    template: str
    mandatory: bool
    event_id: str
    at: datetime
    case_id: str | None
    number: str | None
    grid_code: str | None
    facts: Mapping[str, Any]
    unread: bool
    read_at: datetime | None
    urgent: bool = False
    lane: str = PROMPT


def concerns(scopes: Iterable[str], notice: Notice) -> bool:
    """Whether a notice is for who speaks for its recipient in these scopes: what it is about lies in one, or nowhere.

    A case lies somewhere: one whose grid is not known lies in none of them.
    """
    if notice.grid_code is None:
        return notice.case_id is None
    return notice.grid_code.startswith(tuple(scopes))


def notice_id(event_id: str, recipient: str, template: str) -> str:
    """The idempotency key of a message (docs/domain.md §2.2): event, recipient and template."""
    return f"{event_id}:{recipient}:{template}"


def about_no_case(
    event_id: str,
    at: datetime,
    recipient: str,
    template: str,
    reach: Reach,
    facts: Mapping[str, Any],
    *,
    mandatory: bool = True,
    grid_code: str | None = None,
) -> NoticeDraft:
    """A message about something else than a case, of which the event tells."""
    return NoticeDraft(
        id=notice_id(event_id, recipient, template),
        recipient=recipient,
        template=template,
        reach=reach,
        mandatory=mandatory,
        event_id=event_id,
        at=at,
        case_id=None,
        number=None,
        grid_code=grid_code,
        facts=facts,
    )


def about_subscription(
    event_id: str, recipient: str, template: str, at: datetime, facts: Mapping[str, Any]
) -> NoticeDraft:
    """A message to the owner of a subscription about what became of it or of one of its deliveries."""
    return about_no_case(event_id, at, recipient, template, Reach.OUTSIDE, facts, mandatory=False)


def call_by_hand(failed: Notice, person_id: str, recipient: str, template: str) -> NoticeDraft:
    """A message that could not be sent to a person becomes a task for the grid worker (docs/domain.md §2.2).

    It says whom it was for, and what it said.
    """
    return NoticeDraft(
        id=notice_id(failed.id, recipient, template),
        recipient=recipient,
        template=template,
        reach=Reach.OUTSIDE,
        mandatory=True,
        event_id=failed.event_id,
        at=failed.at,
        case_id=failed.case_id,
        number=failed.number,
        grid_code=failed.grid_code,
        facts={
            **failed.facts,
            "passes_on": failed.template,
            "unreached": KIND_OF[failed.template].value,
            "unreached_id": person_id,
        },
    )
