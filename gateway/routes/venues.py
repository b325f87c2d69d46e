"""Venues: rest stations and civic practice stations, as they are registered."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.staffing import Ending
from gateway.schemas.venues import NewVenue, VenueChange, VenueList, VenueQuery, VenueReceipt, VenueView

STATION = {
    "name": "广场社区红色驿站",
    "kind": "rest_station",
    "grid_code": "360704100007001",
    "location": {"lon": 115.0062, "lat": 25.8601},
    "hours": [{"weekday": 0, "start": "08:00", "end": "20:00"}],
    "facilities": ["water", "power", "microwave", "toilet"],
    "capacity": 20,
    "since": "2025-07-01",
}

routes = Operations("venues", "Rest stations and civic practice stations.")


@routes.does("/venues", VenueReceipt, status=201, takes=NewVenue(), examples=STATION)
def register_venue(body: dict[str, Any]) -> Response:
    """Enter a venue; everything that is wrong is named at once."""
    receipt = ask().members.register_venue(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("venues.venue", venue_id=receipt["venue_id"])})


@routes.reads("/venues", VenueList, query=VenueQuery)
def venues(query: dict[str, Any]) -> Response:
    """The venues of the caller's districts, by grid."""
    found = ask().members.venues(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/venues/<venue_id>", VenueView)
def venue(venue_id: str) -> Response:
    """One venue."""
    return readable(ask().members.venue(caller=identity().caller, venue_id=venue_id))


@routes.operation(
    "PATCH",
    "/venues/<venue_id>",
    VenueReceipt,
    takes=VenueChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"facilities": ["water", "power", "charging"]},
    errors=(409,),
)
def change_venue(body: dict[str, Any], venue_id: str) -> Response:
    """Tell something anew of a venue."""
    return answer(ask().members.change_venue(**command(), venue_id=venue_id, **body))


@routes.does("/venues/<venue_id>/close", VenueReceipt, takes=Ending(), examples={"on": "2026-04-01"}, errors=(409,))
def close_venue(body: dict[str, Any], venue_id: str) -> Response:
    """Close a venue; `on` is the first day on which it is not there.

    Where it is booked then or later, `errors` names how many bookings, activities and series there are, and which.
    """
    return answer(ask().members.close_venue(**command(), venue_id=venue_id, **body))
