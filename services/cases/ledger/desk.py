"""The ledger entrypoint: one call for the counts of an area and a page of one of its lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.indicators.view import category_names
from cases.ledger.lists import List, line, totals, wanted
from cases.ledger.schemas import GridCountsSchema, LedgerSchema
from cases.ledger.store import LedgerStore
from cases.naming import Codes, Naming, once
from cases.period import spanning
from cases.permission import within
from cases.place import tenant_of
from cases.showing.listing import OVERSEEING
from cases.showing.sight import sight
from cases.showing.view import place, position
from cases.store import CaseStore, PlaceStore
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.instant import written
from chassis.paging import page_of_seen
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]


class LedgerDesk(Desk):
    """Shows the three lists to whoever oversees an area (docs/domain.md §2.1, form C)."""

    cases_kept: CaseStore
    places: PlaceStore
    ledgers: LedgerStore = Store(LedgerStore)
    members: Any

    @rpc
    def ledger(self, caller: Answer, **asked: Any) -> Answer:
        """`{area, list, since, until, totals, parts, items, names, next}`; refuses `out_of_scope` and `invalid`.

        And `unknown_area`, `unknown_unit` and `unknown_category` for what there is not.

        `totals` and `parts` count all of the area, whatever the filters of the list, but for what is about the unit of
        the caller (docs/domain.md §5); `names` tells what the codes of
        areas, compounds, units and people on the page are called.
        """
        who, now = Caller.load(caller), self.clock.now()
        given = load(LedgerSchema(), asked)
        area, list_ = given["area"], List(given["list"])
        period = spanning(given["since"], given["until"], now)
        if not within(who, OVERSEEING, area):
            raise Refusal("out_of_scope", act="ledger")
        self._check_known(area, given["filters"])
        selected = wanted(list_, area, period, given["filters"], now, who)
        # As in every list, the query leaves out most of what is not told, and sight has the last word.
        shown, following = page_of_seen(
            lambda after, limit: self.cases_kept.page(selected, after, limit),
            lambda cases: [case for case in cases if sight(case, who) >= selected.least],
            lambda case: place(case, selected.order),
            given["after"],
            given["limit"],
        )
        lines = [line(list_, case, now, sight(case, who)) for case in shown]
        counts = self.ledgers.counts(area, period, now, who.unit)
        told = _codes([area, *(each.area for each in counts)], lines)
        return {
            "area": area,
            "list": list_.value,
            "since": written(period[0]),
            "until": written(period[1]),
            "totals": totals(counts),
            "parts": [vars(each) for each in counts],
            "items": lines,
            "names": Naming(self.places, self.members).of(told, tenant_of(area)),
            "next": position(shown[-1], selected.order) if following else None,
        }

    def _check_known(self, area: str, filters: Mapping[str, Any]) -> None:
        """Refuses what there is not and never was, for an empty list of it would say that nothing is there."""
        unit, category = filters.get("unit_id"), filters.get("category")
        if not self.places.knows(area):
            raise Refusal("unknown_area", area=area)
        if unit is not None and self.places.unit(unit) is None:
            raise Refusal("unknown_unit", unit_id=unit)
        if category is not None and not category_names([category], area):
            raise Refusal("unknown_category", category=category)

    @rpc
    def counts_of_grids(self, **asked: Any) -> Answer:
        """How many cases stand where on each of these grids, what ended in a period: `{counts}`; for who tells others.

        Each by its code with all of `Count`, zeros too; without what is about a unit, if its people are to be told.
        """
        given, now = load(GridCountsSchema(), asked), self.clock.now()
        period = spanning(given["since"], given["until"], now)
        about = given["not_of"]
        return {"counts": {code: totals(self.ledgers.counts(code, period, now, about)) for code in given["grids"]}}


def _codes(areas: Iterable[str], lines: Iterable[Mapping[str, Any]]) -> Codes:
    rows = list(lines)
    return Codes(
        areas=once([*areas, *(row["grid_code"] for row in rows)]),
        compounds=once(row["compound_id"] for row in rows),
        units=once(unit for row in rows for unit in row.get("units", ())),
        people=once(person for row in rows for person in row.get("people", ())),
    )
