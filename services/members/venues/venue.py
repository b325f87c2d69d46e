"""A venue: where it stands, when it is open, what is in it and who manages it; it knows no booking (§1, F50)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault
from members.area import tenant_of
from members.organisations.unit import Unit
from members.people.person import LOCAL
from members.territory.grid import Grid

REGISTERED, CHANGED, CLOSED = "venue.registered", "venue.changed", "venue.closed"

REST_STATION = "rest_station"

KINDS: Mapping[str, tuple[str, str]] = {
    REST_STATION: ("红色驿站", "rest station"),
    "practice_station": ("新时代文明实践站", "civic practice station"),
}

FACILITIES: Mapping[str, tuple[str, str]] = {
    "water": ("饮水", "drinking water"),
    "power": ("电源", "power sockets"),
    "microwave": ("微波炉", "microwave"),
    "toilet": ("卫生间", "toilet"),
    "charging": ("充电桩", "charging for vehicles"),
    "first_aid": ("急救箱", "first aid"),
    "aircon": ("空调", "air conditioning"),
    "wifi": ("无线网络", "Wi-Fi"),
    "reading": ("图书", "reading corner"),
    "stage": ("舞台", "stage"),
    "classroom": ("教室", "classroom"),
    "accessible": ("无障碍", "step-free access"),
}
"""What may be in a venue, in both languages."""

MOST_CAPACITY = 10_000


@dataclass(frozen=True)
class Opening:
    """A weekly span: weekday (Monday is 0), from, until (excluded), on the wall clock; 00:00 as its end is midnight."""

    weekday: int
    start: time
    end: time

    @property
    def last(self) -> time:
        """The end for comparing: midnight is the latest."""
        return self.end if self.end != time() else time.max

    def meets(self, other: "Opening") -> bool:
        """Whether both are of one day and overlap."""
        return self.weekday == other.weekday and self.start < other.last and other.start < self.last


@dataclass(frozen=True)
class Venue:
    """One venue; it stands where it was registered, from `since`, included, until `until`, excluded.

    One that moves is closed and registered anew, so that what is asked of a past day finds it where it was.
    `code_edition` counts how often the code on its wall was made anew.
    """

    id: str
    name: str
    kind: str
    grid_code: str
    at: tuple[float, float]
    since: date
    hours: tuple[Opening, ...] = ()
    facilities: frozenset[str] = frozenset()
    capacity: int | None = None
    manager_unit_id: str | None = None
    until: date | None = None
    code_edition: int = 0

    def open_on(self, day: date) -> bool:
        """Whether there is such a venue on the day, whatever its hours."""
        return self.since <= day and (self.until is None or day < self.until)


def faults(venue: Venue, grid: Grid | None, manager: Unit | None, *, new: bool) -> list[Fault]:
    """Everything that is wrong with a venue; `manager` is the unit that it names, None where there is none.

    A `new` one begins on a day on which its grid is in force.
    """
    return [*_place(venue, grid, new=new), *_hours(venue.hours), *_manager(venue, manager)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _place(venue: Venue, grid: Grid | None, *, new: bool) -> Iterator[Fault]:
    if grid is None:
        yield Fault("/grid_code", "unknown_grid", {"grid_codes": [venue.grid_code]})
        return
    if new and not grid.open_at(_midnight(venue.since)):
        yield Fault("/grid_code", "grid_closed", {"grid_codes": [venue.grid_code]})
    if not grid.holds(*venue.at):
        yield Fault("/location", "outside_its_grid")


def _hours(hours: Iterable[Opening]) -> Iterator[Fault]:
    seen: list[Opening] = []
    for n, each in enumerate(hours):
        if each.last <= each.start:
            yield Fault(f"/hours/{n}", "closes_before_it_opens")
        elif any(each.meets(other) for other in seen):
            yield Fault(f"/hours/{n}", "hours_overlap")
        seen.append(each)


def _manager(venue: Venue, manager: Unit | None) -> Iterator[Fault]:
    if venue.manager_unit_id is not None and (manager is None or manager.tenant != tenant_of(venue.grid_code)):
        yield Fault("/manager_unit_id", "unknown_unit", {"unit_id": venue.manager_unit_id})


CHANGEABLE = ("name", "hours", "facilities", "capacity", "manager_unit_id")
"""What may be told anew of a venue."""


def changed(venue: Venue, fields: Mapping[str, Any]) -> Venue:
    """The venue with what is told anew; refuses `venue_closed` and `nothing_changed`."""
    if venue.until is not None:
        raise Refusal("venue_closed")
    after = replace(venue, **fields)
    if after == venue:
        raise Refusal("nothing_changed")
    return after


def closed(venue: Venue, on: date) -> Venue:
    """The venue when it is not there on that day any more; refuses `venue_closed` and `venue_closes_too_early`."""
    if venue.until is not None and venue.until <= on:
        raise Refusal("venue_closed")
    if on < venue.since:
        raise Refusal("venue_closes_too_early")
    return replace(venue, until=on)


def shown(venue: Venue) -> dict[str, Any]:
    """The venue as everybody of the district may see it."""
    lon, lat = venue.at
    return {
        "venue_id": venue.id,
        "name": venue.name,
        "kind": venue.kind,
        "grid_code": venue.grid_code,
        "location": {"lon": lon, "lat": lat, "crs": "WGS84"},
        "hours": [
            {"weekday": each.weekday, "start": f"{each.start:%H:%M}", "end": f"{each.end:%H:%M}"}
            for each in venue.hours
        ],
        "facilities": sorted(venue.facilities),
        "capacity": venue.capacity,
        "manager_unit_id": venue.manager_unit_id,
        "since": venue.since.isoformat(),
        "until": venue.until.isoformat() if venue.until else None,
    }
