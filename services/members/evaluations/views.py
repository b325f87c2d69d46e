"""What is seen of an evaluation: whom it is about and the offices all of it, the unit only what came of it."""

from dataclasses import replace
from typing import Any

from chassis.privacy import masked_text
from members.evaluations.evaluation import Evaluation, Status
from members.policies.policy import EFFECTS

Answer = dict[str, Any]


def result(found: Evaluation, name: str | None) -> Answer:
    """What the unit sees once it is final: whether the rule was kept, what follows, and no score (§3.2)."""
    met = found.measure.met
    return {
        "evaluation_id": found.id,
        "subject": found.subject.value,
        "subject_id": found.subject_id,
        "name": name,
        "unit_id": found.unit_id,
        "community": found.community,
        "period": found.period,
        "status": found.status.value,
        "met": met,
        "effect": None if met else _effect(found.measure.effect),
        "final_at": _instant(found.final_at),
    }


def whole(found: Evaluation, version: int, name: str | None) -> Answer:
    """All of it."""
    decision = found.decision
    return {
        **result(found, name),
        "version": version,
        "policy_id": found.measure.policy_id,
        "policy_version": found.measure.policy_version,
        "metric": found.measure.metric,
        "minimum": found.measure.minimum,
        "reached": found.measure.reached,
        "object_until": _instant(found.object_until),
        "presumed_years": list(found.presumed_years),
        "objection": found.objection,
        "decision": {"upheld": decision.upheld, "reason": decision.reason} if decision else None,
    }


def masked(found: Evaluation) -> Evaluation:
    """The evaluation for all but whom it is about: phones and identity numbers in what was said are masked."""
    decision = found.decision and replace(found.decision, reason=masked_text(found.decision.reason))
    return replace(found, objection=found.objection and masked_text(found.objection), decision=decision)


def is_shown(found: Evaluation) -> bool:
    """Whether whom it is about sees it: a draft is the community's own."""
    return found.status is not Status.DRAFTED


def _effect(code: str) -> Answer:
    zh, en = EFFECTS[code]
    return {"code": code, "zh": zh, "en": en}


def _instant(at: Any) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
