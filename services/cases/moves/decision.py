"""Deciding: the one function that makes every transition of a case, by the rows of `moves.MOVES`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.act import Act, Attempt, Change, Command, Facts, Happening
from cases.alarm import still_rung
from cases.assignment import Assignment
from cases.case import Case, Status
from cases.moves.event import happening
from cases.moves.move import Move
from cases.moves.saying import with_remark
from cases.moves.table import MOVES
from cases.permission import permitted_role
from cases.timer import Timer, rings_at
from chassis.caller import Caller
from chassis.errors import Refusal


@dataclass(frozen=True)
class Decision:
    """What came of a command: the case after it, and the events that tell of it."""

    case: Case
    entries: tuple[Happening, ...]


_ROWS: Mapping[tuple[Act, Status | None], Move] = {
    (move.act, source): move for move in MOVES for source in move.sources or {None}
}


def decide(case: Case, act: Act, command: Command, caller: Caller, facts: Facts, now: datetime) -> Decision:
    """The case after `act`, with its event; refuses without a permission, a row or when a guard does.

    A draft (version 0) can only be reported. The refusal of a missing row is `illegal_move`.
    """
    role = permitted_role(act, case, caller)
    move = _row(act, case)
    attempt = Attempt(act, case, command, caller, role, facts, now)
    for guard in move.guards:
        guard(attempt)
    change = move.effect(attempt)
    after = _moved(move, attempt, change)
    return Decision(after, (happening(attempt, change, after, change.type or move.event),))


def _row(act: Act, case: Case) -> Move:
    stage = case.status if case.version else None
    move = _ROWS.get((act, stage))
    if move is None:
        raise Refusal("illegal_move", act=act.value, status=case.status.value)
    return move


def _moved(move: Move, attempt: Attempt, change: Change) -> Case:
    """The changed case with its new status, version and timers, and with what was said."""
    case = with_remark(attempt, change.case)
    status = move.target or case.status
    touched = (*move.starts, *move.stops)
    moved = replace(
        case,
        status=status,
        version=case.version + 1,
        quiet_since=attempt.now,  # a reminder breaks the silence too: nobody is told of one thing twice at once
        rung=still_rung(case.rung, touched, resting=status is Status.SUSPENDED),
    )
    return replace(moved, timers=_timers(move, moved, attempt.now))


def _timers(move: Move, case: Case, now: datetime) -> dict[Timer, datetime]:
    """What still runs, and what begins; nobody's time to accept runs while there is nobody."""
    running = {timer: at for timer, at in case.timers.items() if timer not in move.stops}
    for timer in move.starts:
        if timer is not Timer.ACCEPT or case.assignment != Assignment():
            running[timer] = rings_at(timer, case.severity, now, case.dues.respond_due)
    return running
