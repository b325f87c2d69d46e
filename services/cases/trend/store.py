"""Reads how long the cases took that were closed in a quarter."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from cases.case import Status
from cases.trend.quarter import Quarter
from chassis.mongo import Home

MINUTE = timedelta(minutes=1)

TIMES = {"reported_at": True, "dues.closed_at": True}


class TrendStore:
    """Its index is that of `CaseStore` by what has ended."""

    INDEXES: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def minutes(self, area: str, quarter: Quarter) -> list[int]:
        """From report to end, in whole minutes, of the dispatched cases of an area closed in the quarter."""
        ended = {"$gte": quarter.begins, "$lt": quarter.after.begins}
        # Feedback is what tells them from what was answered directly, as it does for the indicators.
        which = {"areas": area, "ended_at": ended, "status": Status.CLOSED.value, "dues.resolved_at": {"$ne": None}}
        return [
            (found["dues"]["closed_at"] - found["reported_at"]) // MINUTE for found in self._cases.find(which, TIMES)
        ]
