"""Leaving a case out of the three rates: somebody proposes it, somebody else of the office decides (§2.4)."""

from dataclasses import replace

from cases.act import Act, Attempt, Change
from cases.case import Case
from cases.exclusion import Exclusion, Ground, Stage
from chassis.caller import Caller
from chassis.errors import Refusal


def is_open_to(act: Act, case: Case, caller: Caller) -> bool:
    """Whether the rules about this case and this caller would take the act on an exclusion (§2.4, §5)."""
    found = case.exclusion
    if act is Act.PROPOSE_EXCLUSION:
        return found is None or found.state is Stage.REFUSED
    waits = found is not None and found.state is Stage.PROPOSED and not caller.is_(found.proposed_by)
    return waits and not case.is_handler(caller)


def not_excluded_yet(attempt: Attempt) -> None:
    """Refuses `exclusion_waits` while one is undecided, and `already_excluded`; a refused one may be proposed anew."""
    found = attempt.case.exclusion
    if found is not None and found.state is Stage.PROPOSED:
        raise Refusal("exclusion_waits")
    if found is not None and found.state is Stage.APPROVED:
        raise Refusal("already_excluded")


def waits_for_another(attempt: Attempt) -> None:
    """Refuses `no_exclusion_waiting`, and `own_exclusion`: who proposed it or handled the case does not decide (§5)."""
    if attempt.caller.is_(_waiting(attempt).proposed_by) or attempt.case.is_handler(attempt.caller):
        raise Refusal("own_exclusion")


def propose(attempt: Attempt) -> Change:
    """The office is to decide; so long the case counts as before."""
    reason = Ground(attempt.fields["reason_code"])
    proposed = Exclusion(reason, attempt.fields["grounds"], attempt.caller.id, attempt.now)
    return Change(replace(attempt.case, exclusion=proposed), {"reason_code": reason.value})


def approve(attempt: Attempt) -> Change:
    """From now on it is left out of the three rates, in whichever round it stands."""
    return _decided(attempt, Stage.APPROVED)


def refuse(attempt: Attempt) -> Change:
    """It goes on counting, and whoever proposed it reads why."""
    return _decided(attempt, Stage.REFUSED)


def _decided(attempt: Attempt, state: Stage) -> Change:
    waiting = _waiting(attempt)
    answer = attempt.fields.get("grounds")
    decided = replace(waiting, state=state, decided_by=attempt.caller.id, decided_at=attempt.now, answer=answer)
    return Change(replace(attempt.case, exclusion=decided), {"reason_code": waiting.reason.value})


def _waiting(attempt: Attempt) -> Exclusion:
    found = attempt.case.exclusion
    if found is None or found.state is not Stage.PROPOSED:
        raise Refusal("no_exclusion_waiting")
    return found
