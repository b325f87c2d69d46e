"""The ledger entrypoint: one call for the counts of an area and a page of one of its lists."""

from datetime import datetime, timedelta
from typing import Any

from cases.case import Case
from cases.deadline import LOCAL
from cases.instant import written
from cases.ledger.lists import List, Period, line, totals, wanted
from cases.ledger.schemas import LedgerSchema
from cases.ledger.store import LedgerStore
from cases.listing import OVERSEEING
from cases.sight import Sight, sight
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.clock import Clock
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

USUAL = timedelta(days=30)
"""How far back what is done is listed, unless another period is asked for."""


class LedgerDesk:
    """Shows the three lists to whoever oversees an area (docs/domain.md §2.1, form C)."""

    clock: Clock
    cases_kept: CaseStore
    ledgers: LedgerStore = Store(LedgerStore)

    @rpc
    def ledger(self, caller: Answer, **asked: Any) -> Answer:
        """`{area, list, since, until, totals, parts, items, next}`; refuses `out_of_scope` and `invalid`.

        `totals` and `parts` count all of the area, whatever the filters of the list.
        """
        who, now = Caller.load(caller), self.clock.now()
        given = load(LedgerSchema(), asked)
        area, list_, period = given["area"], List(given["list"]), _period(given, now)
        if not who.holds(OVERSEEING, area):
            raise Refusal("out_of_scope", act="ledger")
        lines = wanted(list_, area, period, given["filters"], now)
        found = self.cases_kept.page(lines, given["after"], given["limit"] + 1)
        shown = found[: given["limit"]]
        counts = self.ledgers.counts(area, period, now)
        return {
            "area": area,
            "list": list_.value,
            "since": written(period[0]),
            "until": written(period[1]),
            "totals": totals(counts),
            "parts": [vars(each) for each in counts],
            "items": [line(list_, case, now, named=sight(case, who) is Sight.FULL) for case in shown],
            "next": _position(list_, shown) if len(found) > len(shown) else None,
        }


def _period(given: Answer, now: datetime) -> Period:
    """From `since` until `until`, or the last 30 days up to the end of today in local time."""
    tomorrow = (now.astimezone(LOCAL) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = given["until"] or tomorrow
    begins = given["since"] or ends - USUAL
    if begins >= ends:
        fault = {"pointer": "/until", "detail": "Not after `since`."}
        raise Refusal("invalid", errors=[fault])
    return begins, ends


def _position(list_: List, shown: list[Case]) -> list[str]:
    last = shown[-1]
    at = last.dues.closed_at if list_ is List.COMPLETION and last.dues.closed_at else last.reported_at
    return [written(at), last.id]
