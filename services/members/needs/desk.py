"""The entrypoints about needs: their words for whoever makes demands of them, and what becomes of those."""

from typing import Any

from chassis.desk import Desk
from chassis.event import Event, heard
from chassis.paging import each_kept
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.needs.schemas import DemandEventSchema, NeedIdSchema, PolicyHeard
from members.needs.store import NeedStore


class NeedDesk(Desk):
    """Answers what was said, and keeps in mind how far its demand has come."""

    needs_kept: NeedStore = Store(NeedStore)
    cases: Any

    @rpc
    def need_words(self, **body: Any) -> dict[str, str]:
        """What was said, without numbers: `{text}`; for the service that makes demands. Refuses `need_not_found`."""
        wanted = load(NeedIdSchema(), body)
        return {"text": self.needs_kept.words(wanted["need_id"], wanted["tenant"])}

    @subscribe("cases", "policy.entered")
    def learn_categories(self, event: Event) -> None:
        """Keep which categories a district has that others have not."""
        self._learn_categories(event.data)

    @rpc
    def copy_categories(self, after: str = "") -> str | None:
        """Copy one page of the districts' categories anew: the `after` of the next page. For operators."""
        return each_kept(self.cases.entered_policies(after=after), self._learn_categories)

    def _learn_categories(self, data: dict[str, Any]) -> None:
        told = heard(PolicyHeard(), data)
        self.needs_kept.learn_categories(told["area"], [each["code"] for each in told["categories"]], told["number"])

    @subscribe(
        "cases",
        "demand.opened",
        "demand.matched",
        "demand.reopened",
        "demand.met",
        "demand.unmet",
        "demand.expired",
    )
    def note_demand(self, event: Event) -> None:
        """Keep in mind where the demand of a need stands; it has the id of the need."""
        told = heard(DemandEventSchema(), event.data)
        self.needs_kept.note(told["demand_id"], event.sequence, told["status"])
