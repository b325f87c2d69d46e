"""The ledger entrypoint: one call for the counts of an area and a page of one of its lists."""

from datetime import datetime, timedelta
from typing import Any

from cases.case import Case
from cases.deadline import LOCAL
from cases.instant import written
from cases.ledger import List, Period, line
from cases.ledger_schemas import LedgerSchema
from cases.listing import OVERSEEING
from cases.sight import Sight, sight
from cases.store.ledger import LedgerStore, Page
from chassis.caller import Caller
from chassis.clock import Clock
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

USUAL = timedelta(days=30)
"""How far back what is done is listed, unless another period is asked for."""

NUMBERS = ("waiting", "problem", "unassigned", "overdue", "completion", "left")


class LedgerDesk:
    """Shows the three lists to whoever oversees an area (docs/domain.md §2.1, form C)."""

    clock: Clock
    ledgers: LedgerStore = Store(LedgerStore)

    @rpc
    def ledger(self, caller: Answer, **asked: Any) -> Answer:
        """`{area, list, since, until, totals, parts, items, next}`; refuses `out_of_scope` and `invalid`.

        `totals` and `parts` count all of the area, whatever the filters of the list.
        """
        who, now = Caller.load(caller), self.clock.now()
        wanted = load(LedgerSchema(), asked)
        area, list_, period = wanted["area"], List(wanted["list"]), _period(wanted, now)
        if not who.holds(OVERSEEING, area):
            raise Refusal("out_of_scope", act="ledger")
        page = Page(wanted["filters"], wanted["after"], wanted["limit"] + 1)
        found = self.ledgers.lines(list_, area, period, page, now)
        shown = found[: wanted["limit"]]
        counts = self.ledgers.counts(area, period, now)
        return {
            "area": area,
            "list": list_.value,
            "since": written(period.begins),
            "until": written(period.ends),
            "totals": {name: sum(getattr(each, name) for each in counts) for name in NUMBERS},
            "parts": [vars(each) for each in counts],
            "items": [line(list_, case, now, named=sight(case, who) is Sight.FULL) for case in shown],
            "next": _position(list_, shown) if len(found) > len(shown) else None,
        }


def _period(wanted: Answer, now: datetime) -> Period:
    """From `since` until `until`, or the last 30 days up to the end of today in local time."""
    tomorrow = (now.astimezone(LOCAL) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = wanted["until"] or tomorrow
    begins = wanted["since"] or ends - USUAL
    if begins >= ends:
        fault = {"pointer": "/until", "detail": "Not after `since`."}
        raise Refusal("invalid", errors=[fault])
    return Period(begins, ends)


def _position(list_: List, shown: list[Case]) -> list[str]:
    last = shown[-1]
    at = last.dues.closed_at if list_ is List.COMPLETION and last.dues.closed_at else last.reported_at
    return [written(at), last.id]
