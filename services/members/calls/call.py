"""A call: the members of some grids are asked to come at a time, and say whether they do (F41)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from chassis.fault import Fault
from members.people.person import CHANNELS, Person
from members.people.skill import SKILLS

CALLED, LISTED = "call.issued", "call.listed"
ANSWERED, ANSWERED_TWICE = "call.answered", "call.answered_twice"
WITHDRAWN, TALLIED, FORGOTTEN = "call.withdrawn", "call.tallied", "call.forgotten"
"""Entries of histories. Whom a call is for is asked for page by page."""

AHEAD = timedelta(days=30)
"""How long before somebody may be called (our decision): who is asked much earlier has forgotten it."""

MOST_CALLED = 20_000
"""How many people one call is for at most (our decision: a town, and several times the largest that is foreseen)."""

IN_A_LIST = 500
"""How many ids stand in one list of those who were called."""

PEOPLE_KEPT = timedelta(days=180)
"""How long after its time it is known whom a call was for and who answered what: as long as what they were sent
(docs/domain.md §5, message bodies)."""

CALLED_ROLES = ("in_service_member", "volunteer")
"""Who can be called (docs/domain.md F41)."""


@dataclass(frozen=True)
class Call:
    """One call: to whom by grids and skills, of which each is enough, what for, and when.

    `called` is how many people it was for when it was issued. Who moves, comes or goes later changes nothing of that.
    An `emergency` is told in quiet hours too. `tally` is how many came and did not, once that is all that is kept of
    the answers.
    """

    id: str
    tenant: str
    grids: tuple[str, ...]
    skills: tuple[str, ...]
    text: str
    at: datetime
    caller_id: str
    issued_at: datetime
    called: int = 0
    emergency: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    tally: tuple[int, int] | None = None
    forgotten_at: datetime | None = None


@dataclass(frozen=True)
class CallList:
    """Some of those who were called, by id in ascending order, as they were known when the call was issued."""

    id: str
    call_id: str
    tenant: str
    people: tuple[str, ...]


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


def skill_faults(skills: Iterable[str]) -> Iterator[Fault]:
    """What is wrong with the skills that are wanted."""
    for n, each in enumerate(skills):
        if each not in SKILLS:
            yield Fault(f"/skills/{n}", "unknown_skill", {"skill": each})


def time_faults(at: datetime, now: datetime) -> Iterator[Fault]:
    """What is wrong with when a call is for."""
    if at <= now:
        yield Fault("/at", "call_in_the_past")
    elif at > now + AHEAD:
        yield Fault("/at", "call_too_far_ahead", {"days": AHEAD.days})


def check_called(number: int) -> None:
    """Refuses `nobody_to_call` and `too_many_to_call`."""
    if number == 0:
        raise Refusal("nobody_to_call")
    if number > MOST_CALLED:
        raise Refusal("too_many_to_call", most=MOST_CALLED)


def reachable(person: Person) -> bool:
    """Whether somebody who was called can still be told so."""
    return person.active and not set(CHANNELS) <= person.declined


def lists(call: Call, people: Iterable[str]) -> list[CallList]:
    """The people of a call, once and in their order, in lists of a bounded size."""
    ids = sorted(set(people))
    parts = [tuple(ids[n : n + IN_A_LIST]) for n in range(0, len(ids), IN_A_LIST)]
    return [CallList(f"{call.id}:{n}", call.id, call.tenant, part) for n, part in enumerate(parts)]


def check_open(call: Call, now: datetime) -> None:
    """Refuses `call_withdrawn`, and `call_over` once it is the time that was called for."""
    if call.withdrawn_at is not None:
        raise Refusal("call_withdrawn")
    if now >= call.at:
        raise Refusal("call_over")


def withdrawn(call: Call, reason: str, now: datetime) -> Call:
    """The call, which nobody is to follow any more; refuses as `check_open`."""
    check_open(call, now)
    return replace(call, withdrawn_at=now, withdrawn_because=reason)


def tallied(call: Call, replies: Mapping[bool, int]) -> Call:
    """The call with its answers as numbers, as they were when that was done first."""
    return call if call.tally else replace(call, tally=_counted(replies))


def reply_id(call_id: str, person_id: str) -> str:
    """Nobody answers a call twice."""
    return f"{call_id}:{person_id}"


def answered(reply: Reply) -> dict[str, Any]:
    """The answer as its person reads it in their own copy."""
    return {"call_id": reply.call_id, "coming": reply.coming}


def told(call: Call) -> dict[str, Any]:
    """What others hear: where and when, with the words of who calls, and nobody's id but theirs."""
    return {
        "tenant": call.tenant,
        "grids": list(call.grids),
        "skills": list(call.skills),
        "text": call.text,
        "for": instant.written(call.at),
        "called": call.called,
        "emergency": call.emergency,
    }


def called_off(call: Call) -> dict[str, Any]:
    """What others hear of one that is withdrawn: the same, with the words why."""
    return told(call) | {"reason": call.withdrawn_because}


def shown(call: Call, replies: Mapping[bool, int]) -> dict[str, Any]:
    """The call with how many were called and what they have answered by now."""
    coming, not_coming = call.tally or _counted(replies)
    return {
        "call_id": call.id,
        "grids": list(call.grids),
        "skills": list(call.skills),
        "text": call.text,
        "at": instant.written(call.at),
        "issued_at": instant.written(call.issued_at),
        "called": call.called,
        "emergency": call.emergency,
        "coming": coming,
        "not_coming": not_coming,
        "withdrawn_at": instant.written_or_none(call.withdrawn_at),
        "withdrawn_because": call.withdrawn_because,
    }


def _counted(replies: Mapping[bool, int]) -> tuple[int, int]:
    return replies.get(True, 0), replies.get(False, 0)
