"""Who may do what with the match lists: rows of roles and how far each reaches (docs/domain.md §2.1, §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.permission import REPORTERS, WORKERS
from cases.place import AREA_DIGITS, tenant_of
from cases.showing.listing import OVERSEEING
from chassis.caller import Caller
from chassis.errors import Refusal

STAFF = (*WORKERS, "dispatcher")
"""Who writes down what others need, and works with what is written."""

PLANNERS = ("community_worker", "dispatcher")
OFFERERS = ("unit_contact", "in_service_member", "volunteer")


class Reach(StrEnum):
    """How far a row reaches; a resource is reached where the scope and what it serves meet."""

    OWN = "own"
    DISTRICT = "district"
    SCOPE = "scope"
    SERVED = "served"


@dataclass(frozen=True)
class Row:
    """Roles that may do it, and how far."""

    roles: tuple[str, ...]
    reach: Reach


PERMISSIONS: Mapping[str, tuple[Row, ...]] = {
    "ask": (Row(REPORTERS, Reach.DISTRICT),),
    "ask_for_others": (Row(STAFF, Reach.SCOPE),),
    "see_demand": (Row(STAFF, Reach.SCOPE), Row(REPORTERS, Reach.OWN), Row(OVERSEEING, Reach.SCOPE)),
    "give_up": (Row(REPORTERS, Reach.OWN), Row(STAFF, Reach.SCOPE)),
    "find_unmet": (Row(PLANNERS, Reach.SCOPE),),
    "see_asker_contact": (Row(STAFF, Reach.SCOPE),),
    "match_demand": (Row(STAFF, Reach.SCOPE),),
    "offer": (Row(OFFERERS, Reach.DISTRICT),),
    "see_resource": (Row(STAFF, Reach.SERVED), Row(OFFERERS, Reach.OWN), Row(OVERSEEING, Reach.SERVED)),
    "change_resource": (Row(OFFERERS, Reach.OWN),),
    "match_resource": (Row(STAFF, Reach.SERVED),),
    "plan": (Row(PLANNERS, Reach.SCOPE),),
    "see_project": (Row(OVERSEEING, Reach.SCOPE),),
    "see_match_lists": (Row(OVERSEEING, Reach.SCOPE),),
}
"""Every act on the three lists."""


def permitted_role(act: str, caller: Caller, areas: tuple[str, ...], *, own: bool = False) -> str:
    """The role in which the caller may do this in all of `areas`, or with what is their own.

    Refuses `not_permitted`, `outside_your_district` and `out_of_scope`.
    """
    failed = None
    for row in PERMISSIONS[act]:
        for role in (role for role in row.roles if role in caller.roles):
            if _reaches(row.reach, caller.scopes(role), areas, own=own):
                return role
            failed = row.reach
    if failed in {Reach.SCOPE, Reach.SERVED}:
        raise Refusal("out_of_scope", act=act)
    if failed is Reach.DISTRICT:
        raise Refusal("outside_your_district", act=act)
    raise Refusal("not_permitted", act=act)


def may(act: str, caller: Caller, areas: tuple[str, ...], *, own: bool = False) -> bool:
    """Whether the caller may do this."""
    try:
        permitted_role(act, caller, areas, own=own)
    except Refusal:
        return False
    return True


def meeting(act: str, caller: Caller, areas: tuple[str, ...]) -> tuple[str, ...]:
    """Where the scopes in which the caller may do this and these areas meet: of each pair the smaller one."""
    scopes = {scope for row in PERMISSIONS[act] for role in row.roles for scope in caller.scopes(role)}
    inside = {area for area in areas if any(area.startswith(scope) for scope in scopes)}
    around = {scope for scope in scopes if any(scope.startswith(area) for area in areas)}
    return tuple(sorted(inside | around))


def _reaches(reach: Reach, scopes: tuple[str, ...], areas: tuple[str, ...], *, own: bool) -> bool:
    # Whoever oversees several districts reads sums of cases, and nobody's demand (F57).
    near = [each for each in scopes if len(each) >= AREA_DIGITS[0]]
    match reach:
        case Reach.OWN:
            return own
        case Reach.DISTRICT:
            return all(any(not each or tenant_of(each) == tenant_of(area) for each in scopes) for area in areas)
        case Reach.SCOPE:
            return any(all(area.startswith(each) for area in areas) for each in near)
        case Reach.SERVED:
            return any(area.startswith(each) or each.startswith(area) for area in areas for each in near)
