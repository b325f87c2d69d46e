"""Who sees how much of a case: the reading rows of the permission table (docs/domain.md §5)."""

from enum import IntEnum

from cases.assignment import UNION
from cases.case import Case
from cases.permission import CLAIMANTS, HOLDS, WORKERS, Condition
from chassis.caller import Caller
from chassis.errors import Refusal


class Sight(IntEnum):
    """How much is shown; the more, the greater."""

    NONE = 0
    OUTLINE = 1
    """Status, times, category and grid; no words, no photos, no point. Sensitive matters for onlookers."""

    MASKED = 2
    """The outline and the words, with what is personal masked; no photos, no point."""

    OWN = 3
    """What the reporter gave, and what became of it; persons who handle it are not named."""

    FULL = 4
    """Everything that the work needs; phones stay masked until the case is accepted, identity numbers always."""


AUDITOR = "auditor"

ONLOOKERS = (*sorted(UNION), "party_office", "district_admin", AUDITOR)

HANDLE_ALL = ("dispatcher", "inspector")
"""Who sees sensitive cases too, as all others of their scope."""

SEES: tuple[tuple[tuple[str, ...], Condition, Sight, Sight], ...] = (
    (HANDLE_ALL, Condition.SCOPE, Sight.FULL, Sight.FULL),
    (WORKERS, Condition.SCOPE, Sight.FULL, Sight.OUTLINE),
    (ONLOOKERS, Condition.SCOPE, Sight.MASKED, Sight.OUTLINE),
    (CLAIMANTS, Condition.CLAIMANT, Sight.MASKED, Sight.OUTLINE),
)
"""Roles, what has to hold, and how much is seen: of an ordinary case, and of one of a sensitive category."""


def sight(case: Case, caller: Caller) -> Sight:
    """How much the caller sees: the most of what each part in the case lets them see.

    To the people of the unit that the case is about there is no such case, but where they have an own part in it.
    """
    if case.reporter.is_(caller) and case.complains_of(caller):
        return Sight.OWN
    concerned = case.is_followed_by(caller) or (case.mediation is not None and case.mediation.has_party(caller))
    seen = [Sight.OUTLINE if concerned else Sight.NONE]
    if case.complains_of(caller):
        return seen[0]
    if case.given_to(caller) is not None:
        seen.append(Sight.FULL)
    seen += [
        restricted if _kept_close(case, roles) else ordinary
        for roles, condition, ordinary, restricted in SEES
        for role in roles
        if role in caller.roles and HOLDS[condition](case, caller, role) and _still_open(case, condition)
    ]
    return max(*seen, Sight.OWN) if case.reporter.is_(caller) else max(seen)


def is_hidden(case: Case, caller: Caller) -> bool:
    """Whether to the caller there is no such case: it is about the own unit, and they have no own part in it (§5)."""
    return case.complains_of(caller) and sight(case, caller) is Sight.NONE


def check_there(case: Case, caller: Caller) -> Case:
    """The case; refuses `case_not_found` where it is hidden: who knows its id is told what an unknown id is told."""
    if is_hidden(case, caller):
        raise Refusal("case_not_found")
    return case


def check_seen(case: Case, caller: Caller) -> Sight:
    """How much the caller sees; refuses `case_not_found` where it is hidden, `not_permitted` where that is nothing."""
    seen = sight(check_there(case, caller), caller)
    if seen is Sight.NONE:
        raise Refusal("not_permitted", act="see")
    return seen


def _kept_close(case: Case, roles: tuple[str, ...]) -> bool:
    """A sensitive case; to all but those who verify it also one of which nobody knows yet whether it is sensitive."""
    return case.restricted or (case.category is None and roles is not WORKERS)


def _still_open(case: Case, condition: Condition) -> bool:
    """An offer is shown while it has places."""
    return condition is not Condition.CLAIMANT or case.assignment.open_places > 0


def audits(case: Case, caller: Caller) -> bool:
    """Whether somebody reads the case as an auditor, and has no part in it that shows more (docs/domain.md §5)."""
    overseen = AUDITOR in caller.roles and HOLDS[Condition.SCOPE](case, caller, AUDITOR)
    return overseen and Sight.NONE < sight(case, caller) <= Sight.MASKED


def sees_reporter(case: Case, caller: Caller) -> bool:
    """Whether the reporter is named at all: never to the unit that the case is about (docs/domain.md §5)."""
    return not case.complains_of(caller)


def shows_phone(case: Case, caller: Caller) -> bool:
    """Whether a case shows phones in full: as `sees_phone`, but a worker has to ask, so that it is written down."""
    return sees_phone(case, caller) and not caller.roles & set(WORKERS)


def sees_phone(case: Case, caller: Caller) -> bool:
    """Whether somebody is told phones in full: who has accepted the case, until it is closed (docs/domain.md §5)."""
    mine = case.given_to(caller)
    return case.is_open and mine is not None and mine.accepted and sees_reporter(case, caller)
