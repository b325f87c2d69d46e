"""The demo district's grids, read from the map file, and its compounds (docs/domain.md §8.1, §8.2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from members.area import TOWN_DIGITS, community_of, tenant_of
from members.territory.area import Area, Outline
from members.territory.compound import Compound, standing
from members.territory.grid import Grid, Level

MAP = Path(__file__).parent.parent / "data" / "grids.geojson"
OPENED = datetime(2025, 6, 30, 16, tzinfo=UTC)
"""Midnight of 2025-07-01 in Asia/Shanghai, the first day of the demo period."""

COMPOUNDS = 140
UNMANAGED = 38
COMPANIES = 24
PARTY, UNION = "u-party-org", "u-union"
"""The district's Party organisation and its trade union federation, which guide the two lines."""

MARGIN = 0.0005
"""Degrees that compounds keep from the border of their grid, about 50 m."""

WORDS = ("安居", "和顺", "锦绣", "福泽", "春晖", "明月", "书香", "梧桐", "荷塘")
PEOPLE_A_HOUSEHOLD = 3.2
HOUSEHOLDS_A_BUILDING = 50
OLD_AND_MANAGED = 0.2

DONGYUAN = Compound(
    id="c-dongyuan",
    name="东源胜景小区",
    grid_code="360704100002001",
    at=(115.0058, 25.8672),
    is_old=True,
    buildings=6,
    households=312,
)
"""The compound of the street lamp (docs/domain.md §8.4)."""


def service_grids() -> list[Grid]:
    """The 18 service grids, in the order of the map."""
    features = json.loads(MAP.read_text(encoding="utf-8"))["features"]
    return [_grid(feature) for feature in features]


def areas(grids: Sequence[Grid]) -> list[Area]:
    """The district, its agency and the 12 communities, each with its Party organisation and the union."""
    communities = {community_of(grid.code): grid.community for grid in grids}
    agency = next(iter(communities))[:TOWN_DIGITS]
    return [
        Area(tenant_of(agency), "赣县区", OPENED, None, PARTY, UNION),
        Area(agency, "城市社区管委会", OPENED, None, PARTY, UNION).outlined(_around(grids), OPENED),
        *(Area(code, name, OPENED, None, party_id(code), UNION) for code, name in communities.items()),
    ]


def _around(grids: Sequence[Grid]) -> Outline:
    """The rectangle that the squares of the map fill."""
    lons, lats = zip(*(point for grid in grids for point in grid.ring), strict=True)
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    return Outline((((west, south), (east, south), (east, north), (west, north), (west, south)),))


def party_id(community: str) -> str:
    """The id of the Party organisation of a community."""
    return f"{PARTY}-{community[10:12]}"


def compounds(grids: Sequence[Grid], chance: Random) -> list[Compound]:
    """140 compounds, more in the populous grids, 38 of them without property management."""
    sites = [(grid, number) for grid in grids for number in range(_share(grid, grids))]
    sites = [(grid, number) for grid, number in sites if (grid.code, number) != (DONGYUAN.grid_code, 0)]
    unmanaged = set(chance.sample(range(len(sites)), UNMANAGED - 1))
    built = [_compound(grid, number, chance) for grid, number in sites]
    found = [DONGYUAN, *(each if n in unmanaged else _managed(each, n, chance) for n, each in enumerate(built))]
    return [standing(_fallen_back(each), OPENED) for each in found]


def company_id(number: int) -> str:
    """The id of a property company, counted from 1."""
    return f"u-property-{number:02d}"


def _share(grid: Grid, grids: Sequence[Grid]) -> int:
    """How many compounds the grid has: the same everywhere, and what is left over goes to the populous."""
    each, left = divmod(COMPOUNDS, len(grids))
    by_size = sorted(grids, key=lambda other: (-other.population, other.code))
    return each + (by_size.index(grid) < left)


def _compound(grid: Grid, number: int, chance: Random) -> Compound:
    """An unmanaged, old compound somewhere within the grid."""
    (west, south), (east, north) = grid.ring[0], grid.ring[2]
    lon, lat = chance.uniform(west + MARGIN, east - MARGIN), chance.uniform(south + MARGIN, north - MARGIN)
    households = round(grid.population / PEOPLE_A_HOUSEHOLD / len(WORDS) * chance.uniform(0.7, 1.3))
    return Compound(
        id=f"c-{grid.code[9:]}-{number + 1}",
        name=f"{_area(grid)}{WORDS[number]}小区",
        grid_code=grid.code,
        at=(round(lon, 5), round(lat, 5)),
        is_old=True,
        buildings=max(1, round(households / HOUSEHOLDS_A_BUILDING)),
        households=households,
    )


def _managed(compound: Compound, number: int, chance: Random) -> Compound:
    """The compound with a property company; every company gets its turn, and few of these compounds are old."""
    company = company_id(number % COMPANIES + 1)
    return replace(compound, property_company_id=company, is_old=chance.random() < OLD_AND_MANAGED)


def _fallen_back(compound: Compound) -> Compound:
    """Where nobody manages a compound, the committee of its community sees to repairs."""
    if compound.has_property_mgmt:
        return compound
    return replace(compound, fallback_unit_id=f"u-community-{compound.grid_code[10:12]}")


def _area(grid: Grid) -> str:
    """The part of the town: 北门 of 城北社区第一网格（北门片）."""
    return grid.name.partition("（")[2].removesuffix("片）").removesuffix("胜景")


def _grid(feature: Mapping[str, Any]) -> Grid:
    facts = feature["properties"]
    return Grid(
        code=facts["grid_code"],
        name=facts["name"],
        community=facts["community"],
        level=Level(facts["level"]),
        ring=tuple((lon, lat) for lon, lat in feature["geometry"]["coordinates"][0]),
        opened=OPENED,
        population=facts["population"],
    )
