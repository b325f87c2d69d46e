"""The trend entrypoint: two quarters of an area side by side."""

from typing import Any

from cases.indicators.figure_store import FigureStore
from cases.indicators.rates import Sums
from cases.indicators.selection import Selection, local_day
from cases.permission import within
from cases.place import tenant_of
from cases.policies.store import PolicyStore
from cases.showing.listing import OVERSEEING
from cases.store import PlaceStore
from cases.trend.efficiency import Efficiency, deltas, efficiency
from cases.trend.quarter import Quarter, at, named
from cases.trend.schemas import TrendSchema
from cases.trend.store import TrendStore
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]


class TrendDesk(Desk):
    """Shows whoever oversees an area whether its cases are handled better than before (F19)."""

    trends: TrendStore = Store(TrendStore)
    figures_kept: FigureStore
    policies_kept: PolicyStore
    places: PlaceStore

    @rpc
    def trend(self, caller: Answer, **asked: Any) -> Answer:
        """`{area, quarter, against, deltas}`, each quarter with its `name`.

        Refuses `invalid`, `out_of_scope` and, in one's scope, `unknown_area`: its zeros would be no figures.

        The quarter that is running unless another is named, against the one before it.
        """
        who, given = Caller.load(caller), load(TrendSchema(), asked)
        area = given["area"]
        # Whoever oversees several districts has the sums of each (F57).
        whole = area == tenant_of(area) and who.holds(OVERSEEING, area)
        if not whole and not within(who, OVERSEEING, area):
            raise Refusal("out_of_scope", act="trend")
        if not self.places.knows(area):
            raise Refusal("unknown_area", area=area)
        quarter = named(given["quarter"]) if "quarter" in given else at(self.clock.now())
        against = named(given["against"]) if "against" in given else quarter.before
        now, before = (self._figures(area, each) for each in (quarter, against))
        return {
            "area": area,
            "quarter": {"name": quarter.name, **vars(now)},
            "against": {"name": against.name, **vars(before)},
            "deltas": deltas(now, before),
        }

    def _figures(self, area: str, quarter: Quarter) -> Efficiency:
        """From the same counters as the indicators, by the rules of the last day, or of today if that is to come."""
        now = self.clock.now()
        found = self.figures_kept.sums(Selection(area, quarter.begins.date(), quarter.last), now)
        rules = self.policies_kept.scoring_of(area, min(quarter.last, local_day(now)))
        return efficiency(sum(found.values(), Sums({})), self.trends.minutes(area, quarter), rules)
