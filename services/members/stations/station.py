"""A rest station in use: what says that somebody stands before it, and how it is shown by distance (F10, F11)."""

import hmac
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written
from members.venues.venue import REST_STATION, Venue, shown

CODE_LETTERS = 20
"""Of the code on a station's wall: 80 bits, which nobody guesses."""


def code(key: bytes, station_id: str) -> str:
    """What the station's code on the wall says: whoever shows it has seen it there."""
    return hmac.new(key, station_id.encode(), sha256).hexdigest()[:CODE_LETTERS]


def check_code(key: bytes, station_id: str, shown_code: str) -> None:
    """Refuses `wrong_station_code` for what is not the code of this station."""
    if not hmac.compare_digest(code(key, station_id).encode(), shown_code.encode()):
        raise Refusal("wrong_station_code")


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
