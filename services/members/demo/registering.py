"""Dual registration in the demo: the reporting units and their active members, with slips, points, and one rule."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from members.area import community_of
from members.demo.district import District
from members.demo.territory import OPENED
from members.demo.units import reporting_id
from members.organisations.unit import Unit
from members.people.person import LOCAL, Person
from members.policies.policy import Metric, Policy, Terms
from members.policies.span import Period
from members.registrations.rate import OBLIGED
from members.registrations.registration import POSTS, Kind, Registration, Status, slip_number
from members.service_points.entry import PointsEntry

REGISTERED_UNITS = 89
"""Of the 92 reporting units; the last three have not registered yet, so that a check finds somebody."""

SERVED = 0.4
"""Which part of the members has points."""

OFFICE = "p-party-office"
MEMBER = "in_service_member"


def registrations(demo: District) -> list[Registration]:
    """The registrations of the units and of every active member in service, in the order of their slips."""
    places: dict[str, Iterator[int]] = {}
    units = [unit for unit in demo.units if unit.unit_type == OBLIGED][:REGISTERED_UNITS]
    people = [each.person for each in demo.people if _registers(each.person)]
    return [*(_of_unit(unit, places) for unit in units), *(_of_member(person, places) for person in people)]


def points(registered: Sequence[Registration], tenant: str, seed: int) -> list[PointsEntry]:
    """Points of some of the registered members, one or two services each."""
    chance = Random(f"{seed} points")  # noqa: S311 - data, no secret
    members = [each for each in registered if each.kind is Kind.MEMBER and chance.random() < SERVED]
    return [_entry(each, number, chance, tenant) for each in members for number in range(1, chance.randint(2, 3))]


def policy(tenant: str) -> Policy:
    """The one rule of the demo: twelve points a year."""
    year = OPENED.astimezone(LOCAL).year
    terms = Terms(1, 12, "not_eligible_for_excellent", date(year, 1, 1), None, OFFICE, OPENED)
    return Policy(tenant, Metric.POINTS, Period.YEAR, (terms,))


def _registers(person: Person) -> bool:
    in_service = any(grant.role == MEMBER for grant in person.grants)
    return in_service and person.active and person.registered_with is not None and person.unit_id is not None


def _of_unit(unit: Unit, places: dict[str, Iterator[int]]) -> Registration:
    return _accepted(f"r-{unit.id}", Kind.UNIT, unit.id, None, community_of(unit.grid_codes[0]), places)


def _of_member(person: Person, places: dict[str, Iterator[int]]) -> Registration:
    return _accepted(
        f"r-{person.id}",
        Kind.MEMBER,
        person.unit_id or reporting_id(1),
        person.id,
        person.registered_with or "",
        places,
    )


def _accepted(
    id: str, kind: Kind, unit_id: str, person_id: str | None, community: str, places: dict[str, Iterator[int]]
) -> Registration:
    opened = OPENED.astimezone(LOCAL).date()
    place = next(places.setdefault(community, count(1)))
    return Registration(
        id=id,
        kind=kind,
        unit_id=unit_id,
        person_id=person_id,
        community=community,
        signed_on=opened,
        submitted_on=opened,
        submitted_by=OFFICE,
        status=Status.RETURNED,
        basis="chosen" if kind is Kind.UNIT else "home",
        posts=(list(POSTS)[place % len(POSTS)],),
        slip=slip_number(community, opened.year, place),
        accepted_on=opened,
    )


def _entry(of: Registration, number: int, chance: Random, tenant: str) -> PointsEntry:
    on = OPENED + timedelta(days=chance.randint(1, 260))
    return PointsEntry(
        id=f"{of.id}-{number}",
        person_id=of.subject,
        community=of.community,
        on=on.astimezone(LOCAL).date(),
        kind=of.posts[0],
        points=1,
        source=f"demo:{of.id}-{number}",
        recorded_by=OFFICE,
        recorded_at=_evening(on),
        policy=(policy(tenant).id, 1),
    )


def _evening(on: datetime) -> datetime:
    return on + timedelta(hours=19)
