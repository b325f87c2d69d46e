"""Activities in the database: found by area and time, by series and by organiser."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records
from members.activities.activity import EVENT_TYPES, PUBLISHED, Activity, State, told
from members.activities.documents import read, written

BY_BEGIN = (("begins", ASCENDING), ("_id", ASCENDING))


class ActivityStore:
    """Reads and writes activities; others hear when one is published, changed or called off."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "activities": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_BEGIN], name="area"),
            IndexModel([("series_id", ASCENDING), *BY_BEGIN], name="series"),
            IndexModel([("state", ASCENDING), ("ends", ASCENDING)], name="state"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("activities", subject="activity", published=EVENT_TYPES)
        self.records: Records[Activity] = Records(self._outbox, written, read, lambda: Refusal("activity_not_found"))

    def add(self, activities: Iterable[Activity], at: datetime) -> int:
        """Insert those whose id is new, for bulk loads; how many there were."""
        return self.records.add(activities, at, PUBLISHED)

    def one(self, id: str, tenants: Iterable[str] | None) -> Kept[Activity]:
        """The activity, if it lies in one of the districts (None: in any); refuses `activity_not_found`."""
        return self.records.load(id, tenants)

    def of_series(self, series_id: str) -> list[Kept[Activity]]:
        """The days of a series, the earliest first."""
        return self.records.find({"series_id": series_id}, BY_BEGIN)

    def between(self, area: str, first: datetime, until: datetime) -> list[Activity]:
        """The activities of an area that begin from the one instant to the other, excluded, called off or not."""
        query = {"areas": area, "begins": {"$gte": first, "$lt": until}}
        return [kept.item for kept in self.records.find(query, BY_BEGIN)]

    def cancelled_before_end(self, now: datetime, limit: int) -> list[Activity]:
        """So many of those called off that would not have ended yet, at most."""
        query = {"state": State.CANCELLED.value, "ends": {"$gt": now}}
        return [kept.item for kept in self.records.find(query, [("ends", ASCENDING)], limit)]

    def page(
        self, areas: Sequence[str], filters: Mapping[str, Any], after: After | None, limit: int
    ) -> list[Kept[Activity]]:
        """The first activities of these areas that the filters let through, the earliest first."""
        query: Document = {"areas": {"$in": list(areas)}}
        query |= {name: filters[name] for name in ("kind", "series_id", "organiser_id") if name in filters}
        begins = {
            name: value for name, value in (("$gte", filters.get("first")), ("$lt", filters.get("until"))) if value
        }
        position = following("begins", ASCENDING, after)
        if begins:
            query["begins"] = begins | position.pop("begins", {})
            if after is not None and "$gte" in begins:
                query["begins"]["$gte"] = max(begins["$gte"], after[0])
        return self.records.find(query | position, BY_BEGIN, limit)


def outcome(activity: Activity, type: str, role: str) -> Outcome[Activity]:
    """What a command makes of an activity, with the event that tells of it."""
    return Outcome(activity, type, told(activity), role)
