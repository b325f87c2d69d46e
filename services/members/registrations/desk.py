"""The entrypoints of dual registration: each loads, lets the rules decide, and stores (docs/domain.md §3.1, F15)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.permission import may, of_own_unit, permit, tenants
from members.policies.span import span
from members.registrations import rate, schemas, views
from members.registrations.registering import Registering
from members.registrations.registration import Registration
from members.registrations.store import RegistrationStore
from members.service_points.store import PointsStore
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

ONE_DAY, INSTANT = timedelta(days=1), timedelta(milliseconds=1)


class RegistrationDesk(Desk):
    """Registers units and members with communities, and tells units how far theirs have come."""

    registrations_kept: RegistrationStore = Store(RegistrationStore)
    points_kept: PointsStore
    organisations: UnitStore
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def submit_unit_registration(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Submit the registration of a unit: the receipt. Refuses as `Registering.submit_unit`, and `invalid`."""
        form = load(schemas.UnitFormSchema(), body)
        return self._registering.submit_unit(self._asked(caller, command_id, body), form)

    @rpc
    def submit_member_registration(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Submit the registration of a member: the receipt. Refuses as `Registering.submit_member`, and `invalid`."""
        form = load(schemas.MemberFormSchema(), body)
        return self._registering.submit_member(self._asked(caller, command_id, body), form)

    @rpc
    def transfer_registration(self, caller: Answer, command_id: str, registration_id: str, **body: Any) -> Answer:
        """Submit one with another community instead: the receipt of the new one. Refuses as `Registering.transfer`."""
        bind({"registration_id": registration_id})
        form = load(schemas.TransferSchema(), body)
        asked = self._asked(caller, command_id, {"registration_id": registration_id, **body})
        return self._registering.transfer(asked, registration_id, form)

    @rpc
    def accept_registration(self, caller: Answer, command_id: str, registration_id: str) -> Answer:
        """Accept it: the receipt with the slip's number. Refuses as `Registering.accept`."""
        bind({"registration_id": registration_id})
        asked = self._asked(caller, command_id, {"registration_id": registration_id, "act": "accept"})
        return self._registering.accept(asked, registration_id)

    @rpc
    def refuse_registration(self, caller: Answer, command_id: str, registration_id: str, **body: Any) -> Answer:
        """Refuse it for a reason: the receipt. Refuses as `Registering.refuse`, and `invalid`."""
        bind({"registration_id": registration_id})
        reason_code = load(schemas.RefuseSchema(), body)["reason_code"]
        asked = self._asked(caller, command_id, {"registration_id": registration_id, "act": "refuse", **body})
        return self._registering.refuse(asked, registration_id, reason_code)

    @rpc
    def return_slip(self, caller: Answer, command_id: str, registration_id: str) -> Answer:
        """The unit has the slip: the receipt. Refuses as `Registering.give_back`."""
        bind({"registration_id": registration_id})
        asked = self._asked(caller, command_id, {"registration_id": registration_id, "act": "return"})
        return self._registering.give_back(asked, registration_id)

    @rpc
    def end_registration(self, caller: Answer, command_id: str, registration_id: str, **body: Any) -> Answer:
        """End it today: the receipt. Refuses as `Registering.end`, and `invalid`."""
        bind({"registration_id": registration_id})
        reason_code = load(schemas.EndSchema(), body)["reason_code"]
        asked = self._asked(caller, command_id, {"registration_id": registration_id, "act": "end", **body})
        return self._registering.end(asked, registration_id, reason_code)

    @rpc
    def registration(self, caller: Answer, registration_id: str) -> Answer:
        """One registration; refuses `registration_not_found` and `not_permitted`."""
        bind({"registration_id": registration_id})
        who = Caller.load(caller)
        kept = self.registrations_kept.records.load(registration_id, tenants(who))
        found = kept.item
        own = found.person_id is not None and may(who, "see_own_registration", found.person_id)
        if not own and not of_own_unit(who, "see_registrations_of_own_unit", found.unit_id):
            permit(who, "see_registrations", found.community)
        return views.registration(found, kept.version, self._registration_names([found]))

    @rpc
    def registrations(self, caller: Answer, **page: Any) -> Answer:
        """A page of registrations, the newest first: `{items, next}`; the caller's own unless others are asked for.

        Refuses `not_permitted` and `unit_not_found`.
        """
        who, asked = Caller.load(caller), load(schemas.PageSchema(), page)
        filters, limit = self._registrations_bound(who, asked["filters"]), asked["limit"]
        found = self.registrations_kept.page(tenants(who), filters, asked["after"], limit + 1)
        shown = found[:limit]
        last = shown[-1].item if len(found) > limit else None
        names = self._registration_names([kept.item for kept in shown])
        items = [views.registration(kept.item, kept.version, names) for kept in shown]
        return {"items": items, "next": [last.submitted_on.isoformat(), last.id] if last else None}

    @rpc
    def registration_rate(self, caller: Answer, unit_id: str, **asked: Any) -> Answer:
        """How far a unit has come as of a local day: its members, the registered ones, and who served that year.

        Refuses `unit_not_found` and `not_permitted`.
        """
        day = load(schemas.RateSchema(), asked)["as_of"] or self.clock.now().astimezone(LOCAL).date()
        unit = self._registered_unit(Caller.load(caller), unit_id)
        registered = self.people.whole(self.registrations_kept.members_on(unit.id, day))
        sums = self.points_kept.tallies(registered, date(day.year, 1, 1), day)
        served = [id for id, sum_ in sums.items() if sum_.services > 0]
        own = self.registrations_kept.unit_on(unit.id, day)
        members = self.people.in_service_at(unit.id, datetime.combine(day + ONE_DAY, time(), LOCAL) - INSTANT)
        return {
            "unit_id": unit.id,
            "as_of": day.isoformat(),
            "community": own.community if own else None,
            "slip": own.slip if own else None,
            **rate.rate(members, registered, served),
        }

    @rpc
    def unit_feedback(self, caller: Answer, unit_id: str, **asked: Any) -> Answer:
        """What an employer is told of a quarter: sums, and nothing of anybody in particular (docs/domain.md §3.1).

        Refuses `unit_not_found` and `not_permitted`.
        """
        quarter = span(load(schemas.QuarterSchema(), asked)["quarter"])
        unit = self._registered_unit(Caller.load(caller), unit_id)
        registered = self.people.whole(self.registrations_kept.members_on(unit.id, quarter.last))
        sums = self.points_kept.tallies(registered, quarter.first, quarter.last)
        points = {id: each.points for id, each in sums.items()}
        services = {id: each.services for id, each in sums.items()}
        return {"unit_id": unit.id, "quarter": quarter.name, **rate.feedback(registered, points, services)}

    @property
    def _registering(self) -> Registering:
        return Registering(self.registrations_kept, self.organisations, self.people, self.territory)

    def _registered_unit(self, who: Caller, unit_id: str) -> Unit:
        """The unit whose registrations the caller may read."""
        found = next(iter(self.organisations.units_of([unit_id])), None)
        if found is None or found.tenant not in tenants(who):
            raise Refusal("unit_not_found", unit_id=unit_id)
        if not of_own_unit(who, "see_registrations_of_own_unit", unit_id):
            permit(who, "see_registrations", found.tenant)
        return found

    def _registrations_bound(self, who: Caller, filters: Mapping[str, Any]) -> Answer:
        """The filters, bound to what the caller may see."""
        if "area" in filters:
            permit(who, "see_registrations", filters["area"])
            return dict(filters)
        if "unit_id" in filters:
            self._registered_unit(who, filters["unit_id"])
            return dict(filters)
        permit(who, "see_own_registration", filters.get("person_id", who.id))
        return {**filters, "person_id": {"$in": list(who.ids)}}

    def _registration_names(self, found: list[Registration]) -> dict[str, str]:
        units = self.organisations.units_of(sorted({each.unit_id for each in found}))
        people = self.people.people(sorted({each.person_id for each in found if each.person_id}))
        return {unit.id: unit.name for unit in units} | {person.id: person.shown_name for person in people}
