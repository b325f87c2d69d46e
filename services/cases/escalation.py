"""What the clock does with a case whose alarm rings; harmless when another instance was faster."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import structlog

from cases.act import Act
from cases.alarm import Matter, ringing
from cases.case import Case
from cases.casework import CLOCK, Casework
from cases.routing import candidates_for
from cases.timer import Timer
from chassis.caller import Caller, Grant
from chassis.command import Asked, digest
from chassis.errors import Refusal

log = structlog.get_logger()

THE_CLOCK = Caller(CLOCK, (Grant(CLOCK, ""),))

MOVED_ON = frozenset({"illegal_move", "not_due", "busy_try_again", "stale_version"})
"""Refusals that say that somebody was faster: nothing is left to do."""


def see_to(casework: Casework, members: Any, case: Case, now: datetime) -> None:
    """Do what the alarm that rings asks for."""
    alarm = ringing(case, now)
    if alarm is None:
        return
    match alarm.topic:
        case Timer.ACCEPT:
            _time_out(casework, members, case, now)
        case Matter.WINDOW:
            _act(casework, case, Act.LAPSE, {"alarm": alarm.name}, now)
        case _:
            _act(casework, case, Act.REMIND, {"alarm": alarm.name}, now)


def _time_out(casework: Casework, members: Any, case: Case, now: datetime) -> None:
    """Ask the next candidate, or leave it to the office."""
    for assignees in _next(members, case, now):
        fields = {"assignees": assignees} if assignees else {}
        if _act(casework, case, Act.TIME_OUT, fields, now):
            return


def _next(members: Any, case: Case, now: datetime) -> Iterator[list[str]]:
    """The next candidate on the first time, and then nobody, which is the office."""
    if case.time_outs == 0 and case.kind is not None and case.kind.member_eligible:
        found = members.candidates(**candidates_for(case, case.kind, now, limit=1))
        yield from ([person["person_id"]] for person in found)
    yield []


def _act(casework: Casework, case: Case, act: Act, fields: Mapping[str, Any], now: datetime) -> bool:
    """Whether nothing is left to do: done, or somebody was faster."""
    content = digest(fields)
    asked = Asked(THE_CLOCK, f"{act.value}:{case.id}:{case.version}:{content}", content, now)
    try:
        casework.move(asked, case.id, act, fields, if_version=case.version)
    except Refusal as refused:
        log.info("the clock could not act", act=act.value, case_id=case.id, code=refused.code)
        return refused.code in MOVED_ON
    return True
