"""The entrypoints of activities: publishing, changing and calling them off, and which there are (F12)."""

from datetime import datetime, timedelta
from typing import Any

from chassis import instant
from chassis.caller import Caller
from chassis.command import Asked
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.ids import new_id
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities import activity as rules
from members.activities.activity import CANCELLED, CHANGED, PUBLISHED, Activity, Kind
from members.activities.fault import Surroundings, faults
from members.activities.schemas import (
    ActivityPageSchema,
    ActivitySchema,
    CancelActivitySchema,
    ChangeActivitySchema,
)
from members.activities.store import ActivityStore, outcome
from members.activities.views import shown
from members.fault import check
from members.permission import may, permit, role_of, tenants
from members.posts.post import midnight
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore

Answer = dict[str, Any]

ONE_DAY = timedelta(days=1)


class ActivityDesk(Desk):
    """Announces activities, and tells what changes of them."""

    activities_kept: ActivityStore = Store(ActivityStore)
    territory: TerritoryStore
    venues_kept: VenueStore

    @rpc
    def publish_activity(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Publish an activity, whose organiser is who publishes it: the receipt with `activity_id`.

        Refuses `invalid`, `not_permitted`, and with everything that is wrong at once: the codes of
        `members.activities.fault`.
        """
        given, asked = load(ActivitySchema(), body), self._asked(caller, command_id, body)
        permit(asked.caller, "publish_activity", given["grid_code"])
        if answer := self.activities_kept.records.answered(asked):
            return answer
        given = {"sign_up_until": given["begins"], **_placed(given)}
        activity = Activity(new_id(), Kind.ACTIVITY, organiser_id=asked.caller.id, **given)
        check(faults(activity, self._around(activity), asked.now))
        role = role_of(asked.caller, "publish_activity", activity.grid_code)
        return self.activities_kept.records.open(asked, outcome(activity, PUBLISHED, role))

    @rpc
    def change_activity(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Tell something anew of an activity: the receipt.

        Refuses as `publish_activity` does, and `activity_not_found`, `activity_cancelled`, `activity_over`,
        `activity_begun` and `nothing_changed`.
        """
        given = _placed(load(ChangeActivitySchema(), body))
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            after = rules.changed(found, given, asked.now)
            check(faults(after, self._around(after), asked.now))
            return outcome(after, CHANGED, role)

        return self.activities_kept.records.change(asked, activity_id, tenants(asked.caller), decide)

    @rpc
    def cancel_activity(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Call an activity off: the receipt. Whoever signed up is told, and free again.

        Refuses `invalid`, `not_permitted`, `activity_not_found`, `activity_cancelled` and `activity_over`.
        """
        reason = load(CancelActivitySchema(), body)["reason"]
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            return outcome(rules.cancelled(found, reason, asked.now), CANCELLED, role)

        return self.activities_kept.records.change(asked, activity_id, tenants(asked.caller), decide)

    @rpc
    def activities(self, caller: Answer, **page: Any) -> Answer:
        """A page of the activities of the caller's districts, the earliest first: `{items, next}`.

        Refuses `invalid` and `not_permitted`.
        """
        who, asked = Caller.load(caller), load(ActivityPageSchema(), page)
        filters, limit = asked["filters"], asked["limit"]
        areas = [filters["area"]] if "area" in filters else sorted(tenants(who))
        for area in areas:
            permit(who, "see_activities", area)
        found = self.activities_kept.page(areas, _between(filters), asked["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        now = self.clock.now()
        return {
            "items": [shown(kept.item, kept.version, now) for kept in found[:limit]],
            "next": [instant.written(last.begins), last.id] if last else None,
        }

    def _keeper(self, asked: Asked, activity: Activity) -> str:
        """The role in which the caller changes it: the organiser's, or the office's of the place."""
        if asked.caller.is_(activity.organiser_id) and may(asked.caller, "publish_activity", activity.grid_code):
            return role_of(asked.caller, "publish_activity", activity.grid_code)
        permit(asked.caller, "keep_activity", activity.grid_code)
        return role_of(asked.caller, "keep_activity", activity.grid_code)

    def _around(self, activity: Activity) -> Surroundings:
        venues = self.venues_kept.records.find({"_id": activity.venue_id, "tenant": activity.tenant}, limit=1)
        return Surroundings(
            self.territory.grid(activity.grid_code),
            venues[0].item if activity.venue_id and venues else None,
            [found[0] for id in activity.compounds if (found := self.territory.compound(id, [activity.tenant]))],
        )


def _placed(given: Answer) -> Answer:
    point = given.get("muster")
    return given | {"muster": to_wgs84(point["lon"], point["lat"], point["crs"])} if point else given


def _between(filters: Answer) -> Answer:
    """The filters with the local days as instants."""
    named = {name: value for name, value in filters.items() if name not in {"first_day", "last_day", "area"}}
    first, last = filters.get("first_day"), filters.get("last_day")
    spans: dict[str, datetime] = {}
    if first:
        spans["first"] = midnight(first)
    if last:
        spans["until"] = midnight(last) + ONE_DAY
    return named | spans
