"""The entrypoint that tells the force of an area."""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.instant import written
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import DISTRICT_DIGITS, tenant_of
from members.force.effort import Effort, deltas, effort
from members.force.schemas import EffortSchema, ForceSchema
from members.force.store import ForceStore
from members.force.tally import FEWEST, by_district, tally
from members.hours.store import HoursStore
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.permission import widest
from members.policies.span import Span, span
from members.territory.grid import Level
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

LAST_MOMENT = time(23, 59, 59, 999_000)
"""Of a day, as finely as the database keeps time: what begins at midnight begins with the next day."""


class ForceDesk(Desk):
    """Counts who can be called on: sums alone, and none from which the identity of a few can be told."""

    forces: ForceStore = Store(ForceStore)
    hours_kept: HoursStore
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def force(self, caller: Answer, **asked: Any) -> Answer:
        """The people of an area, each once and by capacity, and its units by kind; of several districts one by one.

        `{area, at, distinct, roles, tags, pairs, fewest_told, units, districts}`; refuses `not_permitted`.
        """
        who, wanted = Caller.load(caller), load(ForceSchema(), asked)
        area, at = wanted["area"], _moment(wanted["as_of"], self.clock.now())
        whole = widest(who, "see_force", area)
        groups = self.forces.groups(whole, area, at)
        return {
            "area": area,
            "at": written(at),
            **tally(groups, whole, area),
            "units": self.forces.units(area),
            "districts": by_district(groups, whole, area) if len(area) < DISTRICT_DIGITS else [],
        }

    @rpc
    def force_trend(self, caller: Answer, **asked: Any) -> Answer:
        """Who served in an area in a quarter and for how long, against another (F19).

        `{fewest_told, quarter, against, deltas}`; refuses `not_permitted` and `invalid`.
        """
        who, wanted = Caller.load(caller), load(EffortSchema(), asked)
        area = wanted["area"]
        # No area above a district can be asked for, so nothing can be subtracted from one.
        reach = max(widest(who, "see_force", area), tenant_of(area), key=len)
        now, before = (self._effort(reach, area, span(wanted[each])) for each in ("quarter", "against"))
        told = {"quarter": asdict(now), "against": asdict(before), "deltas": deltas(now, before)}
        return {"fewest_told": FEWEST, **told}

    def _effort(self, reach: str, area: str, quarter: Span) -> Effort:
        services = self.hours_kept.served(reach, quarter.first, quarter.last)
        whole = self.people.whole(id for id, _, _ in services)
        until = _moment(quarter.last, self.clock.now())
        grids = self.territory.grids_within([tenant_of(area)], area, [Level.SERVICE], until)
        return effort(services, whole, sum(each.population for each in grids), reach, area)


def _moment(day: date | None, now: datetime) -> datetime:
    """The last moment of the local day, or now for today and what is still to come."""
    if day is None or day >= now.astimezone(LOCAL).date():
        return now
    return datetime.combine(day, LAST_MOMENT, LOCAL)
