"""The entrypoint of the compounds' pages, open to everybody."""

from typing import Any

from cases.compound_pages.page import SHOWN_FOR, page
from cases.compound_pages.schemas import CompoundSchema, ServiceDayHeardSchema
from cases.compound_pages.store import CompoundPageStore
from cases.deadline import LOCAL
from cases.store import PlaceStore
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe


class CompoundPageDesk(Desk):
    """Shows what is open in a compound, who sees to it, and what is done (F38)."""

    places: PlaceStore
    compound_pages: CompoundPageStore = Store(CompoundPageStore)

    @rpc
    def compound_page(self, compound_id: str) -> dict[str, Any]:
        """The page; refuses `compound_not_found`."""
        load(CompoundSchema(), {"compound_id": compound_id})
        compound = self.places.compound(compound_id)
        if compound is None:
            raise Refusal("compound_not_found", compound_id=compound_id)
        now = self.clock.now()
        kept = self.compound_pages
        cases = [*kept.standing(compound_id), *kept.done(compound_id, now - SHOWN_FOR)]
        grid = self.places.grid(compound.grid_code)
        units = self.places.names((), (), {id for each in cases for id in each.units})
        coming = kept.next_service_day(compound_id, now.astimezone(LOCAL).date())
        return page(compound, grid.community if grid else "", cases, units, now, coming)

    @subscribe("members", "rotation.planned")
    def copy_service_day(self, event: Event) -> None:
        """Keep the copy of which compounds have their turn on a service day."""
        told = load(ServiceDayHeardSchema(), event.data)
        self.compound_pages.put_service_day(told["rotation_id"], told["day"], told["compound_ids"], event.sequence)
