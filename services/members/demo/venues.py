"""The demo's venues (docs/domain.md §8.2): 14 rest stations and 12 civic practice stations."""

from collections.abc import Iterator, Sequence
from datetime import date, time

from members.demo.units import committee_id, communities
from members.territory.grid import Grid
from members.venues.venue import Opening, Venue

FIRST = date(2025, 7, 1)
SQUARE = Venue(
    id="v-rest-01",
    name="广场社区红色驿站",
    kind="rest_station",
    grid_code="360704100007001",
    at=(115.0062, 25.8601),
    since=FIRST,
    hours=tuple(Opening(day, time(7), time(22)) for day in range(7)),
    facilities=frozenset({"water", "power", "microwave", "toilet", "charging", "first_aid", "wifi"}),
    capacity=30,
    manager_unit_id=committee_id("360704100007001"),
)
STATIONS = 14
ASIDE = 0.0005
"""Degrees by which a practice station stands beside the middle of its grid."""


def venues(grids: Sequence[Grid]) -> list[Venue]:
    """All of them."""
    return [SQUARE, *_rest_stations(grids), *_practice_stations(grids)]


def _rest_stations(grids: Sequence[Grid]) -> Iterator[Venue]:
    """One in the middle of each of the most populous grids that have none."""
    others = sorted((grid for grid in grids if grid.code != SQUARE.grid_code), key=lambda each: -each.population)
    for number, grid in enumerate(others[: STATIONS - 1], 2):
        yield Venue(
            id=f"v-rest-{number:02d}",
            name=f"{grid.name.partition('（')[0]}红色驿站",
            kind="rest_station",
            grid_code=grid.code,
            at=grid.middle,
            since=FIRST,
            hours=tuple(Opening(day, time(8), time(20)) for day in range(7)),
            facilities=frozenset({"water", "power", "microwave", "toilet"}),
            capacity=12,
            manager_unit_id=committee_id(grid.code),
        )


def _practice_stations(grids: Sequence[Grid]) -> Iterator[Venue]:
    """One in each community."""
    for number, held in enumerate(communities(grids).values(), 1):
        lon, lat = held[0].middle
        yield Venue(
            id=f"v-practice-{number:02d}",
            name=f"{held[0].community}新时代文明实践站",
            kind="practice_station",
            grid_code=held[0].code,
            at=(lon + ASIDE, lat),
            since=FIRST,
            hours=tuple(Opening(day, time(9), time(18)) for day in range(7)),
            facilities=frozenset({"classroom", "reading", "toilet", "water"}),
            capacity=60,
            manager_unit_id=committee_id(held[0].code),
        )
