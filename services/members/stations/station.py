"""A rest station in use: what says that somebody stands before it, and how it is shown by distance (F10, F11)."""

import hmac
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written
from members.venues.venue import REST_STATION, Venue, shown

CODE_LETTERS = 20
"""Of the code on a station's wall: 80 bits, which nobody guesses."""


CODE_RENEWED = "venue.code_renewed"

MOST_EDITIONS = 1_000
"""So often a station's code is made anew: a code that is shown is held against every one before it."""


def code(key: bytes, station_id: str, edition: int) -> str:
    """What the station's code on the wall says, as it was made the last time: whoever shows it has seen it there."""
    named = f"{station_id}\0{edition}" if edition else station_id
    return hmac.new(key, named.encode(), sha256).hexdigest()[:CODE_LETTERS]


def check_code(key: bytes, station: Venue, shown_code: str) -> None:
    """Refuses `wrong_station_code` for what is not a code of this station, `station_code_replaced` for an older one."""
    for edition in range(station.code_edition, -1, -1):
        if hmac.compare_digest(code(key, station.id, edition).encode(), shown_code.encode()):
            if edition != station.code_edition:
                raise Refusal("station_code_replaced")
            return
    raise Refusal("wrong_station_code")


def with_new_code(venue: Venue) -> Venue:
    """The station with another code; refuses `station_not_found` for what is none, and `too_many_station_codes`."""
    if station(venue).code_edition >= MOST_EDITIONS:
        raise Refusal("too_many_station_codes")
    return replace(venue, code_edition=venue.code_edition + 1)


def use_id(station_id: str, command_id: str) -> str:
    """Under which one use is counted, however often it is told; it leads back to nobody."""
    return sha256(f"{station_id}\0{command_id}".encode()).hexdigest()[:32]


def station(venue: Venue | None) -> Venue:
    """The venue that was found; refuses `station_not_found` where there is none, or one of another kind."""
    if venue is None or venue.kind != REST_STATION:
        raise Refusal("station_not_found")
    return venue


def check_there(venue: Venue, day: date) -> None:
    """Refuses `venue_closed` for a station that is not there on that day, whatever its hours."""
    if not venue.open_on(day):
        raise Refusal("venue_closed")


def nearby(venue: Venue, metres: float, until: datetime) -> dict[str, Any]:
    """The station as somebody who looks for one sees it; `until` is when it closes."""
    facts = shown(venue)
    names = ("name", "grid_code", "location", "facilities", "hours")
    return {
        "station_id": venue.id,
        **{name: facts[name] for name in names},
        "metres": round(metres),
        "open_until": written(until),
    }
