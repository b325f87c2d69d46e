"""Staff of the demo: people on the grids, in the offices and at the units' desks (docs/domain.md §8.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from itertools import cycle, islice
from random import Random

from chassis.caller import Grant
from members.demo.cast import AUTHORITY, TENANT, lives_in
from members.demo.enrolment import Enrolment
from members.demo.units import bureau_id, committee_id
from members.organisations.unit import Unit
from members.people.person import FreeTime, Person
from members.territory.compound import Compound
from members.territory.grid import Grid

WORKERS = 132
ON_DUTY = tuple(FreeTime(day, time(8), time(18)) for day in range(5))

COLLEAGUES = (
    *[("dispatcher", AUTHORITY)] * 3,
    *[("inspector", AUTHORITY)] * 5,
    ("party_office", TENANT),
    ("district_admin", TENANT),
)
"""Posts in the offices besides the cast's."""

Post = tuple[Person, str]
"""Somebody whose name is still to be given, and their login."""


def staff(
    grids: Sequence[Grid],
    compounds: Sequence[Compound],
    units: Sequence[Unit],
    cast: Sequence[Enrolment],
    chance: Random,
) -> Iterator[Post]:
    """Everybody on duty but the cast, so that the counts hold with it."""
    yield from _union(grids)
    yield from _workers(grids, compounds, WORKERS - len(holders(cast, "community_worker")), chance)
    yield from _offices()
    yield from _contacts(units, holders(cast, "unit_contact"))


def holders(cast: Sequence[Enrolment], role: str) -> list[Person]:
    """Those of the cast who hold the role."""
    return [each.person for each in cast if any(grant.role == role for grant in each.person.grants)]


def _union(grids: Sequence[Grid]) -> Iterator[Post]:
    """One union leader and one union cadre for each grid."""
    for number, grid in enumerate(grids, 1):
        yield _post(f"union-leader-{number:02d}", "union_leader", grid.code, bureau_id("UNION"))
        yield _post(f"union-cadre-{number:02d}", "union_cadre", grid.code, bureau_id("UNION"))


def _workers(grids: Sequence[Grid], compounds: Sequence[Compound], number: int, chance: Random) -> Iterator[Post]:
    """Community workers, as evenly spread over the grids as their number allows."""
    for n, grid in enumerate(islice(cycle(grids), number), 1):
        worker, login = _post(f"worker-{n:03d}", "community_worker", grid.code, committee_id(grid.code))
        home = chance.choice([compound for compound in compounds if compound.grid_code == grid.code])
        yield replace(worker, home=lives_in(home), free_times=ON_DUTY), login


def _offices() -> Iterator[Post]:
    for number, (role, scope) in enumerate(COLLEAGUES, 1):
        id = f"{role.replace('_', '-')}-{number:02d}"
        yield _post(id, role, scope, bureau_id("URBAN_COMMUNITY_ADMIN"))


def _contacts(units: Sequence[Unit], known: Sequence[Person]) -> Iterator[Post]:
    """One contact for each unit that handles cases and has none yet."""
    served = {person.unit_id for person in known}
    for unit in units:
        if unit.unit_type not in {"CO_BUILDING", "REPORTING_UNIT"} and unit.id not in served:
            yield _post(f"contact-{unit.id.removeprefix('u-')}", "unit_contact", TENANT, unit.id)


def _post(login: str, role: str, scope: str, unit_id: str) -> Post:
    return Person(f"p-{login}", TENANT, "", (Grant(role, scope),), unit_id=unit_id), login
