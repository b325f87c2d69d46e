"""Uses of the demo's rest stations (docs/domain.md §8.2, F11, F13), nameless, and who agreed to be counted."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from members.demo.thursdays import FIRST, LAST, ORGANISER
from members.demo.venues import SQUARE
from members.people.person import LOCAL, Person
from members.policies.span import Span, span
from members.service_points.entry import PointsEntry
from members.stations.station import use_id
from members.stations.store import Guest, Use
from members.venues.venue import REST_STATION, Venue

QUARTERS = {"2025Q3": (96, 11), "2025Q4": (110, 14), "2026Q1": (120, 18)}
"""How many agreed to be counted in a quarter, and how many of them served later in it (F13)."""

USES, USES_AT_THE_SQUARE = (0, 5), (4, 16)
"""Of a day at one station."""

AT_THE_SQUARE = 20
"""How many times as many come to the station at the square as to another."""

FIRST_VISITS = 45
"""Within so many days of a quarter everybody comes for the first time who comes in it."""

SAFETY = "safety"
EVENING = time(19)
TEXT_VERSION = "2025-07"
ONE_DAY = timedelta(days=1)


def uses(venues: Sequence[Venue], chance: Random, today: date) -> list[Use]:
    """Every use of the demo period before today."""
    stations = [venue for venue in venues if venue.kind == REST_STATION]
    every = (use for station in stations for day in _days(FIRST, LAST) for use in _uses(station, day, chance))
    return [use for use in every if use.day < today]


def guests(people: Sequence[Person], venues: Sequence[Venue], chance: Random) -> list[Guest]:
    """Riders, and volunteers who rest there too: as many in each quarter as agreed to be counted, most at one place.

    `people` are those who come to no Thursday, who would have served by that alone.
    """
    stations = [venue.grid_code for venue in venues if venue.kind == REST_STATION]
    weights = [AT_THE_SQUARE if code == SQUARE.grid_code else 1 for code in stations]
    resting = [each.id for each in (*_holding("rider", people), *_holding("volunteer", people))]
    found: list[Guest] = []
    for name, (used, _) in QUARTERS.items():
        for id, code in zip(resting[:used], chance.choices(stations, weights, k=used), strict=True):
            day = span(name).first + timedelta(days=chance.randint(0, FIRST_VISITS))
            at = datetime.combine(day, EVENING, LOCAL)
            found.append(Guest(id, code, name, day, TEXT_VERSION, at))
    return found


def served(
    came: Sequence[Guest], people: Sequence[Person], policy: tuple[str, int], chance: Random
) -> list[PointsEntry]:
    """The points of those who helped to keep their quarter safe after they had used its stations."""
    community = {each.id: each.registered_with or "" for each in people}
    found: list[PointsEntry] = []
    for name, (_, serving) in QUARTERS.items():
        of_quarter = [each for each in came if each.quarter == name]
        came_back = chance.sample(of_quarter, serving)
        found += (_points(each, community[each.person_id], span(name), policy, chance) for each in came_back)
    return found


def _holding(role: str, people: Sequence[Person]) -> Iterator[Person]:
    """Those who are residents and nothing else besides."""
    return (each for each in people if {grant.role for grant in each.grants} == {"resident", role})


def _uses(station: Venue, day: date, chance: Random) -> Iterator[Use]:
    for n in range(chance.randint(*(USES_AT_THE_SQUARE if station.id == SQUARE.id else USES))):
        yield Use(use_id(station.id, f"demo {day.isoformat()} {n}"), station.id, station.grid_code, day)


def _points(guest: Guest, community: str, quarter: Span, policy: tuple[str, int], chance: Random) -> PointsEntry:
    on = guest.day + timedelta(days=chance.randint(1, (quarter.last - guest.day).days))
    id = f"pt-{guest.person_id}-{quarter.name}"
    at = datetime.combine(on, EVENING, LOCAL)
    return PointsEntry(id, guest.person_id, community, on, SAFETY, 1, f"demo:{id}", ORGANISER, at, policy=policy)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * ONE_DAY for n in range((last - first).days + 1))
