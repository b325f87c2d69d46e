"""What the clock does with a case whose alarm rings, or that somebody has who left; harmless when done already."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import structlog

from cases.act import Act
from cases.alarm import Alarm, Matter, ringing
from cases.assignment import without
from cases.case import Case
from cases.casework import Casework
from cases.moves.dispatching import asks_next
from cases.moves.leaving import RESTING, keepers
from cases.permission import THE_RULE
from cases.routing import candidates_for
from cases.timer import Timer
from chassis.caller import THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal

NEXT_AT_ONCE = 5
"""How many candidates members names when the next is looked for: whoever may not take the case gives way to another."""

log = structlog.get_logger()

MOVED_ON = frozenset(
    {
        "illegal_move",
        "not_due",
        "not_ringing",
        "busy_try_again",
        "stale_version",
        "not_theirs",
        "others_remain",
        "nobody_remains",
    }
)
"""Refusals that say that somebody was faster: nothing is left to do."""


def see_to(casework: Casework, members: Any, case: Case, now: datetime) -> None:
    """Do what the alarm that rings asks for."""
    alarm = ringing(case, now)
    if alarm is None:
        return
    match alarm.topic:
        case Timer.ACCEPT:
            _time_out(casework, members, case, now)
        case Matter.NEXT:
            _ask_next(casework, members, case, alarm, now)
        case Matter.WINDOW:
            _act(casework, case, Act.LAPSE, {"alarm": alarm.name}, now)
        case _:
            _act(casework, case, Act.REMIND, {"alarm": alarm.name}, now)


def take_from(casework: Casework, members: Any, case: Case, leaver: str, now: datetime) -> None:
    """Take the case from whoever has left: others keep it, or the next is asked, or it is left to the office."""
    fields = {"person_id": leaver}
    if keepers(case, leaver) or case.status in RESTING:
        _act(casework, case, Act.RELIEVE, fields, now)
        return
    for named in _in_the_place_of(members, case, leaver, now):
        if _act(casework, case, Act.PASS_ON, fields | named, now):
            return


def _in_the_place_of(members: Any, case: Case, leaver: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Others of the team who have yet to accept, then the next candidate, then nobody, which is the office."""
    others = without(case.assignment, leaver)
    if others.assignees:
        lead = next(one.id for one in others.assignees if one.lead)
        yield {"assignees": list(others.ids), "lead": lead}
    yield from ({"assignees": assignees} for assignees in _candidate(members, case, now))
    yield {}


def _time_out(casework: Casework, members: Any, case: Case, now: datetime) -> None:
    """Ask the next candidate as often as the dispatcher chose, and then nobody, which leaves it to the office."""
    following = _candidate(members, case, now) if asks_next(case) else ()
    for assignees in (*following, []):
        fields = {"assignees": assignees} if assignees else {}
        if _act(casework, case, Act.TIME_OUT, fields, now):
            return


def _ask_next(casework: Casework, members: Any, case: Case, alarm: Alarm, now: datetime) -> None:
    """Give a case that was handed back to the next candidate; where there is none, the desk hears of it."""
    for assignees in _candidate(members, case, now):
        if _act(casework, case, Act.DISPATCH, {"assignees": assignees, "then_next": True}, now, THE_RULE):
            return
    _act(casework, case, Act.REMIND, {"alarm": alarm.name}, now)


def _candidate(members: Any, case: Case, now: datetime) -> Iterator[list[str]]:
    """Who suits the case, best first, of those it was not given to before; nobody where members may not take it."""
    if case.kind is not None and case.kind.member_eligible:
        try:
            found = members.candidates(**candidates_for(case, case.kind, now, limit=NEXT_AT_ONCE))
        except Refusal as refused:  # it would refuse for ever; the office can find somebody
            log.warning("members named nobody", case_id=case.id, code=refused.code)
            return
        yield from ([person["person_id"]] for person in found)


def _act(
    casework: Casework, case: Case, act: Act, fields: Mapping[str, Any], now: datetime, caller: Caller = THE_CLOCK
) -> bool:
    """Whether nothing is left to do: done, or somebody was faster."""
    content = digest(fields)
    asked = Asked(caller, f"{act.value}:{case.id}:{case.version}:{content}", content, now)
    try:
        casework.move(asked, case.id, act, fields, if_version=case.version)
    except Refusal as refused:
        log.info("the clock could not act", act=act.value, case_id=case.id, code=refused.code)
        return refused.code in MOVED_ON
    return True
