"""Reads of the cases of a compound what its page needs, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from cases.assignment import UNIT
from cases.case import Status
from cases.compound_pages.page import Glimpse
from cases.rating import Rating, Solved
from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.outbox import Document

MOST_READ = 1_000

GLIMPSED = dict.fromkeys(
    (
        "number",
        "status",
        "reported_at",
        "category",
        "category_version",
        "dues.resolve_due",
        "dues.closed_at",
        "assignment.assignees.id",
        "assignment.assignees.kind",
        "ratings.round",
        "ratings.at",
        "ratings.by_proxy",
        "ratings.channel",
        "ratings.contacted",
        "ratings.solved",
        "round",
    ),
    True,
)
"""No remark, no photo, no reporter, no place but the compound itself ever leaves the database for the page."""


class CompoundPageStore:
    """Glimpses of cases; those that complain of a unit are left out altogether (docs/domain.md §5)."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "cases": [
            IndexModel(
                [("compound", ASCENDING), ("ended_at", DESCENDING), ("reported_at", ASCENDING)],
                name="compound_ended",
                partialFilterExpression={"compound": {"$exists": True}},
            )
        ],
        "service_days": [IndexModel([("compounds", ASCENDING), ("day", ASCENDING)], name="compound")],
    }

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")
        self._service_days = home.collection("service_days")

    def put_service_day(self, id: str, day: date, compounds: Sequence[str], sequence: int) -> None:
        """Keep whose turn it is on a day as of the `sequence`-th plan of it, unless a later one is kept."""
        keep_newest(self._service_days, id, sequence, {"day": day.isoformat(), "compounds": list(compounds)})

    def next_service_day(self, compound_id: str, today: date) -> date | None:
        """The next day, today included, on which the compound has its turn."""
        coming = {"compounds": compound_id, "day": {"$gte": today.isoformat()}}
        found = self._service_days.find_one(coming, {"day": True}, sort=[("day", ASCENDING)])
        return date.fromisoformat(found["day"]) if found else None

    def standing(self, compound_id: str) -> list[Glimpse]:
        """What is open, the oldest first."""
        return self._found({"compound": compound_id, "ended_at": None}, "reported_at", ASCENDING)

    def done(self, compound_id: str, since: datetime) -> list[Glimpse]:
        """What was closed since then, the latest first."""
        closed = {"compound": compound_id, "ended_at": {"$gte": since}, "status": Status.CLOSED.value}
        return self._found(closed, "ended_at", DESCENDING)

    def _found(self, which: Document, order: str, way: int) -> list[Glimpse]:
        about_nobody = {**which, "complained_unit_id": None}
        found = self._cases.find(about_nobody, GLIMPSED).sort(order, way).hint("compound_ended").limit(MOST_READ)
        return [_glimpse(document) for document in found]


def _glimpse(found: Mapping[str, Any]) -> Glimpse:
    assignees = found["assignment"].get("assignees", ())
    return Glimpse(
        number=found["number"],
        status=Status(found["status"]),
        reported_at=found["reported_at"],
        category=found["category"],
        category_version=found["category_version"],
        resolve_due=found["dues"].get("resolve_due"),
        closed_at=found["dues"].get("closed_at"),
        units=tuple(one["id"] for one in assignees if one["kind"] == UNIT),
        people=any(one["kind"] != UNIT for one in assignees),
        ratings=tuple(_mark(row) for row in found["ratings"]),
        round=found["round"],
    )


def _mark(row: Mapping[str, Any]) -> Rating:
    """The mark, without who gave it."""
    return Rating(**{**row, "by": "", "solved": Solved(row["solved"]) if row["solved"] else None})
