"""The rotation in the database: crews, plans, days served, and the copy of hygiene cases that calls for visits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.records import COMMANDS, Kept, Records
from members.area import tenant_of
from members.rotation import documents
from members.rotation.crew import Crew
from members.rotation.plan import PLANNED, Plan, plan_id
from members.rotation.served import DayServed
from members.rotation.waits import Seen
from members.signups.signup import State

BY_DAY = (("day", ASCENDING), ("_id", ASCENDING))
ENTRIES = ("n", "at", "by", "data")


class RotationStore:
    """Reads and writes all that the rotation keeps; others hear which compounds have a turn on a day."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "rotation_crews": [COMMANDS, IndexModel([("looked_at", ASCENDING)], name="looked_at")],
        "rotation_plans": [COMMANDS, IndexModel([("area", ASCENDING), *BY_DAY], name="area")],
        "days_served": [COMMANDS, IndexModel([("area", ASCENDING), *BY_DAY], name="area")],
        "hygiene_cases": [
            IndexModel(
                [("area", ASCENDING), ("_id", ASCENDING)],
                name="awaited",
                partialFilterExpression={"awaited": True},
            ),
            IndexModel(
                [("service_day", ASCENDING), ("_id", ASCENDING)],
                name="service_day",
                partialFilterExpression={"service_day": {"$type": "string"}},
            ),
        ],
    }

    def __init__(self, home: Home) -> None:
        self.crews: Records[Crew] = Records(
            home.outbox("rotation_crews", subject="rotation_crew", published=()),
            documents.from_crew,
            documents.crew,
            lambda: Refusal("rotation_not_found"),
        )
        self.plans: Records[Plan] = Records(
            home.outbox("rotation_plans", subject="rotation", published=(PLANNED,)),
            documents.from_plan,
            documents.plan,
            lambda: Refusal("plan_not_found"),
        )
        self.served: Records[DayServed] = Records(
            home.outbox("days_served", subject="service_day", published=()),
            documents.from_served,
            documents.served,
            lambda: Refusal("service_day_not_found"),
        )
        self._cases = home.collection("hygiene_cases")
        self._signups = home.collection("signups")
        self._rosters = home.collection("rosters")

    def crew(self, area: str) -> Crew | None:
        """The crew of an area."""
        found = self.crews.find({"_id": area, "tenant": tenant_of(area)}, limit=1)
        return found[0].item if found else None

    def looked_at_least(self, limit: int) -> list[Crew]:
        """So many crews, those first that were not looked at for the longest time."""
        return [kept.item for kept in self.crews.find({}, (("looked_at", ASCENDING),), limit)]

    def looked_at(self, area: str, now: datetime) -> None:
        """Note that a crew's plans were looked at, so that others get their turn."""
        self.crews.outbox.collection.update_one({"_id": area}, {"$set": {"looked_at": now}})

    def plan(self, area: str, day: date) -> Kept[Plan] | None:
        """The plan of an area's service day."""
        found = self.plans.find({"_id": plan_id(area, day), "tenant": tenant_of(area)}, limit=1)
        return found[0] if found else None

    def plans_from(self, area: str, first: date, limit: int = 0) -> list[Kept[Plan]]:
        """The plans of an area from a day on, the earliest first."""
        return self.plans.find({"area": area, "day": {"$gte": first.isoformat()}}, BY_DAY, limit)

    def versions(self, plan: Kept[Plan]) -> list[dict[str, Any]]:
        """What each version of a plan changed: `{n, at, by, data}`, the first one first."""
        found = self.plans.outbox.collection.find_one({"_id": plan.id}, {"history": True})
        return [{name: entry[name] for name in ENTRIES} for entry in found["history"]] if found else []

    def served_from(self, area: str, first: date) -> list[DayServed]:
        """The recorded service days of an area from a day on, the earliest first."""
        found = self.served.find({"area": area, "day": {"$gte": first.isoformat()}}, BY_DAY)
        return [kept.item for kept in found]

    def served_by(self, activity_id: str) -> DayServed | None:
        """What was recorded of the service day that is this activity."""
        found = self.served.find({"_id": activity_id}, limit=1)
        return found[0].item if found else None

    def seen(self, area: str, first: date) -> list[Seen]:
        """The recorded visits in an area from a day on."""
        return [
            Seen(visit.compound_id, each.day, visit.team_id)
            for each in self.served_from(area, first)
            for visit in each.visits
        ]

    def served_on(self, area: str, days: Iterable[date]) -> set[str] | None:
        """The compounds of an area that were visited on one of the days; None where nothing was ever recorded."""
        here = {"area": area}
        collection = self.served.outbox.collection
        if collection.find_one(here, {"_id": True}) is None:
            return None
        wanted = {**here, "day": {"$in": sorted(day.isoformat() for day in days)}}
        return {visit["compound_id"] for each in collection.find(wanted, {"visits": True}) for visit in each["visits"]}

    def signed_up(self, activity_ids: Collection[str]) -> int:
        """How many people have a place in one of the activities, whether they signed up or were put on a roster."""
        here = {"activity_id": {"$in": sorted(activity_ids)}, "state": State.IN.value}
        return len(self._signups.distinct("person_id", here))

    def rostered(self, activity_ids: Collection[str]) -> set[str]:
        """Those of the activities for which a roster was drawn up."""
        here = {"activity_id": {"$in": sorted(activity_ids)}, "filled": {"$ne": None}}
        return set(self._rosters.distinct("activity_id", here))

    def note_case(self, id: str, version: int, area: str, told: Mapping[str, Any], *, awaited: bool) -> None:
        """Keep where a case stands as of its `version`, unless a later one is kept."""
        compound = told["compound_id"] or told["near_compound_id"]
        fields = {
            "area": area,
            "compound": compound,
            "severity": told["severity"],
            "service_day": told["service_day_id"],
        }
        keep_newest(self._cases, id, version, {**fields, "awaited": awaited})

    def resolved_on(self, activity_id: str) -> list[str]:
        """The cases that the service day has dealt with, as its organiser said with photos (F51)."""
        found = self._cases.find({"service_day": activity_id}, {"_id": True})
        return [each["_id"] for each in found.sort("_id", ASCENDING)]

    def unplaced(self, area: str, compound_ids: Iterable[str]) -> list[str]:
        """The open hygiene cases of an area that lie at none of these compounds."""
        elsewhere = {"area": area, "awaited": True, "compound": {"$nin": sorted(compound_ids)}}
        return [each["_id"] for each in self._cases.find(elsewhere, {"_id": True}).sort("_id", ASCENDING)]

    def needs(self, area: str) -> dict[str, dict[str, str]]:
        """The severities of the open hygiene cases of an area, by compound and case."""
        found: dict[str, dict[str, str]] = {}
        for each in self._cases.find({"area": area, "awaited": True}):
            if each["compound"] is not None:
                found.setdefault(each["compound"], {})[each["_id"]] = each["severity"]
        return found
