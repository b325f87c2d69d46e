"""This service's rows of the permission table (docs/domain.md §5): which role may do what, and how far it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.caller import Caller
from chassis.errors import Refusal
from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, tenant_of
from members.role import ROLES

ITSELF = Caller("members")
"""Who acts where this service follows what has happened."""


class Reach(StrEnum):
    """How far a permission goes: one's own record, everything within the scope of the role, the communities in which
    that scope lies, the district, or sums of everything within a scope that may hold several districts.

    Only sums are reached by who oversees several districts (docs/domain.md §5, F57).
    """

    OWN = "own"
    SCOPE = "scope"
    COMMUNITY = "community"
    DISTRICT = "district"
    SUMS = "sums"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    roles: tuple[str, ...]
    reach: Reach


READERS = (
    "party_office",
    "district_admin",
    "auditor",
    "dispatcher",
    "grid_worker",
    "community_worker",
    "unit_contact",
    "union_leader",
    "union_cadre",
)
"""Roles that read profiles of others; each sees columns of its own (`registry/sight.py`)."""

VISITORS = ("grid_worker", "community_worker")
"""Who knocks at doors, and knows whoever works in the streets."""

CENSUS = (*VISITORS, "union_leader", "union_cadre")
"""Who keeps the census of new-employment workers in the own scope (docs/domain.md §5)."""
STAFFING = (*READERS, "inspector")
"""Roles that read grids and staffing of their scope (docs/domain.md §5)."""

KEEPERS = ("party_office", "district_admin")
"""Who keeps the register of units of the district."""

REGISTER_READERS = ("grid_worker", "community_worker", "dispatcher", "union_leader", "union_cadre", *KEEPERS, "auditor")
"""Who looks units up in the own scope."""

ORGANISERS = ("grid_worker", "community_worker", "union_leader", "union_cadre", "party_office")
"""Who organises activities, and later approves their hours (docs/domain.md §5)."""

PATROLLERS = ("rider", "volunteer", "in_service_member", *VISITORS)
"""Who goes on patrol."""

BOOKERS = ("grid_worker", "community_worker", "union_leader", "union_cadre", "dispatcher", *KEEPERS)
"""Who books venues of the communities in which they work."""

PERMISSIONS: Mapping[str, Row] = {
    "see_own_profile": Row(ROLES, Reach.OWN),
    "change_own_profile": Row(ROLES, Reach.OWN),
    "sign_out": Row(ROLES, Reach.OWN),
    "see_sessions": Row(ROLES, Reach.OWN),
    "change_own_password": Row(ROLES, Reach.OWN),
    "keep_own_second_factor": Row(ROLES, Reach.OWN),
    "keep_own_linked_identities": Row(ROLES, Reach.OWN),
    "locate": Row(ROLES, Reach.SCOPE),
    "record_leaving": Row(("party_office", "district_admin"), Reach.SCOPE),
    "register_person": Row(("party_office", "district_admin", "community_worker", "grid_worker"), Reach.SCOPE),
    "grant_role": Row(("party_office", "district_admin"), Reach.SCOPE),
    "revoke_role": Row(("party_office", "district_admin"), Reach.SCOPE),
    "open_login": Row(KEEPERS, Reach.SCOPE),
    "reset_login": Row(KEEPERS, Reach.SCOPE),
    "see_people": Row(READERS, Reach.SCOPE),
    "show_identity": Row(ROLES, Reach.OWN),
    "see_force": Row((*READERS, "inspector"), Reach.SUMS),
    "merge_people": Row(("party_office", "district_admin"), Reach.SCOPE),
    "change_own_phone": Row(ROLES, Reach.OWN),
    "release_phone": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_own_data": Row(ROLES, Reach.OWN),
    "delete_own_data": Row(ROLES, Reach.OWN),
    "delete_person": Row(("party_office", "district_admin"), Reach.SCOPE),
    "reveal_phone": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_territory": Row(ROLES, Reach.SCOPE),
    "open_area": Row(("party_office", "district_admin"), Reach.SCOPE),
    "change_area": Row(("party_office", "district_admin"), Reach.SCOPE),
    "open_grids": Row(("party_office", "district_admin"), Reach.SCOPE),
    "redraw_grids": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_redrawings": Row(("party_office", "district_admin", "dispatcher", "auditor"), Reach.DISTRICT),
    "register_compound": Row(("party_office", "district_admin"), Reach.SCOPE),
    "keep_buildings": Row(("party_office", "district_admin"), Reach.SCOPE),
    "change_grid": Row(("party_office", "district_admin"), Reach.SCOPE),
    "register_unit": Row(KEEPERS, Reach.SCOPE),
    "change_unit": Row(KEEPERS, Reach.SCOPE),
    "import_people": Row(KEEPERS, Reach.SCOPE),
    "close_unit": Row(KEEPERS, Reach.SCOPE),
    "see_units": Row(REGISTER_READERS, Reach.SCOPE),
    "change_compound": Row(("party_office", "district_admin"), Reach.SCOPE),
    "register_worker": Row(CENSUS, Reach.SCOPE),
    "change_worker": Row(CENSUS, Reach.SCOPE),
    "see_workers": Row((*CENSUS, "dispatcher", "party_office", "district_admin", "auditor"), Reach.SCOPE),
    "reveal_worker_phone": Row(KEEPERS, Reach.SCOPE),
    "enter_estimate": Row(("dispatcher", "party_office", "district_admin"), Reach.SCOPE),
    "open_round": Row(("dispatcher", *VISITORS), Reach.SCOPE),
    "close_round": Row(("dispatcher", *VISITORS), Reach.SCOPE),
    "record_visit": Row(VISITORS, Reach.SCOPE),
    "see_visit_note": Row(VISITORS, Reach.SCOPE),
    "see_rounds": Row((*VISITORS, "dispatcher", "party_office", "district_admin", "auditor"), Reach.SCOPE),
    "register_own": Row(("in_service_member",), Reach.OWN),
    "register_own_unit": Row(("unit_contact",), Reach.OWN),
    "register_others": Row(("party_office", "district_admin"), Reach.SCOPE),
    "decide_registration": Row(("community_worker", "party_office"), Reach.COMMUNITY),
    "see_own_registration": Row(ROLES, Reach.OWN),
    "see_registrations_of_own_unit": Row(("unit_contact",), Reach.OWN),
    "see_registrations": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "record_points": Row(("grid_worker", "community_worker", "party_office"), Reach.COMMUNITY),
    "see_own_points": Row(ROLES, Reach.OWN),
    "see_points": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "see_own_hours": Row(ROLES, Reach.OWN),
    "see_hours": Row(("grid_worker", "community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "approve_hours": Row(("party_office",), Reach.SCOPE),
    "approve_hours_of_own_activities": Row(ORGANISERS, Reach.OWN),
    "approve_hours_of_cases": Row(("grid_worker", "community_worker"), Reach.COMMUNITY),
    "keep_own_star": Row(ROLES, Reach.OWN),
    "draw_up_roster": Row(("party_office",), Reach.SCOPE),
    "draw_up_roster_of_own_activities": Row(ORGANISERS, Reach.OWN),
    "see_stars": Row(ROLES, Reach.DISTRICT),
    "issue_own_certificate": Row(ROLES, Reach.OWN),
    "see_certificates": Row(("party_office", "auditor"), Reach.SCOPE),
    "revoke_certificate": Row(("party_office",), Reach.SCOPE),
    "enter_member_policy": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_member_policies": Row(ROLES, Reach.DISTRICT),
    "evaluate": Row(("community_worker", "party_office"), Reach.COMMUNITY),
    "decide_objection": Row(("party_office",), Reach.SCOPE),
    "object_to_own_evaluation": Row(ROLES, Reach.OWN),
    "object_for_own_unit": Row(("unit_contact",), Reach.OWN),
    "see_own_evaluation": Row(ROLES, Reach.OWN),
    "see_results_of_own_unit": Row(("unit_contact",), Reach.OWN),
    "see_evaluations": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "assign_post": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_posts": Row(STAFFING, Reach.SCOPE),
    "see_own_posts": Row(ROLES, Reach.OWN),
    "keep_party_group": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_party_groups": Row(STAFFING, Reach.SCOPE),
    "see_party_group_members": Row(("party_office", "district_admin"), Reach.SCOPE),
    "keep_venue": Row(("party_office", "district_admin"), Reach.SCOPE),
    "see_venues": Row(ROLES, Reach.DISTRICT),
    "publish_activity": Row(ORGANISERS, Reach.COMMUNITY),
    "keep_activity": Row(("party_office",), Reach.SCOPE),
    "see_activities": Row(ROLES, Reach.DISTRICT),
    "sign_up": Row(ROLES, Reach.OWN),
    "see_signups": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "see_own_signups": Row(ROLES, Reach.OWN),
    "show_station_code": Row((*VISITORS, *KEEPERS), Reach.COMMUNITY),
    "be_counted_at_station": Row(ROLES, Reach.OWN),
    "see_station_uses": Row((*CENSUS, "dispatcher", *KEEPERS, "auditor"), Reach.SCOPE),
    "keep_own_calendars": Row(ROLES, Reach.OWN),
    "give_feedback": Row(ROLES, Reach.OWN),
    "see_feedback": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "book_venue": Row(BOOKERS, Reach.COMMUNITY),
    "see_bookings": Row((*BOOKERS, "auditor"), Reach.COMMUNITY),
    "keep_rotation": Row(("party_office", "district_admin"), Reach.SCOPE),
    "order_turn": Row(ORGANISERS, Reach.OWN),
    "record_served": Row(ORGANISERS, Reach.OWN),
    "see_rotation": Row(ROLES, Reach.DISTRICT),
    "open_series": Row(ORGANISERS, Reach.COMMUNITY),
    "keep_series": Row(("party_office",), Reach.SCOPE),
    "see_series": Row(ROLES, Reach.DISTRICT),
    "check_in": Row(ROLES, Reach.OWN),
    "keep_attendance": Row(("community_worker", "party_office"), Reach.COMMUNITY),
    "see_attendance": Row(("community_worker", "party_office", "district_admin", "auditor"), Reach.COMMUNITY),
    "see_own_attendance": Row(ROLES, Reach.OWN),
    "issue_call": Row(("dispatcher", "community_worker"), Reach.SCOPE),
    "withdraw_call": Row(("dispatcher", "district_admin"), Reach.SCOPE),
    "answer_call": Row(ROLES, Reach.OWN),
    "go_on_patrol": Row(PATROLLERS, Reach.DISTRICT),
    "see_own_patrols": Row(ROLES, Reach.OWN),
    "see_patrols": Row((*VISITORS, "dispatcher", *KEEPERS, "auditor"), Reach.SCOPE),
    "reveal_track": Row(("dispatcher", "district_admin"), Reach.SCOPE),
    "see_coverage": Row(STAFFING, Reach.SCOPE),
    "keep_api_keys": Row(("district_admin",), Reach.SCOPE),
    "see_audit_trail": Row(("auditor", "district_admin"), Reach.SCOPE),
}
"""Every act that a user can ask this service for; what is not here is asked by other services only."""


def permit(caller: Caller, act: str, code: str) -> None:
    """Refuse `not_permitted` unless the caller holds a role of the row as far as `code` (see `may`)."""
    if not may(caller, act, code):
        raise Refusal("not_permitted", act=act)


def may(caller: Caller, act: str, code: str) -> bool:
    """Whether the caller holds a role of the row that reaches `code`, an area.

    For a reach of OWN, `code` is the id of the person whose record it is.
    """
    row = PERMISSIONS[act]
    match row.reach:
        case Reach.OWN:
            return bool(caller.roles & set(row.roles)) and caller.is_(code)
        case Reach.SCOPE:
            return _reaches(caller, row, code)
        case Reach.COMMUNITY:
            return _reaches(caller, row, code) or _posted_in(caller, row, code)
        case Reach.SUMS:
            return caller.holds(row.roles, code)
        case Reach.DISTRICT:
            return bool(caller.roles & set(row.roles)) and tenant_of(code) in tenants(caller)


def widest(caller: Caller, act: str, code: str) -> str:
    """The widest scope around `code`, an area, in which the caller may do this; refuses as `permit`."""
    permit(caller, act, code)
    scopes = {scope for role in PERMISSIONS[act].roles for scope in caller.scopes(role)}
    return min((scope for scope in scopes if code.startswith(scope)), key=len)


def role_of(caller: Caller, act: str, code: str) -> str:
    """In which of the row's roles the caller acts: the first that reaches `code`, or that is held at all."""
    held = [role for role in PERMISSIONS[act].roles if role in caller.roles]
    return next((role for role in held if within(caller, role, code)), held[0])


def of_own_unit(caller: Caller, act: str, unit_id: str | None) -> bool:
    """Whether the caller speaks for the unit, and the row lets who does so act."""
    return unit_id is not None and caller.unit == unit_id and may(caller, act, caller.id)


def _reaches(caller: Caller, row: Row, code: str) -> bool:
    return any(within(caller, role, code) for role in row.roles)


def _posted_in(caller: Caller, row: Row, code: str) -> bool:
    """Whether a grid of the community is the scope: its committee works for all of the community."""
    community = code[:COMMUNITY_DIGITS]
    if len(community) < COMMUNITY_DIGITS:
        return False
    return any(scope.startswith(community) for role in row.roles for scope in caller.scopes(role))


def within(caller: Caller, role: str, code: str) -> bool:
    """Whether the caller holds the role in a scope that contains `code` and lies in one district.

    Who oversees several districts reads sums, and reaches no person (docs/domain.md §5, F57).
    """
    return any(len(scope) >= DISTRICT_DIGITS and code.startswith(scope) for scope in caller.scopes(role))


def role_in(caller: Caller, act: str, code: str) -> str:
    """The role of the row in which the caller acts on what has that code; refuses as `permit`."""
    permit(caller, act, code)
    return next(role for role in PERMISSIONS[act].roles if within(caller, role, code))


def permitted_role(caller: Caller, act: str, code: str) -> str:
    """The role in which the caller may do this in the area of `code`; refuses `not_permitted` and `out_of_scope`."""
    held = [role for role in PERMISSIONS[act].roles if role in caller.roles]
    if not held:
        raise Refusal("not_permitted", act=act)
    role = next((role for role in held if within(caller, role, code)), None)
    if role is None:
        raise Refusal("out_of_scope", act=act)
    return role


def scopes_for(caller: Caller, act: str, area: str | None = None) -> tuple[str, ...]:
    """In which areas the caller may do this, within `area` if it is named: a list is bound to them in its query.

    A scope of several districts reaches sums, and no list. Refuses `not_permitted`, and `out_of_scope` where no scope
    lies within or around the area.
    """
    held = {scope for role in PERMISSIONS[act].roles for scope in caller.scopes(role)}
    scopes = {scope for scope in held if len(scope) >= DISTRICT_DIGITS}
    if not scopes:
        raise Refusal("not_permitted", act=act)
    if area and area.startswith(tuple(scopes)):
        return (area,)
    inside = tuple(sorted(scope for scope in scopes if scope.startswith(area or "")))
    if not inside:
        raise Refusal("out_of_scope", act=act)
    return inside


def tenants(caller: Caller) -> frozenset[str]:
    """The districts that the caller's scopes lie in; every query is bound to them."""
    scopes = {grant.scope for grant in caller.grants}
    return frozenset(tenant_of(scope) for scope in scopes if len(scope) >= DISTRICT_DIGITS)
