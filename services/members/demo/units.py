"""The demo district's organisations (docs/domain.md §8.2): one bureau of each kind, and those of each community."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

from members.area import community_of, tenant_of
from members.demo.enterprises import enterprises
from members.demo.territory import COMPANIES, OPENED, company_id, party_id
from members.organisations.tie import Tie
from members.organisations.unit import UNIT_TYPES, Unit
from members.territory.compound import Compound
from members.territory.grid import Grid

CO_BUILDING_UNITS = 64
REPORTING_UNITS = 92

MANY = frozenset(
    {"CO_BUILDING", "COMMUNITY", "ENTERPRISE", "PROPERTY", "REPORTING_UNIT", "SOCIAL_ORG", "VOLUNTEER_TEAM"}
)
"""Kinds of which there are many; of every other the district has one."""


def units(grids: Sequence[Grid], compounds: Sequence[Compound]) -> list[Unit]:
    """Every organisation of the district."""
    tenant = tenant_of(grids[0].code)
    organised = [
        *_bureaus(tenant, grids),
        *_of_communities(tenant, grids),
        *_property_companies(tenant, compounds),
        *_co_building(tenant, grids),
        *_reporting(tenant, grids),
        *enterprises(tenant, grids),
    ]
    return [replace(unit, ties=tuple(Tie(code, OPENED) for code in unit.grid_codes)) for unit in organised]


def bureau_id(unit_type: str) -> str:
    """The id of the one unit of its kind."""
    return f"u-{unit_type.lower().replace('_', '-')}"


def committee_id(grid_code: str) -> str:
    """The id of the committee of the grid's community."""
    return f"u-community-{grid_code[10:12]}"


def reporting_id(number: int) -> str:
    """The id of a unit registered with a community, counted from 1."""
    return f"u-reporting-{number:02d}"


def communities(grids: Sequence[Grid]) -> Mapping[str, list[Grid]]:
    """The grids of each community, by its code."""
    found: dict[str, list[Grid]] = {}
    for grid in grids:
        found.setdefault(community_of(grid.code), []).append(grid)
    return found


def _bureaus(tenant: str, grids: Sequence[Grid]) -> Iterator[Unit]:
    everywhere = tuple(grid.code for grid in grids)
    for unit_type in sorted(set(UNIT_TYPES) - MANY):
        yield Unit(bureau_id(unit_type), tenant, f"赣县区{UNIT_TYPES[unit_type][0]}", unit_type, everywhere)


def _of_communities(tenant: str, grids: Sequence[Grid]) -> Iterator[Unit]:
    for code, held in communities(grids).items():
        name, codes = held[0].community, tuple(grid.code for grid in held)
        yield Unit(committee_id(code), tenant, f"{name}居委会", "COMMUNITY", codes)
        yield Unit(f"u-volunteers-{code[10:]}", tenant, f"{name}志愿服务队", "VOLUNTEER_TEAM", codes)
        yield Unit(party_id(code), tenant, f"{name}党委", "PARTY_ORG", codes)


def _property_companies(tenant: str, compounds: Sequence[Compound]) -> Iterator[Unit]:
    for number in range(1, COMPANIES + 1):
        id = company_id(number)
        codes = {compound.grid_code for compound in compounds if compound.property_company_id == id}
        yield Unit(id, tenant, f"测试物业{number:02d}公司", "PROPERTY", tuple(sorted(codes)))


def _co_building(tenant: str, grids: Sequence[Grid]) -> Iterator[Unit]:
    for number, grid in enumerate(islice(cycle(grids), CO_BUILDING_UNITS), 1):
        name = f"测试共建单位{number:02d}"
        yield Unit(f"u-co-building-{number:02d}", tenant, name, "CO_BUILDING", (grid.code,))


def _reporting(tenant: str, grids: Sequence[Grid]) -> Iterator[Unit]:
    turns = cycle(communities(grids).values())
    for number, held in enumerate(islice(turns, REPORTING_UNITS), 1):
        codes = tuple(grid.code for grid in held)
        yield Unit(reporting_id(number), tenant, f"测试报到单位{number:02d}", "REPORTING_UNIT", codes)
