"""A call: the members of some grids are asked to come at a time, and say whether they do (F41)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from members.fault import Fault

CALLED, ANSWERED, ANSWERED_TWICE = "call.issued", "call.answered", "call.answered_twice"
"""Entries of histories. Whom a call is for is asked for page by page."""

AHEAD = timedelta(days=30)
"""How long before somebody may be called (our decision): who is asked much earlier has forgotten it."""

CALLED_ROLES = ("in_service_member", "volunteer")
"""Who can be called (docs/domain.md F41)."""


@dataclass(frozen=True)
class Call:
    """One call: to whom by grids and skills, of which each is enough, what for, and when."""

    id: str
    tenant: str
    grids: tuple[str, ...]
    skills: tuple[str, ...]
    text: str
    at: datetime
    caller_id: str
    issued_at: datetime


@dataclass(frozen=True)
class Reply:
    """Whether somebody who was called comes; the last word counts.

    `coming` is None for what was said by somebody who has another answer, under another id: nobody is counted twice.
    """

    id: str
    call_id: str
    tenant: str
    person_id: str
    coming: bool | None


def faults(at: datetime, now: datetime) -> Iterator[Fault]:
    """What is wrong with when a call is for."""
    if at <= now:
        yield Fault("/at", "call_in_the_past")
    elif at > now + AHEAD:
        yield Fault("/at", "call_too_far_ahead", {"days": AHEAD.days})


def check_open(call: Call, now: datetime) -> None:
    """Refuses `call_over` once it is the time that was called for."""
    if now >= call.at:
        raise Refusal("call_over")


def reply_id(call_id: str, person_id: str) -> str:
    """Nobody answers a call twice."""
    return f"{call_id}:{person_id}"


def told(call: Call) -> dict[str, Any]:
    """What others hear: where and when, with the words of who calls, and nobody's id but theirs."""
    return {
        "tenant": call.tenant,
        "grids": list(call.grids),
        "skills": list(call.skills),
        "text": call.text,
        "for": instant.written(call.at),
    }


def shown(call: Call, called: int, replies: Mapping[bool, int]) -> dict[str, Any]:
    """The call with how many are called and what they have answered by now."""
    coming, not_coming = replies.get(True, 0), replies.get(False, 0)
    return {
        "call_id": call.id,
        "grids": list(call.grids),
        "skills": list(call.skills),
        "text": call.text,
        "at": instant.written(call.at),
        "issued_at": instant.written(call.issued_at),
        "called": called,
        "coming": coming,
        "not_coming": not_coming,
    }
