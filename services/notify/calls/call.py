"""A call to action in hand: how far it has come among those whom it is for, and what each of them is told (F41)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis import instant
from notify.notices.notice import BULK, NoticeDraft, about_no_case
from notify.notices.rule import Reach

ISSUED, TEMPLATE = "call.issued", "call_to_action"
WITHDRAWN, OFF_TEMPLATE = "call.withdrawn", "call_called_off"

REASON = "call_reason"
"""The fact by which a notice says that a call is withdrawn, and why."""


@dataclass(frozen=True)
class Off:
    """That a call is withdrawn, by which event, when and why; `after` up to which notice of it, by id, that is told."""

    event_id: str
    at: datetime
    reason: str
    after: str = ""


@dataclass(frozen=True)
class Call:
    """One call; `begins` is the time that is asked for, `after` up to whom, by id, everybody has been told.

    Whom it is for stands with members, and is asked for page by page.
    """

    id: str
    event_id: str
    issued_at: datetime
    grids: tuple[str, ...]
    text: str
    begins: datetime
    emergency: bool
    after: str = ""
    off: Off | None = None


@dataclass(frozen=True)
class Page:
    """Some of those whom a call is for, as who they are now; `next` is where the page after it begins, if any."""

    people: tuple[str, ...]
    next: str | None


@dataclass(frozen=True)
class Told:
    """Somebody who has a call in the inbox, by its notice; `had` is who has read it or was sent it outside."""

    notice_id: str
    person_id: str
    had: bool


def over(call: Call, now: datetime) -> bool:
    """Whether nobody need be told any more: it is the time that was asked for."""
    return now >= call.begins


def notices(call: Call, people: Iterable[str]) -> Iterator[NoticeDraft]:
    """What each of these people is told, among what goes to many; it may be declined, and an emergency wakes them."""
    facts = _facts(call)
    for person in people:
        draft = about_no_case(call.event_id, call.issued_at, person, TEMPLATE, Reach.OUTSIDE, facts, mandatory=False)
        yield replace(draft, urgent=call.emergency, lane=BULK)


def off_notices(call: Call, off: Off, told: Iterable[Told]) -> Iterator[NoticeDraft]:
    """What each of these is told of a call that is withdrawn: outside the inbox who may know of it from outside."""
    facts = _facts(call) | {REASON: off.reason}
    for each in told:
        reach = Reach.OUTSIDE if each.had else Reach.INBOX
        draft = about_no_case(off.event_id, off.at, each.person_id, OFF_TEMPLATE, reach, facts, mandatory=False)
        yield replace(draft, urgent=call.emergency, lane=BULK)


def asked_by(facts: Mapping[str, Any]) -> str | None:
    """The id of the call that a notice with these facts asks to follow, None for one of something else."""
    return None if REASON in facts else facts.get("call_id")


def moot(
    facts: Mapping[str, Any],
    person_id: str,
    answered: Collection[tuple[str, str]],
    withdrawn: Collection[str],
    now: datetime,
) -> bool:
    """Whether a notice of a call has nothing left to say.

    It is the time that was asked for, its reader has answered, or it is withdrawn: the last two matter to none that
    says that it is withdrawn.
    """
    if facts.get("call_id") is None:
        return False
    asks = asked_by(facts)
    vain = asks is not None and (asks in withdrawn or (asks, person_id) in answered)
    return vain or now >= datetime.fromisoformat(facts["begins"])


def _facts(call: Call) -> dict[str, Any]:
    return {
        "call_id": call.id,
        "call": call.text,
        "begins": instant.written(call.begins),
        "emergency": call.emergency,
    }
