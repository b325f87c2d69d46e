"""The entrypoints of the territory: where a point lies, and what is known of grids and compounds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.datum import Datum, to_wgs84
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.records import Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.changing import changed, known, registered, versioned
from members.commands import Change
from members.drawing.fit import nearest
from members.drawing.store import DrawingStore
from members.organisations.managing import following
from members.organisations.store import UnitStore
from members.permission import permit, role_in, scopes_for, tenants
from members.territory import grid as grids
from members.territory import schemas, views
from members.territory.compound import Compound, faults, standing
from members.territory.grid import Grid, Level, holding
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class TerritoryDesk(Desk):
    """Answers where a point lies, and changes what is known of grids and compounds."""

    territory: TerritoryStore = Store(TerritoryStore)
    organisations: UnitStore
    drawings: DrawingStore

    @rpc
    def locate(self, caller: Answer | None = None, **body: Any) -> Answer:
        """The one grid that holds a point, now or `at` another moment; with a caller, in the caller's districts only.

        At a moment to come it is as planned: the one that a redrawing opens by then in place of another. Refuses
        `invalid` and `outside_all_grids`.
        """
        given, now = load(schemas.PlaceSchema(), body), self.clock.now()
        lon, lat = to_wgs84(given["lon"], given["lat"], given["crs"])
        districts = tenants(Caller.load(caller)) if caller else None
        level, at = given["level"], given["at"] or now
        found = holding(self.territory.grids_around(lon, lat, level, districts, at), lon, lat, level, at)
        plan = self.drawings.closing(found.code, at) if at > now else None
        return views.located(nearest(plan.opens, lon, lat) if plan else found, given["crs"])

    @rpc
    def grids(self, caller: Answer, **page: Any) -> Answer:
        """A page of the grids of the caller's districts by code, as they are now or at another moment: `{items, next}`.

        Their polygons only if `rings` are asked for; `next` is `after` later on.
        """
        who, asked = Caller.load(caller), load(schemas.GridsSchema(), page)
        levels = [asked["level"]] if asked["level"] else list(Level)
        at, limit, after = asked["at"] or self.clock.now(), asked["limit"], asked["after"] or ""
        found = self.territory.grids_within(tenants(who), asked["area"], levels, at, after, limit + 1)
        shown = [views.grid(each) for each in found[:limit]]
        items = shown if asked["rings"] else [views.without(each, "ring") for each in shown]
        return {"items": items, "next": found[limit - 1].code if len(found) > limit else None}

    @rpc
    def grid(self, caller: Answer, grid_code: str) -> Answer:
        """One grid, also one that is closed; refuses `grid_not_found`."""
        load(schemas.GridNamedSchema(), {"grid_code": grid_code})
        found = self.territory.grids.versioned(grid_code, tenants(Caller.load(caller)))
        kept, version = known(found, "grid_not_found", grid_code=grid_code)
        return {**views.grid(kept), "version": version}

    @rpc
    def compounds(self, caller: Answer, **page: Any) -> Answer:
        """A page of the compounds of the caller's districts, by id: `{items, next}`; `next` is `after` later on."""
        who, asked = Caller.load(caller), load(schemas.CompoundsSchema(), page)
        limit, after = asked["limit"], asked["after"] or ""
        found = self.territory.compounds_within(tenants(who), asked["grid"], after, limit + 1)
        items = [views.without(views.compound(each), "stood") for each in found[:limit]]
        return {"items": items, "next": found[limit - 1].id if len(found) > limit else None}

    @rpc
    def compound(self, caller: Answer, compound_id: str) -> Answer:
        """One compound with how it stood before; refuses `compound_not_found`."""
        found = self.territory.compound(compound_id, tenants(Caller.load(caller)))
        kept, version = known(found, "compound_not_found", compound_id=compound_id)
        return {**views.compound(kept), "version": version}

    @rpc
    def change_grid(self, caller: Answer, command_id: str, grid_code: str, **body: Any) -> Answer:
        """Change what a grid is called: the grid as announced, with its `version`.

        Refuses `invalid`, `not_permitted`, `out_of_scope`, `grid_not_found`, `stale_version`, `command_id_reused` and
        `busy_try_again`.
        """
        changes = load(schemas.GridSchema(), body)
        change = Change("change_grid", grid_code, command_id, digest(body), Caller.load(caller))
        kept, version = known(versioned(self.territory.grids, change), "grid_not_found", grid_code=grid_code)
        permit(change.caller, change.act, kept.code)
        return changed(self.territory.grids, replace(kept, **changes), version, change, self.clock.now())

    @rpc
    def register_compound(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a compound, in the one service grid that holds its point: the compound as announced.

        A property company that manages it serves its grid from then on, in the same write. Refuses `invalid`,
        `not_permitted`, `command_id_reused`, `busy_try_again`, and with all that is wrong at once: `outside_all_grids`,
        `unknown_unit`, `not_a_property_company`, `unit_closed`.
        """
        given, who, now = load(schemas.NewCompoundSchema(), body), Caller.load(caller), self.clock.now()
        # The id follows from the command, by which a repetition finds the compound.
        id = f"c-{self._asked(caller, command_id, body).key}"
        change = Change("register_compound", id, command_id, digest(body), who)
        if answered := self.territory.compounds.answer_of(id, command_id, change.digest):
            return dict(answered)

        def once() -> Answer:
            fields, entered = self._looked_at(given, change, None)
            made = standing(Compound(id=id, **fields), now)
            along = [*self._companies(change, None, made, now), *self._entering(change, made, entered, now)]
            return registered(self.territory.compounds, made, change, now, along)

        return again_when_stale(once)

    @rpc
    def change_compound(self, caller: Answer, command_id: str, compound_id: str, **body: Any) -> Answer:
        """Change what is known of a compound, where it lies, or who manages it: the compound as announced.

        The property companies concerned serve the grids of what they manage from then on, in the same write. Refuses
        as `register_compound` does, `compound_not_found` and `stale_version`.
        """
        changes = load(schemas.CompoundSchema(), body)
        change = Change("change_compound", compound_id, command_id, digest(body), Caller.load(caller))
        found = versioned(self.territory.compounds, change)
        kept, version = known(found, "compound_not_found", compound_id=compound_id)
        permit(change.caller, change.act, kept.grid_code)
        if answered := self.territory.compounds.answer_of(change.id, change.command_id, change.digest):
            return dict(answered)
        now = self.clock.now()
        fields, entered = self._looked_at(changes, change, kept)
        after = standing(replace(kept, **fields), now)
        along = self._companies(change, kept, after, now)
        if after.grid_code != kept.grid_code:
            along += self._entering(change, after, entered, now)
        return changed(self.territory.compounds, after, version, change, now, along)

    def _companies(self, change: Change, kept: Compound | None, after: Compound, now: datetime) -> list[Writing]:
        """What gives the property companies their grids, if another manages the compound now, or it lies elsewhere."""
        if kept and (kept.property_company_id, kept.grid_code) == (after.property_company_id, after.grid_code):
            return []
        asked = Asked(change.caller, change.command_id, change.digest, now)
        role = role_in(change.caller, change.act, after.grid_code)
        return following(self.organisations, self.territory, asked, role, [(kept, after)], now)

    def _looked_at(self, given: Mapping[str, Any], change: Change, kept: Compound | None) -> tuple[Answer, int | None]:
        """The fields that are given, with the grid that the place lies in; and the version of that grid.

        Refuses all that is wrong with them at once; who may not act there is told of nothing else.
        """
        fields: Answer = {name: value for name, value in given.items() if name != "location"}
        districts = {tenant_of(scope) for scope in scopes_for(change.caller, change.act)}
        found: list[Fault] = []
        entered = None
        if location := given.get("location"):
            try:
                placed, entered = self._placed(location, change.caller)
            except Refusal as refused:
                if refused.code != "outside_all_grids":
                    raise
                found.append(Fault("/location", "outside_all_grids", refused.details))
            else:
                permit(change.caller, change.act, placed["grid_code"])
                districts = {tenant_of(placed["grid_code"])}
                fields |= placed
        if kept is not None:
            districts = {tenant_of(kept.grid_code)}
        named = sorted({given[name] for name in ("property_company_id", "fallback_unit_id") if given.get(name)})
        units = {unit.id: unit for tenant in districts for unit in self.organisations.units_of(named, tenant)}
        check([*found, *faults(given, units, kept)])
        return fields, entered

    def _placed(self, location: Mapping[str, Any], caller: Caller) -> tuple[Answer, int]:
        """The point in WGS84, the datum in which it was given, and the service grid that holds it, with its version.

        Refuses `outside_all_grids`.
        """
        crs: Datum = location["crs"]
        lon, lat = to_wgs84(location["lon"], location["lat"], crs)
        held, version = self._lasting(lon, lat, tenants(caller), self.clock.now())
        return {"at": (lon, lat), "source_crs": crs.value, "grid_code": held.code}, version

    def _lasting(self, lon: float, lat: float, districts: Iterable[str], at: datetime) -> tuple[Grid, int]:
        """The service grid, at its version, that holds the point from that moment on and has no end."""
        around = self.territory.grids_around(lon, lat, Level.SERVICE, districts, at)
        code = holding(around, lon, lat, Level.SERVICE, at).code
        [(held, version)] = self.territory.grids_of([code], tenant_of(code))
        # Who closes it has moved what lies in it, or is about to.
        return (held, version) if held.closed is None else self._lasting(lon, lat, districts, held.closed)

    def _entering(self, change: Change, compound: Compound, version: int | None, now: datetime) -> list[Writing]:
        """What writes down in the grid that the compound has come, if that is still at `version`.

        Whoever closes the grid meanwhile has read it at another version: of the two, one is decided anew.
        """
        if version is None:
            return []
        entry = change.entry(grids.ENTERED, now, {"compound_id": compound.id}, {})
        return [self.territory.grids.noting(compound.grid_code, version, replace(entry, command=None))]
