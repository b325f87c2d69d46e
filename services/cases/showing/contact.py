"""Who may be told how to reach a reporter, and on what grounds; masks are lifted here and nowhere else."""

from collections.abc import Mapping
from dataclasses import replace

from cases.case import Case
from cases.permission import HELPERS, HOLDS, WORKERS, Condition, holds
from cases.showing.sight import sees_phone, sees_reporter, shows_phone
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.privacy import masked_text, without_identities
from chassis.secret import Secret

ON_REQUEST = ("dispatcher", "inspector")
"""Roles that are told when they give a reason (docs/domain.md §5)."""

TELLS: Mapping[str, Condition] = {
    **dict.fromkeys(HELPERS, Condition.ASSIGNEE),
    **dict.fromkeys(ON_REQUEST, Condition.SCOPE),
}


def role_that_is_told(case: Case, caller: Caller, reason: str | None) -> str:
    """The role in which the caller is told.

    Whoever works where the case is, and would be asked to tell somebody without an account, is told at any time (F56);
    not of a sensitive case, where the desk is asked to.
    Refuses `not_permitted` or what does not hold, `reporter_confidential` to the unit that the case is about,
    `nobody_to_ask`, `not_accepted` before the assignee has accepted or after the end, and `reason_missing`.
    """
    by_hand = case.reporter.called_by_hand is not None and not case.restricted
    calls = by_hand and holds(Condition.SCOPE, case, caller, WORKERS)
    role = next((role for role in TELLS if role in caller.roles and HOLDS[TELLS[role]](case, caller, role)), None)
    if calls and role not in ON_REQUEST:
        role = next(role for role in WORKERS if holds(Condition.SCOPE, case, caller, (role,)))
    if role is None:
        raise Refusal("not_permitted", act="see_contact")
    if not sees_reporter(case, caller):
        raise Refusal("reporter_confidential")
    if not case.reporter.can_be_asked:
        raise Refusal("nobody_to_ask")
    if not _may_be_told(case, caller):
        raise Refusal("nobody_to_ask")
    if role not in ON_REQUEST and not calls and not sees_phone(case, caller):
        raise Refusal("not_accepted")
    if role in ON_REQUEST and not reason:
        raise Refusal("reason_missing")
    return role


def role_that_views(case: Case, caller: Caller) -> str | None:
    """The role in which somebody who works on the case reads something personal in full in it; None where nothing is.

    That leaves a trace like a question for the phone (docs/domain.md §5).
    """
    mediation = case.mediation
    mediates = mediation is not None and case.is_open and caller.is_(mediation.mediator_id)
    told = case.reporter.contact is not None or any(_tells_phone(each.text) for each in case.remarks)
    if not mediates and not (told and shows_phone(case, caller)):
        return None
    return next((role for role in HELPERS if holds(Condition.ASSIGNEE, case, caller, (role,))), None)


def masked(text: str | None) -> str | None:
    """What somebody wrote, with what is personal in it masked."""
    return masked_text(text) if text else text


def _tells_phone(text: str | None) -> bool:
    """Whether a phone stands in it: an identity number is masked for everybody who works on a case."""
    return text is not None and without_identities(text) != masked_text(text)


CORRECTS = "dispatcher"
"""Who puts a contact right besides whoever reported, or filed for somebody; in scope."""

OWN = "reporter"


def role_that_corrects(case: Case, caller: Caller) -> str:
    """The role in which the caller puts right how the reporter is reached.

    Refuses `not_permitted`, also to the unit that the case is about, and `nobody_to_ask` where no contact is kept: the
    phone of an account is changed there.
    """
    own = case.reporter.is_(caller)
    if not own and not holds(Condition.SCOPE, case, caller, (CORRECTS,)):
        raise Refusal("not_permitted", act="correct_contact")
    if case.reporter.contact is None:
        raise Refusal("nobody_to_ask")
    return OWN if own else CORRECTS


def corrected(case: Case, fields: Mapping[str, str]) -> Case:
    """The case with the contact as it is right, in its next version; what is not told anew stays."""
    contact = case.reporter.contact
    if contact is None:
        raise Refusal("nobody_to_ask")
    name = Secret.name(fields["name"]) if "name" in fields else contact.name
    phone = Secret.phone(fields["phone"]) if "phone" in fields else contact.phone
    right = replace(contact, name=name, phone=phone, callback=fields.get("callback", contact.callback))
    return replace(case, reporter=replace(case.reporter, contact=right), version=case.version + 1)


def _may_be_told(case: Case, caller: Caller) -> bool:
    """Who filed for somebody else is told the phone that he gave, never one that he named a person to learn."""
    told = case.reporter.contact
    return not caller.is_(case.reporter.filed_by) or (told is not None and told.phone is not None)
