"""The entrypoints of the register of buildings: each loads, lets the rules decide, and stores."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.buildings import building as rules
from members.buildings import schemas
from members.buildings.building import CHANGED, REGISTERED, Building
from members.buildings.store import MOST, BuildingStore
from members.permission import role_in, tenants
from members.territory.compound import Compound
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

KEEP = "keep_buildings"


class BuildingDesk(Desk):
    """Keeps the buildings of each compound."""

    buildings_kept: BuildingStore = Store(BuildingStore)
    territory: TerritoryStore

    @rpc
    def register_building(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a building of a compound: the receipt.

        Refuses `compound_not_found`, `building_number_taken` and `too_many_buildings`.
        """
        given, asked = load(schemas.BuildingSchema(), body), self._asked(caller, command_id, body)
        compound = self._compound(asked.caller, given["compound_id"])
        role = role_in(asked.caller, KEEP, compound.grid_code)
        fields = {**given, "opened": given["opened"] or asked.now}
        made = _checked(Building(id=new_id(), tenant=tenant_of(compound.grid_code), **fields))
        if answer := self.buildings_kept.records.answered(asked):
            return answer
        if len(self.buildings_kept.of(compound.id, asked.now)) >= MOST:
            raise Refusal("too_many_buildings", most=MOST)
        with self.buildings_kept.once_each():
            return self.buildings_kept.records.open(asked, Outcome(made, REGISTERED, _told(made), role))

    @rpc
    def change_building(self, caller: Answer, command_id: str, building_id: str, **body: Any) -> Answer:
        """Tell something anew of a building: the receipt. Refuses `building_not_found`, `building_number_taken`."""
        given = load(schemas.ChangeBuildingSchema(), body)
        asked = self._asked(caller, command_id, {"building_id": building_id, **body})

        def decide(building: Building) -> Outcome[Building]:
            compound = self._compound(asked.caller, building.compound_id)
            role = role_in(asked.caller, KEEP, compound.grid_code)
            made = _checked(rules.changed(building, given))
            return Outcome(made, CHANGED, _told(made), role)

        with self.buildings_kept.once_each():
            return self.buildings_kept.records.change(asked, building_id, tenants(asked.caller), decide)

    @rpc
    def buildings(self, caller: Answer, **asked: Any) -> Answer:
        """The buildings of a compound by number, now or `at` another moment; refuses `compound_not_found`."""
        who, given = Caller.load(caller), load(schemas.BuildingsSchema(), asked)
        compound = self._compound(who, given["compound_id"])
        found = self.buildings_kept.of(compound.id, given["at"] or self.clock.now())
        return {"items": [rules.shown(each) for each in found]}

    def _compound(self, caller: Caller, id: str) -> Compound:
        found = self.territory.compounds.versioned(id, tenants(caller))
        if found is None:
            raise Refusal("compound_not_found", compound_id=id)
        return found[0]


def _told(building: Building) -> Answer:
    return {"compound_id": building.compound_id, "number": building.number}


def _checked(building: Building) -> Building:
    if building.closed is not None and building.closed <= building.opened:
        fault = {"pointer": "/to", "detail": "Must lie after `from`."}
        raise Refusal("invalid", errors=[fault])
    return building
