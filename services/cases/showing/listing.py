"""Which cases a list holds: what the caller asked for, within what the caller may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from cases.assignment import CONTACT, claimants
from cases.case import OPEN, Status
from cases.permission import CLAIMANTS, WORKERS
from cases.place import AREA_DIGITS, tenant_of
from cases.showing.sight import HANDLE_ALL, ONLOOKERS, Sight
from chassis.caller import Caller
from chassis.errors import Refusal

OVERSEEING = ("dispatcher", "inspector", *WORKERS, *ONLOOKERS)
"""Roles that see the cases of their scope without having a part in them (docs/domain.md §5)."""

RUNNING = OPEN - {Status.SUSPENDED, Status.RESOLVED}
"""Statuses in which the resolve time runs."""


PRIORITY = "priority"


class Order(Enum):
    """By what of a case a list goes, and which way; cases of one place in it go the same way by their ids.

    In the order of priority there are open cases alone.
    """

    NEWEST = ("reported_at", -1)
    OLDEST = ("reported_at", 1)
    ENDED_LAST = ("ended_at", -1)
    PRIORITY = ("queue", 1)


@dataclass(frozen=True)
class Part:
    """Which part somebody has in a case: reported by one of the `reporters`, or given to one of the `assigned`.

    Or given to the `unit`, in the `areas` in which they speak for it.
    """

    reporters: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    unit: str | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """Where somebody is told more than an outline of a sensitive case (docs/domain.md §5).

    That is where such cases are `handled`, and wherever they have a part of their `own`. Of a case without a category
    it is also where reports are `verified`.
    """

    handled: tuple[str, ...]
    verified: tuple[str, ...]
    own: Part


@dataclass(frozen=True)
class Wanted:
    """What a list is to hold; all that is given has to hold, of `areas` and the like one, and `ended` is half-open.

    `reported`, `assigned` and `own` are parts that somebody has in them. `about_us` is a unit and ids: of what is about
    it only what these reported is in the list. With a `reach` nothing is in it of which an outline is told alone.
    """

    tenants: tuple[str, ...]
    areas: tuple[str, ...] | None = None
    within: str | None = None
    number: str | None = None
    external_number: str | None = None
    offered_in: tuple[str, ...] | None = None
    not_about: str | None = None
    reported: Part | None = None
    assigned: Part | None = None
    own: Part | None = None
    about_us: tuple[str, tuple[str, ...]] | None = None
    statuses: tuple[str, ...] | None = None
    category: str | None = None
    compound_id: str | None = None
    tag: str | None = None
    source: str | None = None
    overdue_at: datetime | None = None
    exclusion: str | None = None
    unassigned: bool = False
    ended: tuple[datetime, datetime] | None = None
    reach: Reach | None = None
    order: Order = Order.NEWEST

    @property
    def least(self) -> Sight:
        """How much of a case has to be seen for it to be in the list."""
        return Sight.OUTLINE if self.reach is None else Sight.MASKED

    @property
    def impossible(self) -> bool:
        """Whether nothing can be in the list, since it asks for one out of none."""
        return () in {self.tenants, self.areas, self.offered_in}


def tenants(caller: Caller) -> tuple[str, ...]:
    """The districts of the caller's grants; a scope wider than a district opens none (docs/domain.md §5)."""
    return tuple(sorted({tenant_of(grant.scope) for grant in caller.grants if len(grant.scope) >= AREA_DIGITS[0]}))


def wanted(filters: Mapping[str, Any], caller: Caller, now: datetime) -> Wanted:
    """The list that the caller gets: own or assigned cases, open offers, else the scope of the caller's office.

    Who oversees nothing gets, without a filter, the cases that he reported or is assigned to. It holds nothing that the
    caller may not see: where a page ends would tell of it. Refuses `invalid` for a list that has no order of priority,
    or that would tell a reporter of an exclusion.
    """
    status = filters.get("status")
    mine = part_of(caller)
    by_priority = filters.get("order") == PRIORITY
    personal = {"reported_by", "assignee", "offered"} & {name for name, value in filters.items() if value}
    scopes = scopes_of(caller, OVERSEEING)
    if by_priority and (personal or not scopes):
        fault = {"pointer": "/order", "detail": "Only lists of an area have this order."}
        raise Refusal("invalid", errors=[fault])
    if filters.get("exclusion") and (personal or not scopes):
        fault = {"pointer": "/exclusion", "detail": "Only lists of an area are asked for it."}
        raise Refusal("invalid", errors=[fault])
    return Wanted(
        tenants=tenants(caller),
        areas=narrowed(scopes, filters.get("grid")) if scopes and not personal else None,
        within=filters.get("grid"),
        number=filters.get("number"),
        external_number=filters.get("external_number"),
        offered_in=scopes_of(caller, CLAIMANTS) if "offered" in personal else None,
        not_about=caller.unit if "offered" in personal or (scopes and not personal) else None,
        reported=Part(caller.ids) if "reported_by" in personal else None,
        assigned=replace(mine, reporters=()) if "assignee" in personal else None,
        own=None if personal or scopes else mine,
        about_us=(caller.unit, caller.ids) if caller.unit else None,
        statuses=_statuses(status, overdue=bool(filters.get("overdue"))),
        category=filters.get("category"),
        compound_id=filters.get("compound_id"),
        tag=filters.get("tag"),
        source=filters.get("source"),
        exclusion=filters.get("exclusion"),
        reach=reach(filters, caller),
        overdue_at=now if filters.get("overdue") else None,
        order=Order.PRIORITY if by_priority else Order.NEWEST,
    )


BEYOND_OUTLINE = frozenset({"compound_id", "external_number", "unit_id"})
"""Filters by something that no outline shows: who is told no more than that would learn it by asking for each."""


def reach(filters: Mapping[str, Any], caller: Caller) -> Reach | None:
    """Where the caller may be told of what is found by these filters; None where an outline shows all they ask for."""
    if not BEYOND_OUTLINE & {name for name, value in filters.items() if value}:
        return None
    return Reach(scopes_of(caller, HANDLE_ALL), scopes_of(caller, WORKERS), part_of(caller))


def _statuses(status: str | None, *, overdue: bool) -> tuple[str, ...] | None:
    """The status asked for; of overdue cases those in which time runs, and none where it is another."""
    if status is None:
        return tuple(sorted(one.value for one in RUNNING)) if overdue else None
    return (status,) if Status(status) in RUNNING or not overdue else ()


def assumed_by(caller: Caller) -> tuple[str, ...]:
    """As whom the caller can be assigned: in person, also under a former id, and as the contact of a unit."""
    return (*claimants(caller), *caller.former)


def part_of(caller: Caller) -> Part:
    """What is the caller's own: reported, given to them, or to the unit where they speak for it."""
    speaks = caller.unit is not None and CONTACT in caller.roles
    return Part(caller.ids, caller.ids, caller.unit if speaks else None, scopes_of(caller, (CONTACT,)))


def scopes_of(caller: Caller, roles: Iterable[str]) -> tuple[str, ...]:
    """Where the caller holds one of the roles, without scopes that lie within another."""
    held = {scope for role in roles for scope in caller.scopes(role) if len(scope) in AREA_DIGITS}
    return tuple(sorted(one for one in held if not any(one != other and one.startswith(other) for other in held)))


def narrowed(scopes: tuple[str, ...], grid: str | None) -> tuple[str, ...]:
    """The part of the scopes that lies in `grid`."""
    if grid is None:
        return scopes
    if any(grid.startswith(scope) for scope in scopes):
        return (grid,)
    return tuple(scope for scope in scopes if scope.startswith(grid))
