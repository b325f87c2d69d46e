"""The entrypoints of venues: registering and changing them, and which there are; `closings` closes them."""

from typing import Any

from chassis.caller import Caller
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.fault import check
from chassis.ids import new_id
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.organisations.store import UnitStore
from members.permission import permit, role_in, tenants
from members.posts.post import local_day
from members.territory.store import TerritoryStore
from members.venues import venue as rules
from members.venues.schemas import ChangeVenueSchema, VenueIdSchema, VenuePageSchema, VenueSchema
from members.venues.store import VenueStore, told
from members.venues.venue import CHANGED, REGISTERED, Venue

Answer = dict[str, Any]


class VenueDesk(Desk):
    """Keeps the register of venues (docs/domain.md §1 and F50)."""

    venues_kept: VenueStore = Store(VenueStore)
    organisations: UnitStore
    territory: TerritoryStore

    @rpc
    def register_venue(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a venue: the receipt with `venue_id`.

        Refuses `invalid`, `not_permitted`, and with everything that is wrong at once: `unknown_grid`, `grid_closed`,
        `outside_its_grid`, `closes_before_it_opens`, `hours_overlap`, `unknown_unit`.
        """
        given, asked = load(VenueSchema(), body), self._asked(caller, command_id, body)
        place = given.pop("location")
        venue = Venue(new_id(), at=to_wgs84(place["lon"], place["lat"], place["crs"]), **given)
        role = role_in(asked.caller, "keep_venue", venue.grid_code)
        self._check_venue(venue, new=True)
        return self.venues_kept.records.open(asked, told(venue, REGISTERED, role))

    @rpc
    def change_venue(self, caller: Answer, command_id: str, venue_id: str, **body: Any) -> Answer:
        """Tell something anew of a venue: the receipt.

        Refuses as `register_venue` does, and `venue_not_found`, `venue_closed` and `nothing_changed`.
        """
        id = load(VenueIdSchema(), {"venue_id": venue_id})["venue_id"]
        given, asked = load(ChangeVenueSchema(), body), self._asked(caller, command_id, {"venue_id": id, **body})

        def decide(venue: Venue) -> Outcome[Venue]:
            role = role_in(asked.caller, "keep_venue", venue.grid_code)
            after = rules.changed(venue, given)
            self._check_venue(after, new=False)
            return told(after, CHANGED, role)

        return self.venues_kept.records.change(asked, id, tenants(asked.caller), decide)

    @rpc
    def venue(self, caller: Answer, venue_id: str) -> Answer:
        """One venue of the caller's districts; refuses `venue_not_found`."""
        who, id = Caller.load(caller), load(VenueIdSchema(), {"venue_id": venue_id})["venue_id"]
        kept = self.venues_kept.one(id, tenants(who))
        permit(who, "see_venues", kept.item.grid_code)
        return {**rules.shown(kept.item), "version": kept.version}

    @rpc
    def venues(self, caller: Answer, **page: Any) -> Answer:
        """A page of the venues of the caller's districts that are there on a day, by grid: `{items, next}`."""
        who, asked = Caller.load(caller), load(VenuePageSchema(), page)
        filters, limit = asked["filters"], asked["limit"]
        areas = [filters["area"]] if "area" in filters else sorted(tenants(who))
        for area in areas:
            permit(who, "see_venues", area)
        day = filters.get("as_of") or local_day(self.clock.now())
        found = self.venues_kept.page(areas, filters, day, asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return {
            "items": [rules.shown(each) for each in found[:limit]],
            "next": [last.grid_code, last.id] if last else None,
        }

    def _check_venue(self, venue: Venue, *, new: bool) -> None:
        ids = [venue.manager_unit_id] if venue.manager_unit_id else []
        manager = next(iter(self.organisations.units_of(ids)), None)
        check(rules.faults(venue, self.territory.grid(venue.grid_code), manager, new=new))
