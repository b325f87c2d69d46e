"""Everything that is wrong with where a worker is said to belong and how one is reached, each fault with its field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.fault import Fault
from members.people.person import Person
from members.venues.venue import REST_STATION, Venue


@dataclass(frozen=True)
class Surroundings:
    """What the fields are held against, in these districts; None for a station or a person that there is not.

    `grid_fault` is why nobody can belong to the grid that is named, `known` those of the fields `phone` and
    `person_id` that another worker has.
    """

    districts: Collection[str]
    grid_fault: str | None = None
    station: Venue | None = None
    person: Person | None = None
    known: Collection[str] = ()


def faults(fields: Mapping[str, Any], around: Surroundings, today: date) -> list[Fault]:
    """Everything that is wrong with what is told of a worker."""
    return [*_places(fields, around, today), *_person(fields, around), *_known(around)]


def unlinked(fields: Mapping[str, Any], station: Venue | None, grid_code: str | None) -> Iterator[Fault]:
    """A new worker belongs to a grid, or to a rest station, and so to the grid that holds it: `grid_code`."""
    if not fields.get("grid_code") and not fields.get("station_id"):
        yield Fault("", "worker_unlinked")
    elif grid_code is None and station is not None:
        yield Fault("/station_id", "outside_all_grids", {"station_id": station.id})


def _places(fields: Mapping[str, Any], around: Surroundings, today: date) -> Iterator[Fault]:
    if code := around.grid_fault:
        yield Fault("/grid_code", code, {"grid_codes": [fields["grid_code"]]})
    id, station = fields.get("station_id"), around.station
    if id and (station is None or station.kind != REST_STATION):
        yield Fault("/station_id", "unknown_station", {"station_id": id})
    elif id and station is not None and not station.open_on(today):
        yield Fault("/station_id", "station_closed", {"station_id": id})


def _person(fields: Mapping[str, Any], around: Surroundings) -> Iterator[Fault]:
    id, person = fields.get("person_id"), around.person
    if not id:
        return
    here = person is not None and person.tenant in around.districts and person.active
    if person is None or not here or "rider" not in person.caller().roles:
        yield Fault("/person_id", "unknown_person", {"person_id": id})


def _known(around: Surroundings) -> Iterator[Fault]:
    for name in sorted(around.known):
        yield Fault(f"/{name}", "worker_known")
