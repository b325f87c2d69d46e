"""Mediating a dispute: beginning, meeting, and writing down how it ended."""

from dataclasses import replace

from cases.act import Attempt, Change
from cases.mediation import Ending, Mediation, Meeting, Party
from chassis.errors import Refusal
from chassis.secret import Secret


def is_dispute(attempt: Attempt) -> None:
    """Refuses `not_a_dispute`: group 07 alone is mediated (docs/domain.md §6.1)."""
    if not attempt.category.is_dispute:
        raise Refusal("not_a_dispute", category=attempt.case.category)


def no_party_oneself(attempt: Attempt) -> None:
    """Refuses `own_dispute`: nobody mediates their own quarrel."""
    if any(attempt.caller.is_(row.get("person_id")) for row in attempt.fields["parties"]):
        raise Refusal("own_dispute")


def no_other_mediates(attempt: Attempt) -> None:
    """Refuses `mediated_by_another`: who mediates is followed by somebody only once the case is not theirs any more."""
    case, mediation = attempt.case, attempt.case.mediation
    if mediation is None or attempt.caller.is_(mediation.mediator_id):
        return
    if mediation.assignee_id in case.assignment.ids:
        raise Refusal("mediated_by_another")


def is_mediator(attempt: Attempt) -> None:
    """Refuses `not_the_mediator`."""
    if attempt.case.mediation is None or not attempt.caller.is_(attempt.case.mediation.mediator_id):
        raise Refusal("not_the_mediator")


def agreement_complete(attempt: Attempt) -> None:
    """Refuses `settled_by_missing` and `agreement_missing` where they agreed, `settled_by_needless` where not."""
    agreed = attempt.fields["outcome"] == Ending.AGREED
    named, mediation = attempt.fields.get("settled_by"), attempt.case.mediation
    # What was signed before the case was reopened did not hold; within a round the last agreement is still signed.
    before = mediation.agreement if mediation and mediation.outcome is Ending.AGREED else ()
    signed = attempt.fields.get("agreement") or before
    if agreed and not named:
        raise Refusal("settled_by_missing")
    if agreed and not signed:
        raise Refusal("agreement_missing")
    if named and not agreed:
        raise Refusal("settled_by_needless")


def outcome_known(attempt: Attempt) -> None:
    """Refuses `outcome_missing`: no dispute is closed before it is written down how its mediation ended."""
    mediation = attempt.case.mediation
    if attempt.category.is_dispute and (mediation is None or mediation.outcome is None):
        raise Refusal("outcome_missing")


def mediate(attempt: Attempt) -> Change:
    """The caller mediates from now on, between these parties; what was written down before stays."""
    parties = tuple(Party.said(row) for row in attempt.fields["parties"])
    who, through = attempt.caller.id, attempt.mine.id
    before = attempt.case.mediation or Mediation(who, through, parties)
    return _with(attempt, replace(before, mediator_id=who, assignee_id=through, parties=parties))


def meet(attempt: Attempt) -> Change:
    """One meeting more."""
    mediation = _mediation(attempt)
    meeting = Meeting(attempt.now, attempt.caller.id, Secret.words(attempt.fields["record"]))
    after = replace(mediation, meetings=(*mediation.meetings, meeting))
    return _with(attempt, after, meetings=len(after.meetings))


def settle(attempt: Attempt) -> Change:
    """How it ended; said once more, the last counts, and every signed sheet stays."""
    mediation, fields = _mediation(attempt), attempt.fields
    after = replace(
        mediation,
        outcome=Ending(fields["outcome"]),
        settled_by=fields.get("settled_by"),
        settled_at=attempt.now,
        agreement=(*mediation.agreement, *(fields.get("agreement") or ())),
    )
    level = after.level.value if after.level else None
    return _with(attempt, after, outcome=fields["outcome"], settled_by=after.settled_by, resolution_level=level)


def begun_anew(mediation: Mediation | None) -> Mediation | None:
    """The mediation of a case that is reopened: it has to end once more."""
    return None if mediation is None else replace(mediation, outcome=None, settled_by=None, settled_at=None)


def _mediation(attempt: Attempt) -> Mediation:
    if attempt.case.mediation is None:
        raise Refusal("not_the_mediator")
    return attempt.case.mediation


def _with(attempt: Attempt, mediation: Mediation, **data: object) -> Change:
    return Change(replace(attempt.case, mediation=mediation), data)
