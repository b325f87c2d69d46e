"""The entrypoints that close a grid which none follows, and a venue: only what nothing is in any more."""

from typing import Any

from chassis.desk import Desk
from chassis.ids import new_id
from chassis.outbox import Entry
from chassis.records import Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from members.activities.store import ActivityStore
from members.area import tenant_of
from members.bookings.booking import Booking
from members.bookings.store import BookingStore
from members.changing import known
from members.closings import closing, vacating
from members.closings.gathering import Sources, held
from members.closings.schemas import ClosingSchema
from members.drawing.store import DrawingStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.permission import role_in, tenants
from members.posts.store import PostStore
from members.series.store import SeriesStore
from members.territory.grid import CLOSED
from members.territory.store import TerritoryStore
from members.venues import venue
from members.venues.hours import midnight
from members.venues.schemas import CloseVenueSchema
from members.venues.store import VenueStore, told
from members.workers.store import WorkerStore

Answer = dict[str, Any]


class ClosingDesk(Desk):
    """Closes grids without successors (with successors, `drawing` does), and venues (docs/domain.md)."""

    territory: TerritoryStore
    drawings: DrawingStore
    organisations: UnitStore
    people: PeopleStore
    posts: PostStore
    party_groups: PartyGroupStore
    venues_kept: VenueStore
    workers_kept: WorkerStore
    activities_kept: ActivityStore
    series_kept: SeriesStore
    bookings_kept: BookingStore

    @rpc
    def close_grid(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Close an empty grid, now or at a moment to come: the receipt, with `grid_code` and `to`.

        Refuses `invalid`, `grid_not_found`, `not_permitted`, `grid_closed`, `closing_too_early`, `command_id_reused`,
        `busy_try_again`, and `grid_not_empty` with all that is still in it, each kind with its number and ids.
        """
        given, asked = load(ClosingSchema(), body), self._asked(caller, command_id, body)
        code, at = given["grid_code"], given["at"] or asked.now
        sources = Sources(
            self.territory,
            self.drawings,
            self.organisations,
            self.people,
            self.posts,
            self.party_groups,
            self.venues_kept,
            self.workers_kept,
            self.activities_kept,
            self.series_kept,
        )

        def decide() -> tuple[str, str, Answer, list[Writing]]:
            # The grid is read first: a compound that comes afterwards changes its version.
            found = self.territory.grids.versioned(code, tenants(asked.caller))
            grid, version = known(found, "grid_not_found", grid_code=code)
            role = role_in(asked.caller, "redraw_grids", code)
            after = closing.closed(grid, at, asked.now, held(sources, code, at))
            announced = self.territory.grids.announcement(after)
            entry = Entry(new_id(), CLOSED, asked.now, announced, by={"id": asked.caller.id, "role": role})
            told = {"grid_code": code, "to": announced["to"]}
            return tenant_of(code), role, told, [self.territory.grids.rewriting(after, version, entry)]

        return self.drawings.draw(asked, decide)

    @rpc
    def close_venue(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Close a venue from a day on: the receipt.

        Refuses `invalid`, `venue_not_found`, `not_permitted`, `venue_closed`, `venue_closes_too_early`, and
        `venue_in_use` with all that is booked in it then or later.
        """
        given, asked = load(CloseVenueSchema(), body), self._asked(caller, command_id, body)
        records = self.venues_kept.records

        def once() -> Answer:
            kept = self.venues_kept.one(given["venue_id"], tenants(asked.caller))
            if answer := records.answered(asked):
                return answer
            role = role_in(asked.caller, "keep_venue", kept.item.grid_code)
            after = venue.closed(kept.item, given["on"])
            closing_ = records.changing(asked, kept, told(after, venue.CLOSED, role))
            return self.bookings_kept.written_unless(closing_, kept.id, midnight(given["on"]), self._check_free)

        return again_when_stale(once)

    def _check_free(self, booked: list[Booking]) -> None:
        ids = [each.activity_id for each in booked if each.activity_id]
        vacating.check_free(vacating.having(booked, self.activities_kept.titles(ids)))
