"""Taking a case from who has left, a person or a closed unit: others keep it, or the next is asked, or the office."""

from dataclasses import replace
from typing import Any

from cases.act import Attempt, Change
from cases.assignment import Assignment, without
from cases.case import Case, Status
from cases.moves.dispatching import given, team
from cases.stay import ended
from chassis.errors import Refusal

REASON = "assignee_left"

RESTING = frozenset({Status.SUSPENDED, Status.RESOLVED})
"""Statuses in which nobody has to do anything now, so that nobody new is asked."""


def keepers(case: Case, leaver: str) -> tuple[str, ...]:
    """Who of the others keeps the case as it stands: those who have accepted, or all where nobody has to yet."""
    others = without(case.assignment, leaver).assignees
    waiting = case.status is Status.DISPATCHED or case.status in RESTING
    return tuple(one.id for one in others if waiting or one.accepted)


def leaver_has_it(attempt: Attempt) -> None:
    """Refuses `not_theirs`: it is not given to whoever left, or was taken from him before."""
    if not is_given_to(attempt.case, attempt.fields["person_id"]):
        raise Refusal("not_theirs", person_id=attempt.fields["person_id"])


def is_given_to(case: Case, leaver: str) -> bool:
    """Whether the person who left, or the unit that closed, has the case."""
    return leaver in case.assignment.ids


def somebody_keeps_it(attempt: Attempt) -> None:
    """Refuses `nobody_remains`: then the case has to go on to somebody else."""
    if not keepers(attempt.case, attempt.fields["person_id"]):
        raise Refusal("nobody_remains")


def nobody_keeps_it(attempt: Attempt) -> None:
    """Refuses `others_remain`: it stays with those of the team who work on it."""
    if keepers(attempt.case, attempt.fields["person_id"]):
        raise Refusal("others_remain")


def relieve(attempt: Attempt) -> Change:
    """Others have it still, with a lead among them; the leaver's time on it stays his."""
    case, leaver = attempt.case, attempt.fields["person_id"]
    kept = without(case.assignment, leaver)
    return Change(
        replace(case, assignment=kept, stays=ended(case.stays, attempt.now, leaver)),
        _told(attempt, kept),
    )


def pass_on(attempt: Attempt) -> Change:
    """To others of the team who have yet to accept, to the next candidate, or to nobody: that is the office."""
    following = team(attempt) if attempt.fields.get("assignees") else Assignment()
    return given(attempt, following, _told(attempt, following))


def _told(attempt: Attempt, assignment: Assignment) -> dict[str, Any]:
    relieved = [attempt.fields["person_id"]]
    return {"reason_code": REASON, "relieved": relieved, "escalated": not assignment.assignees}
