"""Cases that nobody accepted in time: to the next candidate once, then to the office (docs/domain.md §2.2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog

from cases.act import Act
from cases.case import Case
from cases.casework import CLOCK, Asked, Casework
from cases.routing import candidates_for
from chassis.caller import Caller, Grant
from chassis.command import digest
from chassis.errors import Refusal

log = structlog.get_logger()

THE_CLOCK = Caller(CLOCK, (Grant(CLOCK, ""),))

MOVED_ON = frozenset({"illegal_move", "not_due", "busy_try_again"})
"""Refusals that say that somebody was faster: nothing is left to do."""


def time_out(casework: Casework, members: Any, case: Case, now: datetime) -> None:
    """Ask the next candidate, or leave it to the office; harmless when another instance has done it."""
    for assignees in _next(members, case, now):
        fields = {"assignees": assignees} if assignees else {}
        command_id = f"{Act.TIME_OUT.value}:{case.id}:{case.version}:{len(assignees)}"
        asked = Asked(THE_CLOCK, command_id, digest(fields), now)
        try:
            casework.move(asked, case.id, Act.TIME_OUT, fields, if_version=case.version)
        except Refusal as refused:
            log.info("not timed out", case_id=case.id, code=refused.code)
            if refused.code in MOVED_ON | {"stale_version"}:
                return
        else:
            return


def _next(members: Any, case: Case, now: datetime) -> Iterator[list[str]]:
    """The next candidate on the first time, and then nobody, which is the office."""
    if case.time_outs == 0 and case.kind is not None and case.kind.member_eligible:
        found = members.candidates(**candidates_for(case, case.kind, now, limit=1))
        yield from ([person["person_id"]] for person in found)
    yield []
