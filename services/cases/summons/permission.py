"""Who may do what with a summons: its rows of the permission table (docs/domain.md §5)."""

from collections.abc import Mapping
from enum import StrEnum

from cases.case import Case
from cases.permission import WORKERS, within
from cases.showing.listing import OVERSEEING
from cases.summons.acts import Act
from cases.summons.summons import Summons
from chassis.caller import CLOCK, Caller
from chassis.errors import Refusal


class Condition(StrEnum):
    """What has to hold between the caller and the summons besides the role; its value is the refusal's code."""

    SCOPE = "out_of_scope"
    SUMMONED = "not_summoned"
    SYSTEM = "not_permitted"


Row = Mapping[str, Condition]

OFFICE: Row = dict.fromkeys(("dispatcher", "district_admin"), Condition.SCOPE)
CALLING: Row = {**dict.fromkeys(WORKERS, Condition.SCOPE), **OFFICE}
SUMMONED: Row = {"unit_contact": Condition.SUMMONED}

PERMISSIONS: Mapping[Act, Row] = {
    Act.ASK: dict.fromkeys(WORKERS, Condition.SCOPE),
    Act.CALL: OFFICE,
    Act.GRANT: OFFICE,
    Act.DECLINE: OFFICE,
    Act.ACKNOWLEDGE: SUMMONED,
    Act.EXCUSE: SUMMONED,
    Act.ARRIVE: CALLING,
    Act.MISS: CALLING,
    Act.SCORE: CALLING,
    Act.REMIND: {CLOCK: Condition.SYSTEM},
}
"""Every act; rules about the particular summons are in `acts`."""

SEES: Row = {**dict.fromkeys(OVERSEEING, Condition.SCOPE), **SUMMONED}


def permitted_role(act: Act, summons: Summons, case: Case, caller: Caller) -> str:
    """The role in which the caller may do this; refuses `not_permitted`, or with the code of what does not hold."""
    return _role(PERMISSIONS[act], act.value, summons, case, caller)


def seeing_role(summons: Summons, case: Case, caller: Caller) -> str:
    """The role in which the caller sees the summons; refuses as `permitted_role`."""
    return _role(SEES, "see_summons", summons, case, caller)


def _role(row: Row, act: str, summons: Summons, case: Case, caller: Caller) -> str:
    # Who is complained about neither calls for the case nor is called, however they came into the summons (§5).
    held = [] if case.complains_of(caller) else [role for role in row if role in caller.roles]
    for role in held:
        if _holds(row[role], summons, case, caller, role):
            return role
    raise Refusal(row[held[0]].value if held else "not_permitted", act=act)


def _holds(part: Condition, summons: Summons, case: Case, caller: Caller, role: str) -> bool:
    match part:
        case Condition.SCOPE:
            return within(caller, (role,), case.place.grid_code)
        case Condition.SUMMONED:
            speaks = caller.unit in summons.unit_ids and caller.holds((role,), case.place.grid_code)
            return speaks and bool(summons.called_at)
        case _:
            return True
