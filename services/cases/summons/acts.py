"""What is done with a summons: each act looks whether it may, and says what becomes of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.assignment import UNIT
from cases.case import Case, Status
from cases.summons.summons import Bell, Kind, Stage, Summoned, Summons, Turnout, ringing, rung, waiting
from chassis.caller import Caller
from chassis.errors import Refusal

HIGHEST_SCORE = 5

FARTHEST = timedelta(days=30)
"""How far ahead a visit lies at most (our decision): units are called to the spot, not invited for another season."""


class Act(StrEnum):
    """Everything that can be done; `miss` is the caller's word that a unit was not there, `excuse` the unit's own."""

    ASK = "ask_summons"
    CALL = "summon"
    GRANT = "grant_summons"
    DECLINE = "decline_summons"
    ACKNOWLEDGE = "acknowledge_summons"
    EXCUSE = "excuse_from_summons"
    ARRIVE = "arrive_at_summons"
    MISS = "miss_at_summons"
    SCORE = "score_summons"
    REMIND = "remind_of_summons"


OPENING = frozenset({Act.ASK, Act.CALL})

EVENTS: Mapping[Act, str] = {
    Act.ASK: "summons.asked",
    Act.CALL: "summons.called",
    Act.GRANT: "summons.called",
    Act.DECLINE: "summons.declined",
    Act.ACKNOWLEDGE: "summons.acknowledged",
    Act.EXCUSE: "summons.absent",
    Act.ARRIVE: "summons.arrived",
    Act.MISS: "summons.absent",
    Act.SCORE: "summons.scored",
    Act.REMIND: "summons.reminded",
}
"""The event of each act."""

NOT_YET = frozenset({Status.REPORTED, Status.VERIFYING})


@dataclass(frozen=True)
class Attempt:
    """One act on one summons at one instant; `fields` are what the caller said."""

    summons: Summons
    case: Case
    caller: Caller
    now: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What an act makes of the summons, the units whom it concerns, and what its event says besides."""

    summons: Summons
    units: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def draft(id: str, act: Act, case: Case, caller: Caller, fields: Mapping[str, Any], now: datetime) -> Summons:
    """The summons that would be opened; nothing of it is kept yet."""
    return Summons(
        id=id,
        case_id=case.id,
        grid_code=case.place.grid_code,
        kind=Kind(fields["kind"]),
        stage=Stage.ASKED if act is Act.ASK else Stage.CALLED,
        units=tuple(map(Summoned, fields["units"])),
        due_on_site=fields["due_on_site"],
        initiator_id=caller.id,
        opened_at=now,
        lead_unit_id=fields.get("lead_unit_id"),
        text=fields.get("text"),
        called_at=None if act is Act.ASK else now,
        mechanism_id=fields.get("mechanism_id"),
    )


def done(act: Act, attempt: Attempt) -> Change:
    """What the act makes of the summons; refuses `illegal_move` at a stage that it is not for, and its own refusals."""
    stage, do = DOES[act]
    if attempt.summons.stage is not stage:
        raise Refusal("illegal_move", act=act.value, status=attempt.summons.stage.value)
    return do(attempt)


def check_units(summons: Summons, case: Case, known: Iterable[Mapping[str, Any]]) -> None:
    """Refuses `not_a_unit`, `assignee_inactive`, `complained_unit` (docs/domain.md §5) and `lead_not_in_team`."""
    for one in known:
        if one["kind"] != UNIT:
            raise Refusal("not_a_unit", id=one["id"])
        if not one["active"]:
            raise Refusal("assignee_inactive", id=one["id"])
    if case.complained_unit_id in summons.unit_ids:
        raise Refusal("complained_unit")
    if summons.lead_unit_id is not None and summons.lead_unit_id not in summons.unit_ids:
        raise Refusal("lead_not_in_team", lead=summons.lead_unit_id)


def _opened(attempt: Attempt) -> Change:
    """Refuses `illegal_move` for a case not registered or ended, `visit_in_the_past` and `visit_too_far`."""
    case, summons = attempt.case, attempt.summons
    if not case.is_open or case.status in NOT_YET:
        raise Refusal("illegal_move", act=Act.CALL.value, status=case.status.value)
    if summons.due_on_site <= attempt.now:
        raise Refusal("visit_in_the_past")
    if summons.due_on_site > attempt.now + FARTHEST:
        raise Refusal("visit_too_far", days=FARTHEST.days)
    return Change(summons, summons.unit_ids)


def _grant(attempt: Attempt) -> Change:
    """The office calls what was asked for, with other units or another time if it says so; refuses `own_request`."""
    summons, fields = attempt.summons, attempt.fields
    if attempt.caller.is_(summons.initiator_id):
        raise Refusal("own_request")
    units = tuple(map(Summoned, fields["units"])) if "units" in fields else summons.units
    called = replace(
        summons,
        stage=Stage.CALLED,
        units=units,
        due_on_site=fields.get("due_on_site", summons.due_on_site),
        lead_unit_id=fields.get("lead_unit_id", summons.lead_unit_id),
        called_at=attempt.now,
        mechanism_id=fields.get("mechanism_id", summons.mechanism_id),
    )
    return _opened(replace(attempt, summons=called))


def _decline(attempt: Attempt) -> Change:
    return Change(replace(attempt.summons, stage=Stage.DECLINED), ())


def _acknowledge(attempt: Attempt) -> Change:
    """Refuses `already_acknowledged`, and `already_settled` once it is known who came."""
    unit = _unsettled(attempt.summons.unit(attempt.caller.unit))
    if unit.turnout is Turnout.ACKNOWLEDGED:
        raise Refusal("already_acknowledged")
    return _with(attempt, replace(unit, turnout=Turnout.ACKNOWLEDGED, acknowledged_at=attempt.now))


def _excuse(attempt: Attempt) -> Change:
    return _absent(attempt, attempt.summons.unit(attempt.caller.unit))


def _miss(attempt: Attempt) -> Change:
    """Refuses `still_time`: nobody is absent before the time to be there."""
    if attempt.now < attempt.summons.due_on_site:
        raise Refusal("still_time")
    return _absent(attempt, attempt.summons.unit(attempt.fields["unit_id"]))


def _absent(attempt: Attempt, unit: Summoned) -> Change:
    """Where the unit led, the office does from now on (docs/domain.md §2.2)."""
    code, text = attempt.fields["reason_code"], attempt.fields.get("text")
    unit = replace(_unsettled(unit), turnout=Turnout.ABSENT, settled_at=attempt.now, reason_code=code, reason=text)
    left = attempt.summons.lead == unit.unit_id
    return _with(attempt, unit, reason_code=code, office_takes_over=left)


def _arrive(attempt: Attempt) -> Change:
    """Refuses `already_settled`."""
    unit = _unsettled(attempt.summons.unit(attempt.fields["unit_id"]))
    in_time = attempt.now <= attempt.summons.due_on_site
    return _with(attempt, replace(unit, turnout=Turnout.ARRIVED, settled_at=attempt.now), in_time=in_time)


def _score(attempt: Attempt) -> Change:
    """Refuses `not_settled`, `already_scored` and `own_unit`; with the last score the summons is over."""
    unit, score = attempt.summons.unit(attempt.fields["unit_id"]), attempt.fields["score"]
    if attempt.caller.unit == unit.unit_id:
        raise Refusal("own_unit")
    if not unit.settled:
        raise Refusal("not_settled")
    if unit.score is not None:
        raise Refusal("already_scored")
    change = _with(attempt, replace(unit, score=score), score=score)
    return replace(change, summons=replace(change.summons, stage=Stage.ENDED)) if change.summons.is_over else change


def _remind(attempt: Attempt) -> Change:
    """Refuses `not_due`; for a case that has ended meanwhile nobody has to come any more."""
    bell = ringing(attempt.summons, attempt.now)
    if bell is None or bell.value != attempt.fields["bell"]:
        raise Refusal("not_due")
    awaited = attempt.case.is_open
    units = waiting(attempt.summons, bell) if awaited else ()
    return Change(
        rung(attempt.summons, attempt.now),
        units,
        {"bell": bell.value, "unanswered": awaited and bell is Bell.HALF, "overdue": awaited and bell is Bell.DUE},
    )


def _unsettled(unit: Summoned) -> Summoned:
    if unit.settled:
        raise Refusal("already_settled", turnout=unit.turnout.value)
    return unit


def _with(attempt: Attempt, unit: Summoned, **data: Any) -> Change:
    return Change(attempt.summons.having(unit), (unit.unit_id,), data)


DOES: Mapping[Act, tuple[Stage, Callable[[Attempt], Change]]] = {
    Act.ASK: (Stage.ASKED, _opened),
    Act.CALL: (Stage.CALLED, _opened),
    Act.GRANT: (Stage.ASKED, _grant),
    Act.DECLINE: (Stage.ASKED, _decline),
    Act.ACKNOWLEDGE: (Stage.CALLED, _acknowledge),
    Act.EXCUSE: (Stage.CALLED, _excuse),
    Act.ARRIVE: (Stage.CALLED, _arrive),
    Act.MISS: (Stage.CALLED, _miss),
    Act.SCORE: (Stage.CALLED, _score),
    Act.REMIND: (Stage.CALLED, _remind),
}
"""At which stage of the summons each act is possible, and what it does."""
