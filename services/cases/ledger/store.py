"""How many cases stand where in the ledger of an area, part by part."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from cases.case import Status
from cases.ledger.lists import LEFT, PROBLEMS, WAITING, Count, part_of
from cases.listing import RUNNING
from cases.period import Period
from chassis.mongo import Home
from chassis.outbox import Document


class LedgerStore:
    """Counts cases; its indexes are those of `CaseStore`."""

    INDEXES: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def counts(self, area: str, period: Period, now: datetime) -> list[Count]:
        """One for each part of the area in which there is anything, by its code.

        What is open counts whenever it was reported, what ended if it did so in the period.
        """
        is_open = {"areas": area, "status": {"$in": _values(PROBLEMS | WAITING)}}
        ended = {"areas": area, "ended_at": {"$gte": period[0], "$lt": period[1]}}
        rows: dict[str, dict[str, int]] = {}
        for which in (is_open, ended):
            for row in self._cases.aggregate([{"$match": which}, _grouped(part_of(area), now)]):
                rows.setdefault(row.pop("_id"), {}).update({name: n for name, n in row.items() if n})
        return [Count(part, **rows[part]) for part in sorted(rows)]


def _grouped(digits: int, now: datetime) -> Document:
    problem, running = _stands(PROBLEMS), _stands(RUNNING & PROBLEMS)
    late: list[Document] = [{"$lt": ["$dues.resolve_due", now]}, {"$ne": ["$dues.resolve_due", None]}]
    return {
        "$group": {
            "_id": {"$substrBytes": ["$place.grid_code", 0, digits]},
            "waiting": _sum(_stands(WAITING)),
            "problem": _sum(problem),
            "unassigned": _sum(problem, {"$eq": ["$assignment.assignees", []]}),
            "overdue": _sum(running, *late),
            "completion": _sum(_stands({Status.CLOSED})),
            "left": _sum(_stands(LEFT)),
        }
    }


def _stands(statuses: Iterable[Status]) -> Document:
    return {"$in": ["$status", _values(statuses)]}


def _sum(*conditions: Document) -> Document:
    return {"$sum": {"$cond": [{"$and": list(conditions)}, 1, 0]}}


def _values(statuses: Iterable[Status]) -> list[str]:
    return sorted(each.value for each in statuses)
