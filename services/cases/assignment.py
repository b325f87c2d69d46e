"""Who a case is given to: a team with a lead, or an open offer with a number of places."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.category import Category
from chassis.caller import Caller
from chassis.errors import Refusal

PERSON, UNIT = "person", "unit"

VOLUNTARY = frozenset({"in_service_member", "volunteer"})
"""Roles that take only categories open to members (docs/domain.md §6.1, column M)."""

UNION = frozenset({"union_leader", "union_cadre"})
"""Roles that take only what people need (docs/domain.md §5)."""

CONTACT = "unit_contact"
"""Who speaks for a unit, within a scope."""

TAKES_CASES = VOLUNTARY | UNION | {"grid_worker", "community_worker", CONTACT}
"""Roles of the persons that a case can be given to (docs/domain.md §5)."""


@dataclass(frozen=True)
class Assignee:
    """A person or a unit that the case is given to; accepting, arriving and credit are each one's own."""

    id: str
    kind: str
    lead: bool = False
    accepted_at: datetime | None = None

    @property
    def accepted(self) -> bool:
        """Whether this one has taken the case."""
        return self.accepted_at is not None


@dataclass(frozen=True)
class Assignment:
    """Everybody that the case is given to; with `places` it is an open offer that fills up."""

    assignees: tuple[Assignee, ...] = ()
    places: int | None = None

    @property
    def open_places(self) -> int:
        """How many may still claim a place; 0 for a team."""
        return max(0, (self.places or 0) - len(self.assignees))

    @property
    def accepted(self) -> bool:
        """Whether somebody has taken the case."""
        return any(one.accepted for one in self.assignees)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all assignees."""
        return tuple(one.id for one in self.assignees)

    def of(self, caller: Caller, code: str) -> Assignee | None:
        """The assignee that the caller is of a case in this grid: in person, or speaking for the unit there."""
        mine = {(PERSON, id) for id in caller.ids}
        if caller.unit and caller.holds((CONTACT,), code):
            mine.add((UNIT, caller.unit))
        found = [one for one in self.assignees if (one.kind, one.id) in mine]
        # Given to two entries of one person, the case is theirs by the one that has accepted it.
        alike = [one for one in found if one.kind == found[0].kind]
        return next((one for one in alike if one.accepted), next(iter(alike), None))


@dataclass(frozen=True)
class Known:
    """What members knows of somebody who may get a case; no name, no phone."""

    id: str
    kind: str
    roles: frozenset[str] = frozenset()
    unit_id: str | None = None
    certificates: frozenset[str] = frozenset()
    active: bool = True
    grid_codes: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    """Every id of a person who was several entries."""

    @property
    def ids(self) -> frozenset[str]:
        """Every id under which something may stand."""
        return self.others | {self.id}

    @classmethod
    def load(cls, row: Mapping[str, Any]) -> "Known":
        """What is known by a row of `members.assignees`."""
        return cls(
            id=row["id"],
            kind=row["kind"],
            roles=frozenset(row.get("roles") or ()),
            unit_id=row.get("unit_id"),
            certificates=frozenset(row.get("certificates") or ()),
            active=bool(row.get("active", True)),
            grid_codes=tuple(row.get("grid_codes") or ()),
            others=frozenset(row.get("ids") or ()),
        )

    @property
    def units(self) -> frozenset[str]:
        """The unit that this is or belongs to."""
        unit = self.id if self.kind == UNIT else self.unit_id
        return frozenset({unit} if unit else ())


def team(ids: tuple[str, ...], lead: str, known: Mapping[str, Known]) -> Assignment:
    """The team of these assignees, none of whom has accepted yet."""
    return Assignment(tuple(Assignee(id, known[id].kind, lead=id == lead) for id in ids))


def without(assignment: Assignment, id: str) -> Assignment:
    """The assignment without this one; if that was the lead, the first of those who accepted is, or the first."""
    left = tuple(one for one in assignment.assignees if one.id != id)
    lead = next((one for one in left if one.lead), None)
    first = lead or next((one for one in left if one.accepted), None) or next(iter(left), None)
    return replace(assignment, assignees=tuple(replace(one, lead=one is first) for one in left))


def accept(assignment: Assignment, mine: Assignee | None, caller: Caller, role: str, now: datetime) -> Assignment:
    """The assignment with the acceptance of the assignee that the caller is (`mine`), or with a claimed place."""
    if mine is None:
        id, kind = claimant(caller, role)
        claimed = Assignee(id, kind, lead=not assignment.assignees, accepted_at=now)
        return replace(assignment, assignees=(*assignment.assignees, claimed))
    taken = replace(mine, accepted_at=now)
    return replace(assignment, assignees=tuple(taken if one is mine else one for one in assignment.assignees))


def claimant(caller: Caller, role: str) -> tuple[str, str]:
    """For whom the caller claims a place, and of which kind that is: a contact claims it for the unit."""
    return (caller.unit, UNIT) if role == CONTACT and caller.unit else (caller.id, PERSON)


def claimants(caller: Caller) -> tuple[str, ...]:
    """The ids under which the caller may claim a place: the own of today, and as the contact of a unit that one's."""
    return (caller.id, caller.unit) if CONTACT in caller.roles and caller.unit else (caller.id,)


def check_known(ids: tuple[str, ...], known: Mapping[str, Known]) -> None:
    """Refuses `unknown_assignee` and `assignee_inactive`."""
    for id in ids:
        if id not in known:
            raise Refusal("unknown_assignee", assignee=id)
        if not known[id].active:
            raise Refusal("assignee_inactive", assignee=id)


def check_eligible(facts: Known, category: Category, tenant: str) -> None:
    """Refuses who takes no cases, not of this district, or not of this category (docs/domain.md §2.2, §5)."""
    if facts.grid_codes and not any(code.startswith(tenant) for code in facts.grid_codes):
        raise Refusal("assignee_out_of_district", assignee=facts.id)
    if facts.kind == UNIT:
        return
    capacities = facts.roles & TAKES_CASES
    if not capacities:
        raise Refusal("assignee_not_eligible", assignee=facts.id)
    if capacities <= VOLUNTARY and not category.member_eligible:
        raise Refusal("category_not_for_members", assignee=facts.id, category=category.code)
    if capacities <= UNION and not category.is_need:
        raise Refusal("category_not_for_union", assignee=facts.id, category=category.code)


def check_not_complained_of(facts: Known, complained_unit_id: str | None) -> None:
    """Refuses `complained_unit`: a case about a unit never goes to it or to its people (§5)."""
    if complained_unit_id in facts.units:
        raise Refusal("complained_unit", assignee=facts.id)


def check_certified(team: tuple[Known, ...], category: Category) -> None:
    """Refuses `certificate_missing`: of people alone one has to hold each licence that the work needs (§6.1)."""
    if any(one.kind == UNIT for one in team):
        return
    held = frozenset[str]().union(*(one.certificates for one in team))
    missing = sorted(set(category.certificates) - held)
    if missing:
        raise Refusal("certificate_missing", certificates=missing)
