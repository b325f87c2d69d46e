"""An evaluation of a member or a unit in a period: its measure, its moves, and who is told what of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal

WORKING_DAYS = 5
"""How long somebody may object after having been shown it (docs/domain.md §3.2)."""


class Status(StrEnum):
    """Where an evaluation stands."""

    DRAFTED = "drafted"
    SHOWN = "shown"
    OBJECTED = "objected"
    FINAL = "final"


class Act(StrEnum):
    """What is done with one."""

    SHOW = "show"
    OBJECT = "object"
    DECIDE = "decide"
    LAPSE = "lapse"


MOVES: Mapping[tuple[Status, Act], Status] = {
    (Status.DRAFTED, Act.SHOW): Status.SHOWN,
    (Status.SHOWN, Act.OBJECT): Status.OBJECTED,
    (Status.SHOWN, Act.LAPSE): Status.FINAL,
    (Status.OBJECTED, Act.DECIDE): Status.FINAL,
}
"""Every legal move; what is final has been sent to the unit, and stays."""

EVENTS: Mapping[Act, str] = {
    Act.SHOW: "evaluation.shown",
    Act.OBJECT: "evaluation.objected",
    Act.DECIDE: "evaluation.finalised",
    Act.LAPSE: "evaluation.finalised",
}
DRAFTED = "evaluation.drafted"
EVENT_TYPES = (EVENTS[Act.SHOW], EVENTS[Act.LAPSE])
"""What others hear: a draft is for the community alone, an objection for the office, which finds it in its list."""


class Subject(StrEnum):
    """Who is evaluated."""

    MEMBER = "member"
    UNIT = "unit"


@dataclass(frozen=True)
class Measure:
    """What was asked for, by which version of which rule, and what was reached; all of it stays as it was."""

    policy_id: str
    policy_version: int
    metric: str
    minimum: int
    effect: str
    reached: float

    @property
    def met(self) -> bool:
        """Whether the minimum was reached."""
        return self.reached >= self.minimum


@dataclass(frozen=True)
class Decision:
    """What became of an objection, who decided it and why."""

    by: str
    at: datetime
    upheld: bool
    reason: str


@dataclass(frozen=True)
class Evaluation:
    """One evaluation: of a subject, in a period (such as `2025`), in the community where it is registered."""

    id: str
    subject: Subject
    subject_id: str
    unit_id: str
    community: str
    period: str
    measure: Measure
    evaluated_by: str
    evaluated_at: datetime
    status: Status = Status.DRAFTED
    object_until: datetime | None = None
    presumed_years: tuple[int, ...] = ()
    objection: str | None = None
    decision: Decision | None = None
    final_at: datetime | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return self.community[:6]

    @property
    def person_id(self) -> str | None:
        """The member whom it is about, None for a unit."""
        return self.subject_id if self.subject is Subject.MEMBER else None


def evaluation_id(policy_id: str, period: str, subject_id: str) -> str:
    """One rule evaluates a subject once in a period, however often it is asked to."""
    return sha256(f"{policy_id}\0{period}\0{subject_id}".encode()).hexdigest()[:32]


def _moved(found: Evaluation, act: Act) -> Evaluation:
    target = MOVES.get((found.status, act))
    if target is None:
        raise Refusal("evaluation_not_open", act=act.value, status=found.status.value)
    return replace(found, status=target)


def shown(found: Evaluation, reached: float, until: datetime, presumed_years: tuple[int, ...]) -> Evaluation:
    """Shown to whom it is about, with what was reached by now; refuses `evaluation_not_open`."""
    measure = replace(found.measure, reached=reached)
    return replace(_moved(found, Act.SHOW), measure=measure, object_until=until, presumed_years=presumed_years)


def objected(found: Evaluation, text: str, now: datetime) -> Evaluation:
    """Objected to; refuses `evaluation_not_open`, and `objection_too_late` after the five working days."""
    after = _moved(found, Act.OBJECT)
    if found.object_until is None or now > found.object_until:
        raise Refusal("objection_too_late")
    return replace(after, objection=text)


def decided(found: Evaluation, decision: Decision, by: Caller, reached: float) -> Evaluation:
    """The objection is decided: upheld, it counts what the ledger says by now.

    Refuses `evaluation_not_open`, and `own_evaluation` to who evaluated, or whom it is about.
    """
    after = _moved(found, Act.DECIDE)
    if by.is_(found.evaluated_by) or by.is_(found.subject_id):
        raise Refusal("own_evaluation")
    measure = replace(found.measure, reached=reached) if decision.upheld else found.measure
    return replace(after, measure=measure, decision=decision, final_at=decision.at)


def lapsed(found: Evaluation, now: datetime) -> Evaluation:
    """Final, since nobody objected in time; refuses `evaluation_not_open`, also while there is time."""
    after = _moved(found, Act.LAPSE)
    if found.object_until is None or now <= found.object_until:
        raise Refusal("evaluation_not_open", act=Act.LAPSE.value, status=found.status.value)
    return replace(after, final_at=now)


def told(found: Evaluation) -> dict[str, Any]:
    """What its events tell: ids and times, and never what was reached or what follows."""
    return {
        "subject": found.subject.value,
        "person_id": found.person_id,
        "unit_id": found.unit_id,
        "community": found.community,
        "period": found.period,
        "status": found.status.value,
        "object_until": _instant(found.object_until),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
