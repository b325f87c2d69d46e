"""The entrypoint that tells the force of an area."""

from datetime import date, datetime, time
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.instant import written
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import DISTRICT_DIGITS
from members.force.schemas import ForceSchema
from members.force.store import ForceStore
from members.force.tally import by_district, tally
from members.people.person import LOCAL
from members.permission import widest

Answer = dict[str, Any]

LAST_MOMENT = time(23, 59, 59, 999_000)
"""Of a day, as finely as the database keeps time: what begins at midnight begins with the next day."""


class ForceDesk(Desk):
    """Counts who can be called on: sums alone, and none from which the identity of a few can be told."""

    forces: ForceStore = Store(ForceStore)

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


def _moment(day: date | None, now: datetime) -> datetime:
    """The last moment of the local day, or now for today and what is still to come."""
    if day is None or day >= now.astimezone(LOCAL).date():
        return now
    return datetime.combine(day, LAST_MOMENT, LOCAL)
