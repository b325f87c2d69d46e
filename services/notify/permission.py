"""This service's rows of the permission table (docs/domain.md §5): which role may do what, and how far it reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.caller import CLOCK, Caller
from chassis.errors import Refusal

ROLES = (
    "resident",
    "rider",
    "grid_worker",
    "community_worker",
    "dispatcher",
    "inspector",
    "in_service_member",
    "volunteer",
    "unit_contact",
    "union_leader",
    "union_cadre",
    "party_office",
    "district_admin",
    "auditor",
)
OFFICES = ("dispatcher", "district_admin")
ONLOOKERS = frozenset({"district_admin"})
"""Offices that are shown no more than an outline of a sensitive case, and so nothing of whom it is about."""

DISTRICT_DIGITS = 6
"""How long the code of a district is, with which those of its grids begin."""

BY_CLOCK = {"id": CLOCK, "role": CLOCK}
"""By whom something was done where time did it."""

PARTNERS = ("unit_contact", "district_admin")


class Reach(StrEnum):
    """How far a permission goes: one's own and one's unit's, what holds for a whole district, or the role's scope."""

    OWN = "own"
    DISTRICT = "district"
    SCOPE = "scope"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    roles: tuple[str, ...]
    reach: Reach


PERMISSIONS: Mapping[str, Row] = {
    "see_inbox": Row(ROLES, Reach.OWN),
    "mark_read": Row(ROLES, Reach.OWN),
    "see_preferences": Row(ROLES, Reach.OWN),
    "see_own_data": Row(ROLES, Reach.OWN),
    "choose_preferences": Row(ROLES, Reach.OWN),
    "see_messages": Row(OFFICES, Reach.SCOPE),
    "resend_messages": Row(OFFICES, Reach.SCOPE),
    "subscribe": Row(PARTNERS, Reach.SCOPE),
    "see_subscription": Row(PARTNERS, Reach.OWN),
    "change_subscription": Row(PARTNERS, Reach.OWN),
    "read_events": Row(PARTNERS, Reach.OWN),
    "count_call": Row(("dispatcher", "community_worker", "district_admin"), Reach.SCOPE),
    "oversee_subscriptions": Row(("district_admin",), Reach.SCOPE),
    "see_audit_trail": Row(("auditor", "district_admin"), Reach.SCOPE),
    "see_templates": Row(("party_office", "district_admin", "auditor"), Reach.DISTRICT),
    "change_templates": Row(("district_admin",), Reach.DISTRICT),
    "change_templates_of_members": Row(("party_office", "district_admin"), Reach.DISTRICT),
}
"""Every act that a user can ask this service for; what is not here is asked by other services only."""


@dataclass(frozen=True)
class Inboxes:
    """What somebody reads: all that the `own` ids are told, and of the unit's what lies in a scope or has no place."""

    own: tuple[str, ...]
    unit: str | None = None
    scopes: tuple[str, ...] = ()


def permit(caller: Caller, act: str) -> None:
    """Refuse `not_permitted` unless the caller holds a role of the row."""
    if not caller.roles & set(PERMISSIONS[act].roles):
        raise Refusal("not_permitted", act=act)


def role_for(caller: Caller, act: str) -> str:
    """In which role the caller does what is permitted: the first of the row that is held."""
    return next(role for role in PERMISSIONS[act].roles if role in caller.roles)


def permit_in(caller: Caller, act: str, codes: Iterable[str]) -> None:
    """Refuse `not_permitted` unless the caller holds a role of the row, in a scope around each of the areas."""
    permit(caller, act)
    if not all(caller.holds(PERMISSIONS[act].roles, code) for code in codes):
        raise Refusal("not_permitted", act=act)


def everywhere(caller: Caller, act: str) -> None:
    """Refuse `not_permitted` unless the caller holds a role of the row for a whole district: no part has its own."""
    scopes = [scope for role in PERMISSIONS[act].roles for scope in caller.scopes(role)]
    if not any(len(scope) <= DISTRICT_DIGITS for scope in scopes):
        raise Refusal("not_permitted", act=act)


def inboxes(caller: Caller) -> Inboxes:
    """Which notices the caller reads: the own, and as a unit's contact those of the unit, in the scope of that role."""
    permit(caller, "see_inbox")
    unit = next(iter(units(caller)), None)
    return Inboxes(caller.ids, unit, caller.scopes("unit_contact") if unit else ())


def units(caller: Caller) -> list[str]:
    """The units that the caller speaks for."""
    return [caller.unit] if caller.unit and "unit_contact" in caller.roles else []


def place(caller: Caller, grid_prefix: str | None) -> str:
    """The prefix of grid codes that a subscription of this caller covers: what was asked for, or all of the scope.

    Refuses `not_permitted` without a role of the row, `out_of_scope` for a place that the role does not reach.
    """
    permit(caller, "subscribe")
    # Who speaks for no unit asks in no unit's name: what is withheld from a unit about itself could not be told.
    scopes = [*(caller.scopes("unit_contact") if units(caller) else ()), *overseen(caller)]
    if not scopes:
        raise Refusal("not_permitted", act="subscribe")
    if grid_prefix is None:
        grid_prefix = min(scopes, key=len)
    if not any(grid_prefix.startswith(scope) for scope in scopes):
        raise Refusal("out_of_scope", grid_prefix=grid_prefix)
    return grid_prefix


def held(caller: Caller, unit: str | None, owner_id: str) -> tuple[str, ...]:
    """The scopes that the caller holds for a subscription of that unit or, without one, of that owner."""
    own = caller.scopes("unit_contact") if unit is not None and unit in units(caller) else ()
    return (*own, *(overseen(caller) if caller.is_(owner_id) else ()))


def within(grid_prefix: str, scopes: Iterable[str]) -> tuple[str, ...]:
    """What of a place lies in those scopes: all of it, or the scopes that lie in it; nothing where neither is so."""
    known = set(scopes)
    if any(grid_prefix.startswith(scope) for scope in known):
        return (grid_prefix,)
    return tuple(sorted(scope for scope in known if scope.startswith(grid_prefix)))


def participant(caller: Caller, unit: str | None) -> str | None:
    """The unit to whose cases a subscription of this caller is limited.

    Refuses `out_of_scope` for a unit that the caller does not speak for, unless the caller oversees subscriptions.
    """
    if unit is not None and unit not in units(caller) and not overseen(caller):
        raise Refusal("out_of_scope", unit_id=unit)
    return unit


def reads(caller: Caller, unit: str | None, grid_prefix: str) -> tuple[str, ...]:
    """What the caller may have, today, of what was subscribed to for that unit and place; refuses `out_of_scope`.

    A contact who speaks for another unit by now reads no more what the former one may see.
    """
    permit(caller, "read_events")
    own = caller.scopes("unit_contact") if unit is not None and unit in units(caller) else ()
    places = within(grid_prefix, (*own, *overseen(caller)))
    if not places:
        raise Refusal("out_of_scope", grid_prefix=grid_prefix)
    return places


def overseen(caller: Caller) -> list[str]:
    """The places all of whose subscriptions the caller may see."""
    return [scope for role in PERMISSIONS["oversee_subscriptions"].roles for scope in caller.scopes(role)]


def message_scopes(caller: Caller, act: str) -> tuple[list[str], list[str], str | None]:
    """Where the caller sees every message, where those about no sensitive case, and the unit whose complaints are not.

    Refuses `not_permitted` without a role of the row.
    """
    permit(caller, act)
    roles = PERMISSIONS[act].roles
    whole = [scope for role in roles if role not in ONLOOKERS for scope in caller.scopes(role)]
    ordinary = [scope for role in roles if role in ONLOOKERS for scope in caller.scopes(role)]
    return whole, ordinary, caller.unit


def audited(caller: Caller, area: str | None) -> tuple[str, ...]:
    """In which areas the caller reads the audit trail, within `area` if it is named.

    A scope of several districts is none. Refuses `not_permitted` without a role of the row, `out_of_scope` where no
    scope lies within or around the area.
    """
    held = {scope for role in PERMISSIONS["see_audit_trail"].roles for scope in caller.scopes(role)}
    scopes = {scope for scope in held if len(scope) >= DISTRICT_DIGITS}
    if not scopes:
        raise Refusal("not_permitted", act="see_audit_trail")
    inside = within(area or "", scopes)
    if not inside:
        raise Refusal("out_of_scope", act="see_audit_trail")
    return inside
