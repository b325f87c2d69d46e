"""How many cases stand where in the ledger of an area, part by part."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from cases.case import Status
from cases.ledger.lists import LEFT, PROBLEMS, WAITING, Count, part_of
from cases.listing import RUNNING
from cases.period import Period
from cases.place import tenant_of
from chassis.mongo import Home
from chassis.outbox import Document

OPEN, ENDED = "ledger_open", "ledger_ended"

COUNTED: Sequence[IndexModel] = (
    IndexModel(
        [("open_in", ASCENDING), ("status", ASCENDING), ("nobody", ASCENDING), ("dues.resolve_due", ASCENDING)],
        name=OPEN,
        partialFilterExpression={"open_in": {"$exists": True}},
    ),
    IndexModel(
        [("tenant", ASCENDING), ("ended_at", ASCENDING), ("place.grid_code", ASCENDING), ("status", ASCENDING)],
        name=ENDED,
        partialFilterExpression={"ended_at": {"$exists": True}},
    ),
)
"""They hold all that is counted, so that no case has to be read for it; of an array no index could say so."""


class LedgerStore:
    """Counts cases by the indexes that it adds to theirs."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"cases": COUNTED}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def counts(self, area: str, period: Period, now: datetime) -> list[Count]:
        """One for each part of the area in which there is anything, by its code.

        What is open counts whenever it was reported, what ended if it did so in the period.
        """
        rows: dict[str, dict[str, int]] = {}
        for pipeline, index in ((opened(area, now), OPEN), (ended(area, period), ENDED)):
            for row in self._cases.aggregate(pipeline, hint=index):
                rows.setdefault(row.pop("_id"), {}).update({name: n for name, n in row.items() if n})
        return [Count(part, **rows[part]) for part in sorted(rows)]


def opened(area: str, now: datetime) -> list[Document]:
    """The pipeline that counts what is open in an area, of which the index `OPEN` has everything."""
    problem, running = _stands(PROBLEMS), _stands(RUNNING & PROBLEMS)
    late: list[Document] = [{"$lt": ["$dues.resolve_due", now]}, {"$ne": ["$dues.resolve_due", None]}]
    sums = {
        "waiting": _sum(_stands(WAITING)),
        "problem": _sum(problem),
        "unassigned": _sum(problem, {"$eq": ["$nobody", True]}),
        "overdue": _sum(running, *late),
    }
    return [{"$match": {"open_in": _within(area)}}, _grouped("$open_in", area, sums)]


def ended(area: str, period: Period) -> list[Document]:
    """The pipeline that counts what ended in an area in a period, of which the index `ENDED` has everything."""
    sums = {"completion": _sum(_stands({Status.CLOSED})), "left": _sum(_stands(LEFT))}
    which = {
        "tenant": tenant_of(area),
        "ended_at": {"$gte": period[0], "$lt": period[1]},
        "place.grid_code": _within(area),
    }
    return [{"$match": which}, _grouped("$place.grid_code", area, sums)]


def _within(area: str) -> Document:
    return {"$gte": area, "$lte": f"{area}~"}


def _grouped(grid_code: str, area: str, sums: Document) -> Document:
    return {"$group": {"_id": {"$substrBytes": [grid_code, 0, part_of(area)]}, **sums}}


def _stands(statuses: Iterable[Status]) -> Document:
    return {"$in": ["$status", _values(statuses)]}


def _sum(*conditions: Document) -> Document:
    return {"$sum": {"$cond": [{"$and": list(conditions)}, 1, 0]}}


def _values(statuses: Iterable[Status]) -> list[str]:
    return sorted(each.value for each in statuses)
