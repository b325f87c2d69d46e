"""The whole demo district from one seed: the same data on every machine (docs/domain.md §8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from members.buildings.building import Building
from members.demo import plots, staffing, territory
from members.demo.cast import cast
from members.demo.census import Census, census
from members.demo.enrolment import Enrolment, name, phone
from members.demo.riders import riders
from members.demo.staff import staff
from members.demo.units import units
from members.demo.venues import venues
from members.demo.volunteering import volunteering
from members.organisations.unit import Unit
from members.party_groups.party_group import PartyGroup
from members.posts.post import Post
from members.territory.area import Area
from members.territory.compound import Compound
from members.territory.grid import Grid
from members.venues.venue import Venue

SEED = 360704
FIRST_NUMBER = 101
"""Smaller running numbers are the cast's."""


@dataclass(frozen=True)
class District:
    """Everything that the demo loads; `grids` are the service grids."""

    areas: Sequence[Area]
    grids: Sequence[Grid]
    base_grids: Sequence[Grid]
    compounds: Sequence[Compound]
    buildings: Sequence[Building]
    units: Sequence[Unit]
    people: Sequence[Enrolment]
    census: Census
    posts: Sequence[Post]
    party_groups: Sequence[PartyGroup]
    venues: Sequence[Venue]


def district(seed: int = SEED) -> District:
    """The demo district that the seed makes."""
    grids = territory.service_grids()
    compounds = territory.compounds(grids, Random(f"{seed} compounds"))  # noqa: S311 - data, no secret
    organised = units(grids, compounds)
    people = list(_people(grids, compounds, organised, Random(f"{seed} people")))  # noqa: S311 - data, no secret
    accounts = {each.person.id for each in people}
    counted = census(grids, accounts, Random(f"{seed} census"))  # noqa: S311 - data, no secret
    return District(
        territory.areas(grids),
        grids,
        plots.base_grids(grids),
        compounds,
        plots.buildings(compounds, territory.OPENED),
        organised,
        people,
        counted,
        staffing.posts(people),
        staffing.party_groups(grids, people),
        venues(grids),
    )


def _people(
    grids: Sequence[Grid], compounds: Sequence[Compound], organised: Sequence[Unit], chance: Random
) -> Iterator[Enrolment]:
    """The cast, staff with their logins, and everybody else with a phone."""
    known = cast(compounds)
    yield from known
    numbers = count(FIRST_NUMBER)
    for person, login in staff(grids, compounds, organised, known, chance):
        number = next(numbers)
        yield Enrolment(replace(person, name=name(number)), phone(number), login)
    for person in volunteering(compounds, known, chance):
        number = next(numbers)
        yield Enrolment(replace(person, name=name(number)), phone(number))
    for rider in riders(compounds, chance):
        number = next(numbers)
        yield Enrolment(replace(rider, name=name(number)), phone(number))
