"""The entrypoints of the register of units."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.caller import THE_CLOCK, Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import StaleVersion
from chassis.records import Kept, Outcome, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import DISTRICT_DIGITS, tenant_of
from members.organisations import schemas, views
from members.organisations import unit as rules
from members.organisations.registrar import UnitRegistrar
from members.organisations.registration import Entry
from members.organisations.store import UnitStore
from members.organisations.totals import totals
from members.organisations.unit import CHANGED, CLOSED, REGISTERED, Unit, announcement, settled
from members.people.store import PeopleStore
from members.permission import PERMISSIONS, permitted_role, scopes_for, tenants
from members.reading import read
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

TURNED_AT_ONCE = 200


class UnitDesk(Desk):
    """Keeps the register of units: who they are, which grids they serve and served, and when they closed."""

    organisations: UnitStore = Store(UnitStore)
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def register_unit(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a unit in the register: the receipt, with the unit as announced.

        Refuses `not_permitted`, `out_of_scope`, `command_id_reused`, and all that is wrong with it: `invalid`,
        `unknown_grid`, `grid_closed`, `grids_follow_compounds`, `credit_code_taken`, `unknown_person`.
        """
        reading, asked = read(schemas.NewUnitSchema(), body), self._asked(caller, command_id, body)
        tenant = district_of(asked.caller, "register_unit", reading.fields, reading.errors)
        role = permitted_role(asked.caller, "register_unit", tenant)
        if answer := self.organisations.records.answered(asked):
            return answer
        entry = entry_of(reading.fields, tenant, asked.now)
        reading.check(self._unit_registrar.faults([entry], asked.now)[0])
        unit = entry.unit(new_id(), asked.now)
        told = announcement(unit)
        with self.organisations.one_code_each():
            return self.organisations.records.open(asked, Outcome(unit, REGISTERED, told, role, answer=told))

    @rpc
    def change_unit(self, caller: Answer, command_id: str, unit_id: str, **body: Any) -> Answer:
        """Change what is known of a unit, or which grids it serves from a moment on: the unit as announced.

        Refuses as `register_unit`, and `unit_not_found` and `unit_closed`.
        """
        reading = read(schemas.UnitSchema(), body)
        changes = reading.fields
        asked = self._asked(caller, command_id, {"unit_id": unit_id, **body})

        def decide(unit: Unit) -> Outcome[Unit]:
            role = permitted_role(asked.caller, "change_unit", unit.tenant)
            rules.check_open(unit)
            reading.check(self._unit_registrar.faults([changed_entry(unit, changes, asked.now)], asked.now)[0])
            after = replace(unit, **{name: changes[name] for name in TOLD if name in changes})
            if "grid_codes" in changes:
                after = rules.serving(after, changes["grid_codes"], changes.get("since", asked.now), asked.now)
            told = announcement(after)
            return Outcome(after, CHANGED, told, role, answer=told)

        with self.organisations.one_code_each():
            return self.organisations.records.change(asked, unit_id, tenants(asked.caller), decide)

    @rpc
    def close_unit(self, caller: Answer, command_id: str, unit_id: str, **body: Any) -> Answer:
        """Close a unit, now or at the moment named: from then on it serves no grid and is given nothing.

        Refuses `unit_not_found`, `not_permitted`, `out_of_scope`, `unit_closed`, and `unit_manages_compounds` for a
        property company that compounds would be left with.
        """
        given = load(schemas.ClosingSchema(), body)
        asked = self._asked(caller, command_id, {"unit_id": unit_id, "act": "close", **body})

        def decide(unit: Unit) -> Outcome[Unit]:
            role = permitted_role(asked.caller, "close_unit", unit.tenant)
            after = rules.closed(unit, given.get("at", asked.now), asked.now)
            if managed := self.territory.managed_by([unit.id], unit.tenant):
                raise Refusal("unit_manages_compounds", compound_ids=[each.id for each in managed])
            told = announcement(after)
            return Outcome(after, CHANGED if after.active else CLOSED, told, role, answer=told)

        return self.organisations.records.change(asked, unit_id, tenants(asked.caller), decide)

    @rpc
    def units(self, caller: Answer, **page: Any) -> Answer:
        """A page of the units of the caller's scopes, by name: `{items, next}`; `next` is `after` later on.

        Refuses `not_permitted`, and `out_of_scope` for an area beyond the caller's.
        """
        who, asked = Caller.load(caller), load(schemas.UnitPageSchema(), page)
        limit, filters = asked["limit"], asked["filters"]
        scopes = scopes_for(who, "see_units", filters.get("grid"))
        found = self.organisations.page(scopes, filters, asked["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        items = [views.line(kept.item) for kept in found[:limit]]
        return {"items": items, "next": [last.name, last.id] if last else None}

    @rpc
    def unit(self, caller: Answer, unit_id: str) -> Answer:
        """One unit with all that it served and serves; refuses `not_permitted` and `unit_not_found`.

        Whoever speaks for a unit sees that one.
        """
        who = Caller.load(caller)
        load(schemas.UnitIdSchema(), {"unit_id": unit_id})
        kept = self.organisations.records.load(unit_id, tenants(who))
        if who.unit != unit_id and not any(_within(kept.item, scope) for scope in scopes_for(who, "see_units")):
            raise Refusal("out_of_scope", act="see_units")
        return views.unit(kept.item, kept.version)

    @rpc
    def unit_totals(self, caller: Answer, **body: Any) -> Answer:
        """How many units an area has: `{area, at, distinct, by_type, by_grid}`; refuses as `units`."""
        given = load(schemas.UnitTotalsSchema(), body)
        area, at = given["area"], given.get("at", self.clock.now())
        permitted_role(Caller.load(caller), "see_units", area)
        whole = len(area) == DISTRICT_DIGITS
        found = self.organisations.of_district(area) if whole else self.organisations.tied_within(area)
        return {"area": area, "at": written(at), **totals(found, area, at)}

    def settle_units(self) -> None:
        """Tell of units whose ties have begun or ended, or which have closed, at a moment that was named before."""
        now = self.clock.now()
        for kept in self.organisations.turning(now, TURNED_AT_ONCE):
            self._turn(kept, now)

    def _turn(self, kept: Kept[Unit], now: datetime) -> None:
        after = settled(kept.item, now)
        told = CLOSED if kept.item.active and not after.active else CHANGED
        asked = Asked(THE_CLOCK, f"turn:{kept.id}:{kept.version}", "", now)
        outcome = Outcome(after, told, announcement(after), THE_CLOCK.id)
        try:
            carried_out([self.organisations.records.changing(asked, kept, outcome, along=True)])
        except StaleVersion:
            return  # another has changed it meanwhile, and settled it with that

    @property
    def _unit_registrar(self) -> UnitRegistrar:
        return UnitRegistrar(self.organisations, self.people, self.territory)


TOLD = ("name", "credit_code", "party_organisation", "contact_id")
"""What may be told anew of a unit besides its grids."""


def district_of(caller: Caller, act: str, given: Mapping[str, Any], errors: Sequence[Mapping[str, str]] = ()) -> str:
    """The district of a new unit: as it says, of its grids, or the only one that the caller acts in.

    Refuses `not_permitted`, and `invalid` where the district has to be named, with what else is wrong: `errors`.
    """
    if "district" in given:
        return str(given["district"])
    if given.get("grid_codes"):
        return tenant_of(given["grid_codes"][0])
    if not caller.roles & set(PERMISSIONS[act].roles):
        raise Refusal("not_permitted", act=act)
    districts = {tenant_of(scope) for role in PERMISSIONS[act].roles for scope in caller.scopes(role) if scope}
    if len(districts) != 1:
        raise Refusal("invalid", errors=[*errors, {"pointer": "/district", "detail": "Name the district."}])
    return districts.pop()


def _within(unit: Unit, scope: str) -> bool:
    """Whether the unit is looked up in a scope: that of its district, or one that a grid lies in which it serves."""
    return unit.tenant.startswith(scope) or any(code.startswith(scope) for code in unit.grid_codes)


def entry_of(given: Mapping[str, Any], tenant: str, now: datetime) -> Entry:
    """What was given as an entry; its grids are served from now on unless another moment is named."""
    rest = {name: value for name, value in given.items() if name != "district"}
    return Entry(tenant=tenant, **{"since": now, **rest, "grid_codes": tuple(rest["grid_codes"])})


def changed_entry(unit: Unit, changes: Mapping[str, Any], now: datetime) -> Entry:
    """The changes as an entry, so that they are held against what an entry is; what stays is not looked at again."""
    new = {
        name: changes[name]
        for name in ("credit_code", "contact_id")
        if name in changes and changes[name] != getattr(unit, name)
    }
    codes, since = changes.get("grid_codes", ()), changes.get("since", now)
    return Entry(
        unit.name, unit.tenant, unit.unit_type, since, codes, new.get("credit_code"), None, new.get("contact_id")
    )
