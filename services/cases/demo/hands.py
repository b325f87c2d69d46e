"""Who takes a case: units in the order of the category, people of the grid, members who may (docs/domain.md §6.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from cases.assignment import VOLUNTARY
from cases.category import Category
from cases.demo.district import District, Person
from cases.demo.site import Site
from cases.routing import PROPERTY, Unit

WORKER, DISPATCHER, INSPECTOR = "community_worker", "dispatcher", "inspector"
BY_UNIT, BY_WORKER, BY_MEMBER = 50, 30, 20
"""Of a hundred cases that several may take, how many go to whom."""


@dataclass(frozen=True)
class Hands:
    """A team as a dispatch names it, and who of it acts: the first person, or who speaks for the unit."""

    assignees: tuple[str, ...]
    actors: tuple[str, ...]

    @property
    def lead(self) -> str:
        """Who goes there and says that it is done."""
        return self.actors[0]


class Crew:
    """Everybody who may take cases of the demo."""

    def __init__(self, district: District, chance: Random) -> None:
        self._district, self._chance = district, chance

    def some(self, kind: Category, site: Site, complained: str | None = None, besides: str = "") -> Hands:
        """Somebody who may take such a case there, who is neither complained of nor `besides`."""
        teams = {
            BY_UNIT: [*self._units(kind, site, complained)],
            BY_WORKER: [] if kind.certificates else self._workers(site),
            BY_MEMBER: self._members(kind, site),
        }
        able = {share: [each for each in found if besides not in each.actors] for share, found in teams.items()}
        open_to = [share for share, found in able.items() if found]
        return self._chance.choice(able[self._chance.choices(open_to, open_to)[0]])

    def mediator(self, kind: Category, site: Site) -> Hands:
        """Who mediates a quarrel: somebody of the grid between neighbours, else a unit's own people."""
        workers = self._workers(site) if kind.code == "0701" else []
        return self._chance.choice(workers or [*self._units(kind, site, None)])

    def unit(self, kind: Category, site: Site) -> Hands:
        """The first unit that sees to such a case there."""
        return next(self._units(kind, site, None))

    def one(self, role: str, grid_code: str, besides: str = "") -> str:
        """Somebody who has that role there, other than `besides`."""
        return self._chance.choice([id for id in self._district.working_in(role, grid_code) if id != besides])

    def resident(self, site: Site, role: str = "resident") -> str:
        """Somebody who lives in the grid, or else anybody who has that role."""
        able = self._district.having(role)
        near = [each.id for each in able if each.grid_code == site.grid_code]
        return self._chance.choice(near or [each.id for each in able])

    def _units(self, kind: Category, site: Site, complained: str | None) -> Iterator[Hands]:
        for unit in self._district.units:
            serves = unit.unit_type in kind.units and unit.serves(site.grid_code) and _manages(unit, site)
            if serves and unit.id in self._district.contacts and unit.id != complained:
                yield Hands((unit.id,), (self._district.contacts[unit.id],))

    def _workers(self, site: Site) -> list[Hands]:
        return [Hands((id,), (id,)) for id in self._district.working_in(WORKER, site.grid_code)]

    def _members(self, kind: Category, site: Site) -> list[Hands]:
        """Those who have the licences; where some are needed, somebody of the grid goes with them."""
        if not kind.member_eligible:
            return []
        if not kind.certificates:
            return self._helpers
        workers = self._workers(site)
        teams = [(id, self._chance.choice(workers).lead) for id in self._licensed(kind)]
        return [Hands(team, team) for team in teams]

    @cached_property
    def _helpers(self) -> list[Hands]:
        """Every member and volunteer alone."""
        return [Hands((each.id,), (each.id,)) for each in self._voluntary]

    @cached_property
    def _voluntary(self) -> list[Person]:
        return [each for each in self._district.people if each.caller.roles & VOLUNTARY]

    def _licensed(self, kind: Category) -> Iterator[str]:
        return (each.id for each in self._voluntary if set(kind.certificates) <= set(each.licences))


def _manages(unit: Unit, site: Site) -> bool:
    """Of property companies the one of the compound; every other unit that serves the grid."""
    return unit.unit_type != PROPERTY or unit.id == site.compound.property_company_id
