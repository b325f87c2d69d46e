"""What coverage keeps of what others told: intake sessions held, and on which days notices reached post holders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.mongo import Home
from members.area import tenant_of

LOOKED_BACK = timedelta(days=366)
"""So far back the last day is looked for; what was longer ago is as good as never."""


class CoverageStore:
    """Read copies; each is written under an id of its own, so that an event may come any number of times."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "sessions_held": [IndexModel([("tenant", ASCENDING), ("day", ASCENDING)], name="day")],
        "reached": [IndexModel([("person_id", ASCENDING), ("day", ASCENDING)], name="person_day")],
    }

    def __init__(self, home: Home) -> None:
        self._sessions = home.collection("sessions_held")
        self._reached = home.collection("reached")

    def note_session(self, id: str, area: str, day: date) -> None:
        """Remember that a session was held in a community, or in one of its grids, on a local day."""
        fields = {"tenant": tenant_of(area), "area": area, "day": day.isoformat()}
        self._sessions.update_one({"_id": id}, {"$set": fields}, upsert=True)

    def note_reached(self, person_id: str, day: date) -> None:
        """Remember that a notice reached a person on a local day."""
        fields = {"person_id": person_id, "day": day.isoformat()}
        self._reached.update_one({"_id": f"{person_id}/{day}"}, {"$set": fields}, upsert=True)

    def sessions(self, communities: Iterable[str], tenant: str, day: date) -> dict[str, date]:
        """For each community the last day up to that one on which a session was held in it."""
        wanted, found = tuple(communities), dict[str, date]()
        for row in self._sessions.find({"tenant": tenant, "day": _until(day)}):
            for code in wanted:
                if row["area"].startswith(code):
                    found[code] = max(found.get(code, date.min), date.fromisoformat(row["day"]))
        return found

    def reached(self, people: Sequence[str], day: date) -> dict[str, date]:
        """For each person the last day up to that one on which a notice reached them."""
        stages: list[dict[str, Any]] = [
            {"$match": {"person_id": {"$in": list(people)}, "day": _until(day)}},
            {"$group": {"_id": "$person_id", "day": {"$max": "$day"}}},
        ]
        return {row["_id"]: date.fromisoformat(row["day"]) for row in self._reached.aggregate(stages)}


def _until(day: date) -> dict[str, str]:
    return {"$gt": (day - LOOKED_BACK).isoformat(), "$lte": day.isoformat()}
