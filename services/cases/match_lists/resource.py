"""A resource: what a unit or a person offers, how often, and what of it is spoken for; it knows no demand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cases.assignment import PERSON, UNIT
from cases.deadline import LOCAL
from cases.place import AREA_DIGITS, tenant_of
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.privacy import without_identities

OFFERED = "resource.offered"
CHANGED = "resource.changed"
RESERVED = "resource.reserved"
RELEASED = "resource.released"
USED = "resource.used"
WITHDRAWN = "resource.withdrawn"
EVENT_TYPES = frozenset({OFFERED, CHANGED, RESERVED, RELEASED, USED, WITHDRAWN})


class Status(StrEnum):
    """Where a resource stands (docs/domain.md §2.1); reserved and used up only when nothing of it is left."""

    OFFERED = "offered"
    RESERVED = "reserved"
    USED_UP = "used_up"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What is offered."""

    SKILL = "skill"
    SERVICE = "service"
    PLACE = "place"
    EQUIPMENT = "equipment"
    GOODS = "goods"
    FUNDS = "funds"


@dataclass(frozen=True)
class Resource:
    """One offer: `serves` are the areas in which it can be used, `capacity` how many projects can have it in all.

    `idle_since` is when a project last reserved or gave it back; never, if none did.
    """

    id: str
    owner_id: str
    owner_kind: str
    offered_by: str
    kind: Kind
    text: str
    serves: tuple[str, ...]
    opened_at: datetime
    skills: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    capacity: int = 1
    used: int = 0
    reserved_for: tuple[str, ...] = ()
    withdrawn: bool = False
    idle_since: datetime | None = None

    @property
    def area(self) -> str:
        """The smallest area that holds all that it serves: where it stands in the lists."""
        return smallest(self.serves)

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.area)

    @property
    def load(self) -> int:
        """How many projects have it now."""
        return len(self.reserved_for)

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.withdrawn:
            return Status.WITHDRAWN
        if self.used >= self.capacity:
            return Status.USED_UP
        return Status.RESERVED if self.used + self.load >= self.capacity else Status.OFFERED

    def is_of(self, caller: Caller) -> bool:
        """Whether the caller offers it, in person or as the contact of its unit."""
        if self.owner_kind == UNIT:
            return caller.unit == self.owner_id and "unit_contact" in caller.roles
        return caller.is_(self.owner_id)

    def serves_one_of(self, grid_codes: tuple[str, ...]) -> bool:
        """Whether it can be used in one of the grids."""
        return any(code.startswith(area) for area in self.serves for code in grid_codes)

    def available_on(self, day: date) -> bool:
        """Whether the day lies in the time for which it is offered."""
        text = day.isoformat()
        return (self.since is None or self.since <= text) and (self.until is None or text <= self.until)


def smallest(codes: tuple[str, ...]) -> str:
    """The smallest area that holds all of these; refuses `outside_your_district` for those of several districts."""
    shared = [digits for digits in AREA_DIGITS if len({code[:digits] for code in codes}) == 1]
    if not shared:
        raise Refusal("outside_your_district")
    return min(codes, key=len)[: max(shared)]


def draft(id: str, fields: Mapping[str, Any], caller: Caller, now: datetime) -> Resource:
    """The resource that would be offered: the unit's, if its contact offers it, else the caller's own.

    Refuses `offer_ends_before_it_begins` and `offer_is_over`.
    """
    unit = caller.unit if "unit_contact" in caller.roles else None
    offered = Resource(
        id=id,
        owner_id=unit or caller.id,
        owner_kind=UNIT if unit else PERSON,
        offered_by=caller.id,
        kind=Kind(fields["kind"]),
        text=without_identities(fields["text"]),
        serves=tuple(fields["serves"]),
        opened_at=now,
        **_told(fields),
    )
    _check_days(offered, now)
    return offered


def changed(resource: Resource, fields: Mapping[str, Any], now: datetime) -> Resource:
    """With what is told anew; refuses `resource_withdrawn`, `capacity_spoken_for`, and days as `draft` does."""
    _check_not_withdrawn(resource)
    after = replace(
        resource,
        text=without_identities(fields["text"]) if "text" in fields else resource.text,
        serves=tuple(fields.get("serves", resource.serves)),
        **_told(fields),
    )
    if after.tenant != resource.tenant:
        raise Refusal("outside_your_district")
    if after.capacity < resource.used + resource.load:
        raise Refusal("capacity_spoken_for", least=resource.used + resource.load)
    _check_days(after, now)
    return after


def withdrawn(resource: Resource) -> Resource:
    """Not offered any more; refuses `resource_withdrawn`, and `resource_in_use` while a project has it."""
    _check_not_withdrawn(resource)
    if resource.reserved_for:
        raise Refusal("resource_in_use", projects=list(resource.reserved_for))
    return replace(resource, withdrawn=True)


def owner_left(resource: Resource) -> Resource:
    """Offered no longer, for whoever offered it in person has left; a project that has it now keeps it to its end."""
    return replace(resource, withdrawn=True)


def reserved(resource: Resource, project_id: str, now: datetime) -> Resource:
    """Taken by a project; refuses `resource_taken` when nothing of it is left, and `offer_is_over`."""
    if resource.status is not Status.OFFERED:
        raise Refusal("resource_taken", resource_id=resource.id, status=resource.status.value)
    if resource.until is not None and resource.until < now.astimezone(LOCAL).date().isoformat():
        raise Refusal("offer_is_over", resource_id=resource.id)
    return replace(resource, reserved_for=(*resource.reserved_for, project_id), idle_since=now)


def given_back(resource: Resource, project_id: str, now: datetime) -> Resource:
    """Its project was cancelled."""
    left = tuple(each for each in resource.reserved_for if each != project_id)
    return replace(resource, reserved_for=left, idle_since=now)


def used(resource: Resource, project_id: str, now: datetime) -> Resource:
    """Its project is completed: that much of it is gone."""
    return replace(given_back(resource, project_id, now), used=resource.used + 1)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told anew, as it is kept."""
    lists = {name: tuple(fields[name]) for name in ("skills", "categories") if name in fields}
    days = {name: fields[name].isoformat() if fields[name] else None for name in ("since", "until") if name in fields}
    return {**lists, **days, **({"capacity": fields["capacity"]} if "capacity" in fields else {})}


def _check_not_withdrawn(resource: Resource) -> None:
    if resource.withdrawn:
        raise Refusal("resource_withdrawn")


def _check_days(resource: Resource, now: datetime) -> None:
    if resource.since and resource.until and resource.until < resource.since:
        raise Refusal("offer_ends_before_it_begins")
    if resource.until and resource.until < now.astimezone(LOCAL).date().isoformat():
        raise Refusal("offer_is_over")
