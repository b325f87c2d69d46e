"""The entrypoints of the register of units."""

from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.command import digest
from chassis.desk import Desk
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.changing import changed, known, versioned
from members.commands import Change
from members.organisations.schemas import UnitSchema
from members.organisations.store import UnitStore
from members.permission import permit
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class UnitDesk(Desk):
    """Changes what is known of units."""

    organisations: UnitStore = Store(UnitStore)
    territory: TerritoryStore

    @rpc
    def change_unit(self, caller: Answer, command_id: str, unit_id: str, **body: Any) -> Answer:
        """Change what a unit is called or which grids it serves: the unit as announced, with its `version`.

        Refuses as `change_compound` does, with `unit_not_found`, `unknown_grid` for grids outside the district, and
        `grid_closed`.
        """
        changes = load(UnitSchema(), body)
        change = Change("change_unit", unit_id, command_id, digest(body), Caller.load(caller))
        kept, version = known(versioned(self.organisations.units, change), "unit_not_found", unit_id=unit_id)
        permit(change.caller, change.act, kept.tenant)
        now = self.clock.now()
        self.territory.check_open(changes.get("grid_codes", ()), kept.tenant, now)
        return changed(self.organisations.units, replace(kept, **changes), version, change, now)
