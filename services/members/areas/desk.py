"""The entrypoints of the areas above the grids (docs/domain.md §0, F01)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from members.area import tenant_of
from members.areas import schemas, views
from members.areas.outline import read
from members.organisations.store import UnitStore
from members.permission import role_in, tenants
from members.territory.area import AREA_CHANGED, AREA_OPENED, Area, AreaKind, Outline, ancestors, announcement
from members.territory.grid import Level
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

LINES = ("party_organisation", "union_body")


class AreaDesk(Desk):
    """Keeps districts, agencies and communities, and shows the tree that they make with the grids."""

    territory: TerritoryStore
    organisations: UnitStore

    @rpc
    def open_area(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter an area: the receipt.

        Refuses `area_code_taken`, `unknown_area` for one that lies in nothing known, `unknown_unit`, and
        `map_not_valid` with every fault of its outline.
        """
        given, asked = load(schemas.OpenAreaSchema(), body), self._asked(caller, command_id, body)
        drawn = given.pop("outline", None)
        area = Area(**{**given, "opened": given["opened"] or asked.now})
        role = role_in(asked.caller, "open_area", area.code)
        area = area.outlined(_outline(drawn), area.opened)
        _check_span(area)
        self._check_parent(area)
        self._check_lines(given, tenant_of(area.code))
        return self.territory.open_area(asked, Outcome(area, AREA_OPENED, announcement(area), role))

    @rpc
    def change_area(self, caller: Answer, command_id: str, code: str, **body: Any) -> Answer:
        """Tell something anew of an area, or close it: the receipt.

        An outline, or that there is none, holds from now on. Refuses `area_not_found`, `unknown_unit`, and
        `map_not_valid` with every fault of its outline.
        """
        load(schemas.AreaSchema(), {"code": code})
        given = load(schemas.ChangeAreaSchema(), body)
        asked = self._asked(caller, command_id, {"code": code, **body})
        outline = _outline(given.get("outline"))
        told = {name: value for name, value in given.items() if name != "outline"}
        self._check_lines(told, tenant_of(code))

        def decide(area: Area) -> Outcome[Area]:
            role = role_in(asked.caller, "change_area", code)
            changed = replace(area, **told)
            if "outline" in given:
                changed = changed.outlined(outline, max(asked.now, area.opened))
            _check_span(changed)
            return Outcome(changed, AREA_CHANGED, {**announcement(changed), "fields": sorted(given)}, role)

        return self.territory.areas.change(asked, code, tenants(asked.caller), decide)

    @rpc
    def area(self, caller: Answer, code: str, at: str | None = None) -> Answer:
        """An area as it is now or at another moment: what it lies in, what lies in it, its Party organisation and its
        union body, and for a community its grids of every level. Refuses `area_not_found`.
        """
        who, asked = Caller.load(caller), load(schemas.AreaSchema(), {"code": code, "at": at})
        moment = asked["at"] or self.clock.now()
        found = self.territory.areas.load(code, tenants(who))
        area, tenant = found.item, [tenant_of(code)]
        if not area.holds_at(moment):
            raise Refusal("area_not_found")
        above = [each for each in self.territory.areas_of(ancestors(code)) if each.holds_at(moment)]
        below = [each for each in self.territory.areas_within(tenant, code, moment) if each.parent == code]
        community = area.kind is AreaKind.COMMUNITY
        grids = self.territory.grids_within(tenant, code, list(Level), moment) if community else []
        ids = [id for id in (area.party_organisation, area.union_body) if id]
        units = {unit.id: unit.name for unit in self.organisations.units_of(ids, tenant[0])}
        return {**views.opened(area, moment, above, below, grids, units), "version": found.version}

    @rpc
    def areas(self, caller: Answer, **page: Any) -> Answer:
        """A page of the areas of the caller's districts, by code: `{items, next}`; `next` is `after` later on."""
        who, asked = Caller.load(caller), load(schemas.AreasSchema(), page)
        moment, limit, after = asked["at"] or self.clock.now(), asked["limit"], asked["after"] or ""
        kinds = [asked["kind"]] if asked["kind"] else list(AreaKind)
        found = self.territory.areas_within(tenants(who), asked["within"], moment, after, limit + 1, kinds)
        shown = found[:limit]
        return {"items": [views.line(each) for each in shown], "next": shown[-1].code if len(found) > limit else None}

    @rpc
    def knows_area(self, area: str) -> bool:
        """Whether there is or was such an area. For operators."""
        return self.territory.knows(area)

    def _check_parent(self, area: Area) -> None:
        around = self.territory.area(area.parent) if area.parent else None
        if area.parent and (around is None or not around.holds_at(area.opened)):
            raise Refusal("unknown_area", area=area.parent)

    def _check_lines(self, given: Mapping[str, Any], tenant: str) -> None:
        """Refuses `unknown_unit` with every field that names no unit of the district."""
        named = {name: given[name] for name in LINES if given.get(name)}
        known = {unit.id for unit in self.organisations.units_of(list(named.values()), tenant)}
        if unknown := {name: id for name, id in named.items() if id not in known}:
            raise Refusal("unknown_unit", **unknown)


def _outline(geometry: Any) -> Outline | None:
    """Refuses `map_not_valid` with every fault."""
    if geometry is None:
        return None
    outline, faults = read(geometry)
    if faults:
        raise Refusal("map_not_valid", errors=[fault.dump() for fault in faults])
    return outline


def _check_span(area: Area) -> None:
    if area.closed is not None and area.closed <= area.opened:
        fault = {"pointer": "/to", "detail": "Must lie after `from`."}
        raise Refusal("invalid", errors=[fault])
