"""What the ledger reads of cases: lines of a list, and how many stand where in each part of an area."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING

from cases.case import Case, Status
from cases.ledger import PROBLEMS, STATUSES, Count, List, Period, part_of
from cases.listing import RUNNING
from cases.store import case_document
from cases.store.cases import CASE
from chassis.mongo import Home
from chassis.outbox import Document

WAITING = (Status.REPORTED, Status.VERIFYING)
LEFT = (Status.REJECTED, Status.MERGED, Status.WITHDRAWN)

AFTER = tuple[datetime, str]


@dataclass(frozen=True)
class Page:
    """Which lines of a list: those that fit, after the position, so many."""

    filters: Mapping[str, Any]
    after: AFTER | None
    limit: int


class LedgerStore:
    """Reads the ledger of an area; its indexes are those of `CaseStore`."""

    INDEXES: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def counts(self, area: str, period: Period, now: datetime) -> list[Count]:
        """One for each part of the area in which there is anything, by its code.

        What is open counts whenever it was reported, what ended if it did so in the period.
        """
        digits = part_of(area) or len(area)
        rows: dict[str, dict[str, int]] = {}
        for which in (_open(area), _ended(area, period)):
            for row in self._cases.aggregate([{"$match": which}, _grouped(digits, now)]):
                rows.setdefault(row.pop("_id"), {}).update({name: n for name, n in row.items() if n})
        return [Count(part, **rows[part]) for part in sorted(rows)]

    def lines(self, list_: List, area: str, period: Period, page: Page, now: datetime) -> list[Case]:
        """The cases of a list: what was reported first comes first, or what was closed last."""
        done = list_ is List.COMPLETION
        field, way = ("ended_at", DESCENDING) if done else ("reported_at", ASCENDING)
        conditions: list[Document] = [
            {"areas": area, "status": {"$in": _values(STATUSES[list_])}},
            {"ended_at": _within(period)} if done else {},
            *(FILTERS[name](value, now) for name, value in page.filters.items() if value),
            _following(field, way, page.after),
        ]
        which = {"$and": [condition for condition in conditions if condition]}
        found = self._cases.find(which, CASE).sort([(field, way), ("_id", ASCENDING)]).limit(page.limit)
        return [case_document.read(document) for document in found]


FILTERS: Mapping[str, Callable[[Any, datetime], Document]] = {
    "category": lambda value, _: {"category": value},
    "compound_id": lambda value, _: {"compound": value},
    "tag": lambda value, _: {"tags": value},
    "unit_id": lambda value, _: {"concerned": case_document.as_assignee(value)},
    "unassigned": lambda _, __: {"assignment.assignees": []},
    "overdue": lambda _, now: {"status": {"$in": _values(RUNNING)}, "dues.resolve_due": {"$lt": now}},
}


def _following(field: str, way: int, after: AFTER | None) -> Document:
    if after is None:
        return {}
    at, id = after
    # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
    beyond = "$lte" if way == DESCENDING else "$gte"
    return {field: {beyond: at}, "$nor": [{field: at, "_id": {"$lte": id}}]}


def _open(area: str) -> Document:
    return {"areas": area, "status": {"$in": _values((*PROBLEMS, *WAITING))}}


def _ended(area: str, period: Period) -> Document:
    return {"areas": area, "ended_at": _within(period)}


def _within(period: Period) -> Document:
    return {"$gte": period.begins, "$lt": period.ends}


def _grouped(digits: int, now: datetime) -> Document:
    problem = {"$in": ["$status", _values(PROBLEMS)]}
    running = {"$in": ["$status", _values(RUNNING & PROBLEMS)]}
    late = {"$and": [running, {"$lt": ["$dues.resolve_due", now]}, {"$ne": ["$dues.resolve_due", None]}]}
    nobody = {"$and": [problem, {"$eq": ["$assignment.assignees", []]}]}
    return {
        "$group": {
            "_id": {"$substrBytes": ["$place.grid_code", 0, digits]},
            "waiting": _sum({"$in": ["$status", _values(WAITING)]}),
            "problem": _sum(problem),
            "unassigned": _sum(nobody),
            "overdue": _sum(late),
            "completion": _sum({"$eq": ["$status", Status.CLOSED.value]}),
            "left": _sum({"$in": ["$status", _values(LEFT)]}),
        }
    }


def _sum(condition: Document) -> Document:
    return {"$sum": {"$cond": [condition, 1, 0]}}


def _values(statuses: Iterable[Status]) -> list[str]:
    return sorted(each.value for each in statuses)
