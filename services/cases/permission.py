"""Who may do what to which case: the rows of the permission table that are about cases (docs/domain.md §5)."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from cases.act import Act
from cases.assignment import UNION
from cases.case import Case
from cases.place import AREA_DIGITS, tenant_of
from chassis.caller import CLOCK, Caller, Grant
from chassis.errors import Refusal


class Condition(StrEnum):
    """What has to hold between the caller and the case besides the role; its value is the refusal's code."""

    DISTRICT = "outside_your_district"
    SCOPE = "out_of_scope"
    REPORTER = "not_the_reporter"
    ASSIGNEE = "not_assigned"
    CLAIMANT = "not_eligible"
    SYSTEM = "not_permitted"


RULE = "rule"
THE_RULE = Caller(RULE, (Grant(RULE, ""),))
"""Who gives a case to the next candidate, where a dispatcher chose so; it reaches every district."""

Row = Mapping[str, tuple[Condition, ...]]
"""For each role the conditions of which one has to hold."""

REPORTERS = (
    "resident",
    "rider",
    "grid_worker",
    "community_worker",
    "dispatcher",
    "in_service_member",
    "volunteer",
    "unit_contact",
    "union_leader",
    "union_cadre",
)
WORKERS = ("grid_worker", "community_worker")
HELPERS = (*WORKERS, "in_service_member", "volunteer", "unit_contact", *sorted(UNION))
COMPARE = ("dispatcher", *WORKERS)
"""Who is shown which cases may be about the same thing as another in their scope."""

AUDITORS = ("auditor", "district_admin")
"""Who reads the audit trail in their scope."""

RELEASERS = ("dispatcher",)
"""Who releases photos of the cases in their scope to everybody, and takes them back (docs/domain.md §5)."""

API_KEY = "api_key"
"""A program that files reports over Open311 with a key of a district; no person is granted it (docs/domain.md §5)."""

ANYBODY = "anybody"
THE_PUBLIC = Caller(ANYBODY, (Grant(ANYBODY, ""),))
"""Who reports without an account, and so anonymously; all of them are one, and it reaches every district (§5)."""

LINK = "link"
"""Who has the link to an anonymous report: it leads to that report alone, and tells nobody who it is (§5)."""

CLAIMANTS = ("in_service_member", "volunteer", "unit_contact")


def _row(roles: tuple[str, ...], *conditions: Condition) -> Row:
    return dict.fromkeys(roles, conditions)


def _either(*rows: Row) -> Row:
    """A row in which each role may fulfil what any of `rows` asks of it, in the order of the rows."""
    roles = [role for row in rows for role in row]
    return {role: tuple(condition for row in rows for condition in row.get(role, ())) for role in roles}


DESK = _row(("dispatcher",), Condition.SCOPE)
OFFICE = _row(("dispatcher", "district_admin"), Condition.SCOPE)
OWN = _row(REPORTERS, Condition.REPORTER)
HANDLING = _row(HELPERS, Condition.ASSIGNEE)
INSPECTING = _row(("inspector", *WORKERS, "dispatcher"), Condition.SCOPE)

PERMISSIONS: Mapping[Act, Row] = {
    Act.REPORT: _row((*REPORTERS, API_KEY, ANYBODY), Condition.DISTRICT),
    Act.ASK_VERIFY: DESK,
    Act.VERIFY: _row(WORKERS, Condition.SCOPE),
    Act.REGISTER: DESK,
    Act.REJECT: DESK,
    Act.MERGE: DESK,
    Act.JOIN: DESK,
    Act.ANSWER_DIRECTLY: DESK,
    Act.DISPATCH: {**DESK, RULE: (Condition.SYSTEM,)},
    Act.ACCEPT: _either(HANDLING, _row(CLAIMANTS, Condition.CLAIMANT)),
    Act.RETURN: HANDLING,
    Act.REASSIGN: DESK,
    Act.TIME_OUT: {CLOCK: (Condition.SYSTEM,)},
    Act.RELIEVE: {CLOCK: (Condition.SYSTEM,)},
    Act.PASS_ON: {CLOCK: (Condition.SYSTEM,)},
    Act.CORRECT: DESK,
    Act.NOTE: _either(INSPECTING, HANDLING, OWN),
    Act.ASK: _either(DESK, HANDLING),
    Act.ANSWER: _row((*REPORTERS, LINK), Condition.REPORTER),
    Act.ARRIVE: HANDLING,
    Act.START: HANDLING,
    Act.LEAVE: HANDLING,
    Act.SUSPEND: OFFICE,
    Act.RESUME: OFFICE,
    Act.EXTEND: OFFICE,
    Act.ASK_EXTEND: HANDLING,
    Act.ASK_SUSPEND: HANDLING,
    Act.MEDIATE: HANDLING,
    Act.MEET: HANDLING,
    Act.SETTLE: HANDLING,
    Act.FEEDBACK: HANDLING,
    Act.INSPECT_PASS: INSPECTING,
    Act.REWORK: INSPECTING,
    Act.RATE: _either(OWN, _row((*WORKERS, "dispatcher"), Condition.SCOPE)),
    Act.REOPEN: _either(OWN, OFFICE),
    Act.WITHDRAW: OWN,
    Act.REMIND: {CLOCK: (Condition.SYSTEM,)},
    Act.LAPSE: {CLOCK: (Condition.SYSTEM,)},
    Act.PROPOSE_EXCLUSION: _either(OFFICE, HANDLING),
    Act.APPROVE_EXCLUSION: OFFICE,
    Act.REFUSE_EXCLUSION: OFFICE,
}
"""Every verb of docs/domain.md §2.2; rules about the particular case are guards of its move."""


def _in_district(case: Case, caller: Caller, role: str) -> bool:
    return any(not scope or tenant_of(scope) == case.place.tenant for scope in caller.scopes(role))


def within(caller: Caller, roles: Iterable[str], code: str) -> bool:
    """Whether the caller holds one of the roles in a scope that contains `code` and lies in one district.

    Whoever oversees several districts reads sums of each, and reaches no case and nobody (docs/domain.md §5, F57).
    """
    scopes = (scope for role in roles for scope in caller.scopes(role))
    return any(len(scope) >= AREA_DIGITS[0] and code.startswith(scope) for scope in scopes)


def _in_scope(case: Case, caller: Caller, role: str) -> bool:
    return within(caller, (role,), case.place.grid_code)


def _is_reporter(case: Case, caller: Caller, role: str) -> bool:
    return case.reporter.is_(caller)


def _is_assignee(case: Case, caller: Caller, role: str) -> bool:
    mine = case.given_to(caller)
    return mine is not None and (role not in UNION or (case.kind is not None and case.kind.is_need))


def _may_claim(case: Case, caller: Caller, role: str) -> bool:
    """Openly offered, of a category that members may take, and within the role's scope."""
    return (
        case.assignment.places is not None
        and case.kind is not None
        and case.kind.member_eligible
        and _in_scope(case, caller, role)
    )


def _is_system(case: Case, caller: Caller, role: str) -> bool:
    return True


HOLDS: Mapping[Condition, Callable[[Case, Caller, str], bool]] = {
    Condition.DISTRICT: _in_district,
    Condition.SCOPE: _in_scope,
    Condition.REPORTER: _is_reporter,
    Condition.ASSIGNEE: _is_assignee,
    Condition.CLAIMANT: _may_claim,
    Condition.SYSTEM: _is_system,
}


OWN_PART = frozenset({Condition.DISTRICT, Condition.REPORTER, Condition.SYSTEM})
"""What the people of a unit may still be to a case about it: they may complain of it themselves (docs/domain.md §5)."""


def permitted_role(act: Act, case: Case, caller: Caller) -> str:
    """The role in which the caller may do this; refuses `not_permitted`, or with the code of what does not hold.

    Nobody of the unit that a case is about has a hand in it: else a word to the desk would do to lay it aside.
    """
    row = PERMISSIONS[act]
    failed: list[Condition] = []
    for role in (role for role in row if role in caller.roles):
        for condition in row[role]:
            if _is_met(condition, case, caller, role):
                return role
            failed.append(condition)
    raise Refusal(failed[0].value if failed else "not_permitted", act=act.value)


def _is_met(condition: Condition, case: Case, caller: Caller, role: str) -> bool:
    return HOLDS[condition](case, caller, role) and (condition in OWN_PART or not case.complains_of(caller))


def holds(condition: Condition, case: Case, caller: Caller, roles: Iterable[str]) -> bool:
    """Whether the condition holds in one of the roles that the caller has, as `permitted_role` takes it."""
    return any(role in caller.roles and _is_met(condition, case, caller, role) for role in roles)
