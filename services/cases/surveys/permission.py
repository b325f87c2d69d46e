"""Who may do what with surveys: rows of roles and how far each reaches (docs/domain.md §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.permission import within
from cases.place import tenant_of
from cases.showing.listing import tenants
from chassis.caller import Caller
from chassis.errors import Refusal

KEEPERS = ("dispatcher", "district_admin", "party_office")
"""The office: it asks about the work of Party and authority alike, so both of its desks may."""

EVERYBODY: tuple[str, ...] = ()
"""No role is asked for: whoever is signed in has one."""


class Reach(StrEnum):
    """How far a row reaches."""

    SCOPE = "scope"
    DISTRICT = "district"


@dataclass(frozen=True)
class Row:
    """Roles that may do it, and how far."""

    roles: tuple[str, ...]
    reach: Reach


OFFICE = Row(KEEPERS, Reach.SCOPE)
LIVING = Row(EVERYBODY, Reach.DISTRICT)

PERMISSIONS: Mapping[str, Row] = {
    "draft_survey": OFFICE,
    "change_survey": OFFICE,
    "open_survey": OFFICE,
    "close_survey": OFFICE,
    "publish_survey": OFFICE,
    "see_survey_draft": OFFICE,
    "see_unpublished_results": OFFICE,
    "see_survey": LIVING,
    "answer_survey": LIVING,
    "see_published_results": LIVING,
}
"""Every act on a survey."""


def permitted_role(act: str, caller: Caller, area: str | None) -> str:
    """The role in which one of the office may do this; where the area cannot be read, any that may at all.

    Refuses `not_permitted` and `out_of_scope`.
    """
    held = [role for role in PERMISSIONS[act].roles if role in caller.roles]
    for role in held:
        if area is None or within(caller, (role,), area):
            return role
    if held:
        raise Refusal("out_of_scope", act=act)
    raise Refusal("not_permitted", act=act)


def may(act: str, caller: Caller, area: str) -> bool:
    """Whether the caller may do this."""
    row = PERMISSIONS[act]
    return lives_in(caller, area) and (row.reach is Reach.DISTRICT or within(caller, row.roles, area))


def check_person(act: str, caller: Caller) -> None:
    """Refuse `not_permitted` to a program: only people feel anything."""
    if caller.program:
        raise Refusal("not_permitted", act=act)


def lives_in(caller: Caller, area: str) -> bool:
    """Whether the caller has a role in the district: those who live there do, and so does who works there."""
    return tenant_of(area) in tenants(caller)
