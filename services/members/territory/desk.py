"""The entrypoints of the territory: where a point lies, and what is known of grids and compounds."""

from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.command import digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.changing import changed, known, versioned
from members.commands import Change
from members.organisations.store import UnitStore
from members.permission import permit, tenants
from members.territory import grid, views
from members.territory.datum import to_wgs84
from members.territory.schemas import CompoundSchema, GridSchema, PlaceSchema
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class TerritoryDesk(Desk):
    """Answers where a point lies, and changes what is known of grids and compounds."""

    territory: TerritoryStore = Store(TerritoryStore)
    organisations: UnitStore

    @rpc
    def locate(self, caller: Answer | None = None, **body: Any) -> Answer:
        """The one grid that holds a point; with a caller, in the districts of the caller's scopes only.

        Refuses `invalid` and `outside_all_grids`.
        """
        given = load(PlaceSchema(), body)
        lon, lat = to_wgs84(given["lon"], given["lat"], given["crs"])
        districts = tenants(Caller.load(caller)) if caller else None
        around = self.territory.grids_around(lon, lat, given["level"], districts)
        return views.grid(grid.holding(around, lon, lat, given["level"]), given["crs"])

    @rpc
    def change_grid(self, caller: Answer, command_id: str, grid_code: str, **body: Any) -> Answer:
        """Change what a grid is called: the grid as announced, with its `version`.

        Refuses as `change_compound` does, with `grid_not_found`.
        """
        changes = load(GridSchema(), body)
        change = Change("change_grid", grid_code, command_id, digest(body), Caller.load(caller))
        kept, version = known(versioned(self.territory.grids, change), "grid_not_found", grid_code=grid_code)
        permit(change.caller, change.act, kept.code)
        return changed(self.territory.grids, replace(kept, **changes), version, change, self.clock.now())

    @rpc
    def change_compound(self, caller: Answer, command_id: str, compound_id: str, **body: Any) -> Answer:
        """Change what is known of a compound, or who manages it: the compound as announced, with its `version`.

        Refuses `invalid`, `compound_not_found`, `not_permitted`, `command_id_reused` and `stale_version`.
        """
        changes = load(CompoundSchema(), body)
        change = Change("change_compound", compound_id, command_id, digest(body), Caller.load(caller))
        found = versioned(self.territory.compounds, change)
        kept, version = known(found, "compound_not_found", compound_id=compound_id)
        permit(change.caller, change.act, kept.grid_code)
        self._check_company(changes.get("property_company_id"), tenant_of(kept.grid_code))
        return changed(self.territory.compounds, replace(kept, **changes), version, change, self.clock.now())

    def _check_company(self, id: str | None, tenant: str) -> None:
        found = self.organisations.units_of([id], tenant) if id else []
        if id and not any(unit.unit_type == "PROPERTY" for unit in found):
            fault = {"pointer": "/property_company_id", "detail": "Not a property company of this district."}
            raise Refusal("invalid", errors=[fault])
