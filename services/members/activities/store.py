"""Activities in the database: found by area and time, by series and by organiser."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document, StaleVersion
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records, Writing
from members.activities.activity import EVENT_TYPES, PUBLISHED, Activity, Kind, State, told
from members.activities.documents import read, written
from members.posts.post import midnight

ONE_DAY = timedelta(days=1)
BY_BEGIN = (("begins", ASCENDING), ("_id", ASCENDING))


class ActivityStore:
    """Reads and writes activities; others hear when one is published, changed or called off."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "activities": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_BEGIN], name="area"),
            IndexModel([("series_id", ASCENDING), *BY_BEGIN], name="series"),
            IndexModel([("state", ASCENDING), *BY_BEGIN], name="state"),
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

    def write(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write an activity, the first of these, and what goes along with it, or nothing.

        Raises chassis' StaleVersion also where somebody else has just booked its venue, so that it is looked anew.
        """
        try:
            return self.records.carry_out(asked, writings)
        except DuplicateKeyError:
            raise StaleVersion(writings[0].change.id) from None

    def of_series(self, series_id: str) -> list[Kept[Activity]]:
        """The days of a series, the earliest first."""
        return self.records.find({"series_id": series_id}, BY_BEGIN)

    def between(self, area: str, first: datetime, until: datetime) -> list[Activity]:
        """The activities of an area that begin from the one instant to the other, excluded, called off or not."""
        query = {"areas": area, "begins": {"$gte": first, "$lt": until}}
        return [kept.item for kept in self.records.find(query, BY_BEGIN)]

    def beginning(self, after: datetime, until: datetime) -> list[Activity]:
        """Those of every area that take place and begin after the one instant and before the other."""
        query = {"state": State.PUBLISHED.value, "begins": {"$gt": after, "$lt": until}}
        return [kept.item for kept in self.records.find(query, BY_BEGIN)]

    def within(self, area: str, first: datetime, until: datetime, limit: int) -> list[Kept[Activity]]:
        """So many of those of an area that begin from the one instant to the other, excluded, called off or not."""
        return self.records.find({"areas": area, "begins": {"$gte": first, "$lt": until}}, BY_BEGIN, limit)

    def of_ids(self, ids: Iterable[str]) -> dict[str, Kept[Activity]]:
        """The activities of these ids."""
        return {kept.id: kept for kept in self.records.find({"_id": {"$in": sorted(set(ids))}})}

    def lasting(self, code: str, at: datetime) -> list[str]:
        """The ids of those in the grid that take place and end after that moment."""
        query = {"areas": code, "state": State.PUBLISHED.value, "ends": {"$gt": at}}
        return [row["_id"] for row in self._outbox.collection.find(query, {"_id": True})]

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """What the activities are called, by id."""
        found = self._outbox.collection.find({"_id": {"$in": sorted(ids)}}, {"title": True})
        return {row["_id"]: row["title"] for row in found}

    def service_days(self, area: str, first: datetime, until: datetime) -> list[date]:
        """The local days of an area on which a service day begins from the one instant to the other, in order."""
        found = self.between(area, first, until)
        standing = (each for each in found if each.kind is Kind.SERVICE_DAY and each.state is State.PUBLISHED)
        return sorted({each.day for each in standing})

    def page(
        self, areas: Sequence[str], filters: Mapping[str, Any], after: After | None, limit: int
    ) -> list[Kept[Activity]]:
        """The first activities of these areas that the filters let through, the earliest first."""
        query: Document = {"areas": {"$in": list(areas)}}
        query |= {name: filters[name] for name in ("kind", "series_id") if name in filters}
        if begins := on_days(filters):
            query["begins"] = begins
        return self.records.find({"$and": [query, following("begins", ASCENDING, after)]}, BY_BEGIN, limit)


def on_days(filters: Mapping[str, Any]) -> Document:
    """What begins from the local `first_day` to the `last_day`, as far as they are named."""
    first, last = filters.get("first_day"), filters.get("last_day")
    since = {"$gte": midnight(first)} if first else {}
    return since | ({"$lt": midnight(last) + ONE_DAY} if last else {})


def outcome(activity: Activity, type: str, role: str) -> Outcome[Activity]:
    """What a command makes of an activity, with the event that tells of it."""
    return Outcome(activity, type, told(activity), role)
