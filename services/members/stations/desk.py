"""The entrypoints of rest stations in use: the nearest, counting a use, and what came of them (F10, F11, F13)."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from chassis.caller import Caller
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.attendance.store import AttendanceStore
from members.hours.store import HoursStore
from members.patrols.store import PatrolStore
from members.people.store import PeopleStore
from members.permission import permit, role_in, tenants, widest
from members.policies.span import Span, span
from members.posts.post import local_day
from members.sealing import Seal
from members.service_points.store import PointsStore
from members.stations import station as rules
from members.stations.funnel import FEWEST, counted, once_each
from members.stations.schemas import (
    FunnelSchema,
    NearestSchema,
    OwnUseSchema,
    StationIdSchema,
    UseSchema,
    UsesSchema,
)
from members.stations.serving import Serving
from members.stations.store import Guest, StationUseStore
from members.venues.hours import open_until
from members.venues.store import VenueStore
from members.venues.venue import REST_STATION, Venue

Answer = dict[str, Any]

QUARTERS = 4
"""How many quarters a report shows, so that one can be held against those before it."""


class StationDesk(Desk):
    """Shows where to rest, counts it without asking who, and tells how many come back to serve."""

    station_uses: StationUseStore = Store(StationUseStore)
    venues_kept: VenueStore
    points_kept: PointsStore
    hours_kept: HoursStore
    attendance: AttendanceStore
    patrols_kept: PatrolStore
    people: PeopleStore
    seal: Seal

    @rpc
    def stations(self, caller: Answer, **asked: Any) -> Answer:
        """A page of the stations of the caller's districts that are open, the nearest first: `{items, next}`.

        Open now or at another moment, with something that has to be there; refuses `invalid` and `not_permitted`.
        """
        who, wanted = Caller.load(caller), load(NearestSchema(), asked)
        for tenant in sorted(tenants(who)):
            permit(who, "see_venues", tenant)
        point = to_wgs84(wanted["lon"], wanted["lat"], wanted["crs"])
        at, limit = wanted["open_at"] or self.clock.now(), wanted["limit"]
        query = {"kind": REST_STATION} | ({"facilities": wanted["facility"]} if wanted["facility"] else {})
        found = self.venues_kept.nearest(tenants(who), query, local_day(at), point, wanted["after"])
        near = ((each, metres, until) for each, metres in found if (until := open_until(each.hours, at)) is not None)
        page = list(islice(near, limit + 1))
        last = page[limit - 1] if len(page) > limit else None
        return {
            "items": [rules.nearby(*each) for each in page[:limit]],
            "next": [last[1], last[0].id] if last else None,
        }

    @rpc
    def station_code(self, caller: Answer, station_id: str) -> Answer:
        """What the code on a station's wall says: `{station_id, code}`; refuses `station_not_found`."""
        who, id = Caller.load(caller), load(StationIdSchema(), {"station_id": station_id})["station_id"]
        station = self._rest_station(id)
        permit(who, "show_station_code", station.grid_code)
        return {"station_id": id, "code": rules.code(self._station_key, id, station.code_edition)}

    @rpc
    def renew_station_code(self, caller: Answer, command_id: str, station_id: str) -> Answer:
        """Make another code for a station's wall, as when the old one got about: the receipt.

        What is shown of an older one counts no more. Refuses `station_not_found`, `not_permitted` and
        `too_many_station_codes`.
        """
        id = load(StationIdSchema(), {"station_id": station_id})["station_id"]
        asked = self._asked(caller, command_id, {"station_id": id})
        self._rest_station(id)

        def renew(found: Venue) -> Outcome[Venue]:
            role = role_in(asked.caller, "keep_venue", found.grid_code)
            after = rules.with_new_code(found)
            return Outcome(after, rules.CODE_RENEWED, {"edition": after.code_edition}, role, answer={"station_id": id})

        return self.venues_kept.records.change(asked, id, tenants(asked.caller), renew)

    @rpc
    def use_station(self, command_id: str, **body: Any) -> Answer:
        """Count that somebody uses a station: `{station_id, day}`; once for each command, and nobody says who.

        Refuses `station_not_found`, `venue_closed`, `wrong_station_code` and `station_code_replaced`.
        """
        given = load(UseSchema(), body)
        return self._use(command_id, self._before(given), self._use_day)

    @rpc
    def use_station_as(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """The same by somebody who agrees to be counted among those who used stations in this quarter.

        Refuses as `use_station` does. What is kept of the person says neither at which station nor how often.
        """
        given, asked, day = load(OwnUseSchema(), body), self._asked(caller, command_id, body), self._use_day
        who = asked.caller
        permit(who, "be_counted_at_station", who.id)
        station = self._before(given)
        # First the person, whom a repetition keeps no second time: if we break off here, it counts the use.
        quarter, version = _quarter(day).name, given["text_version"]
        self.station_uses.welcome(Guest(who.id, station.grid_code, quarter, day, version, asked.now))
        return self._use(asked.key, station, day)

    @rpc
    def forget_station_uses(self, caller: Answer) -> Answer:
        """Be counted no more, nor in what is past: `{forgotten}`, in how many quarters and communities it was."""
        who = Caller.load(caller)
        permit(who, "be_counted_at_station", who.id)
        return {"forgotten": self.station_uses.forget(who.ids)}

    @rpc
    def station_use_days(self, caller: Answer, **page: Any) -> Answer:
        """A page of the days of a station with its uses: `{items, next}`; refuses `station_not_found`."""
        who, asked = Caller.load(caller), load(UsesSchema(), page)
        station, limit = self._rest_station(asked["station_id"]), asked["limit"]
        permit(who, "see_station_uses", station.grid_code)
        found = self.station_uses.by_day(station.id, asked["since"], asked["until"], asked["after"], limit + 1)
        return {
            "items": [{"day": day, "uses": uses} for day, uses in found[:limit]],
            "next": found[limit - 1][0] if len(found) > limit else None,
        }

    @rpc
    def station_funnel(self, caller: Answer, **asked: Any) -> Answer:
        """How many used stations in a quarter and served later in it, and in the three quarters before it (F13).

        `{area, fewest_told, items}`, each item `{quarter, uses, used, served, rate}`; refuses `not_permitted`.
        """
        who, wanted = Caller.load(caller), load(FunnelSchema(), asked)
        area = wanted["area"]
        reach = widest(who, "see_station_uses", area)
        latest = span(wanted["quarter"]) if wanted["quarter"] else _quarter(self._use_day)
        return {
            "area": area,
            "fewest_told": FEWEST,
            "items": [self._quarter_of(reach, area, each) for each in islice(_backwards(latest), QUARTERS)],
        }

    def _quarter_of(self, reach: str, area: str, quarter: Span) -> Answer:
        guests = self.station_uses.guests(tenant_of(area), quarter.name)
        whole = self.people.whole(id for id, _, _ in guests)
        uses = self.station_uses.uses(area, quarter.first, quarter.last)
        return {
            "quarter": quarter.name,
            "uses": uses,
            **counted(once_each(guests, whole), self._serving.last_days(whole, quarter), reach, area),
        }

    def _use(self, command_id: str, station: Venue, day: date) -> Answer:
        self.station_uses.count(rules.use_id(station.id, command_id), station.id, station.grid_code, day)
        return {"station_id": station.id, "day": day.isoformat()}

    def _before(self, given: Answer) -> Venue:
        """The station before which somebody stands."""
        station = self._rest_station(given["station_id"])
        rules.check_code(self._station_key, station, given["code"])
        rules.check_there(station, self._use_day)
        return station

    def _rest_station(self, id: str) -> Venue:
        found = self.venues_kept.records.find({"_id": id}, limit=1)
        return rules.station(found[0].item if found else None)

    @property
    def _serving(self) -> Serving:
        return Serving(self.points_kept, self.hours_kept, self.attendance, self.patrols_kept)

    @property
    def _station_key(self) -> bytes:
        return self.seal.key("station")

    @property
    def _use_day(self) -> date:
        return local_day(self.clock.now())


def _quarter(day: date) -> Span:
    return span(f"{day.year}Q{(day.month + 2) // 3}")


def _backwards(latest: Span) -> Iterator[Span]:
    """The quarter, and those before it; the names of quarters begin with the year 2000."""
    while True:
        yield latest
        if latest.name == FIRST_QUARTER:
            return
        latest = _quarter(date.fromordinal(latest.first.toordinal() - 1))


FIRST_QUARTER = "2000Q1"
