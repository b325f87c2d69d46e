"""A call to action in hand: how far it has come among those whom it is for, and what each of them is told (F41)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis import instant
from notify.notices.notice import BULK, NoticeDraft, about_no_case
from notify.notices.rule import Reach

ISSUED, TEMPLATE = "call.issued", "call_to_action"


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


@dataclass(frozen=True)
class Page:
    """Some of those whom a call is for, as who they are now; `next` is where the page after it begins, if any."""

    people: tuple[str, ...]
    next: str | None


def over(call: Call, now: datetime) -> bool:
    """Whether nobody need be told any more: it is the time that was asked for."""
    return now >= call.begins


def notices(call: Call, people: Iterable[str]) -> Iterator[NoticeDraft]:
    """What each of these people is told, among what goes to many; it may be declined, and an emergency wakes them."""
    facts = {
        "call_id": call.id,
        "call": call.text,
        "begins": instant.written(call.begins),
        "emergency": call.emergency,
    }
    for person in people:
        draft = about_no_case(call.event_id, call.issued_at, person, TEMPLATE, Reach.OUTSIDE, facts, mandatory=False)
        yield replace(draft, urgent=call.emergency, lane=BULK)


def called_by(facts: Mapping[str, Any]) -> str | None:
    """The id of the call that a notice with these facts is of, None for one of something else."""
    return facts.get("call_id")


def moot(facts: Mapping[str, Any], person_id: str, answered: Collection[tuple[str, str]], now: datetime) -> bool:
    """Whether such a notice has nothing left to ask: its reader has answered, or it is the time that was asked for."""
    call_id = called_by(facts)
    return call_id is not None and ((call_id, person_id) in answered or now >= datetime.fromisoformat(facts["begins"]))
