"""Reads what counts of the cases that were closed in a quarter."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from cases.case import Status
from cases.rating import answered
from cases.store.part_documents import read_exclusion, read_rating
from cases.trend.efficiency import Closed
from cases.trend.quarter import Quarter
from chassis.mongo import Home

COUNTED = {"reported_at": True, "dues": True, "ratings": True, "round": True, "handlers": True, "exclusion": True}


class TrendStore:
    """Its index is that of `CaseStore` by what has ended."""

    INDEXES: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def closed(self, area: str, quarter: Quarter) -> Iterator[Closed]:
        """The cases of an area that were closed in the quarter, in no order."""
        ended = {"$gte": quarter.begins, "$lt": quarter.after.begins}
        which = {"areas": area, "ended_at": ended, "status": Status.CLOSED.value}
        for found in self._cases.find(which, COUNTED):
            yield _closed(found)


def _closed(found: Mapping[str, Any]) -> Closed:
    exclusion = read_exclusion(found.get("exclusion"))
    dues, ratings = found["dues"], tuple(read_rating(row) for row in found["ratings"])
    return Closed(
        reported_at=found["reported_at"],
        closed_at=dues["closed_at"],
        dispatched=bool(found["handlers"]),
        respond_due=dues["respond_due"],
        responded_at=dues["responded_at"],
        rating=answered(ratings, found["round"]),
        ground=exclusion.reason if exclusion and exclusion.holds else None,
    )
