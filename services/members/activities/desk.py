"""The entrypoints of activities: publishing, changing and calling them off, and which there are (F12)."""

from typing import Any

from chassis import instant
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.event import Event
from chassis.ids import new_id
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity, Kind
from members.activities.announcing import Announcing
from members.activities.moving import GRID_CLOSED, closed_grid
from members.activities.schemas import (
    ActivityPageSchema,
    ActivitySchema,
    CancelActivitySchema,
    ChangeActivitySchema,
)
from members.activities.store import ActivityStore
from members.activities.views import shown
from members.bookings.store import BookingStore
from members.permission import ITSELF, permit, tenants
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore

Answer = dict[str, Any]


class ActivityDesk(Desk):
    """Announces activities, and tells what changes of them."""

    activities_kept: ActivityStore = Store(ActivityStore)
    territory: TerritoryStore
    venues_kept: VenueStore
    bookings_kept: BookingStore

    @rpc
    def publish_activity(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Publish an activity, whose organiser is who publishes it: the receipt with `activity_id`.

        Refuses `invalid`, `not_permitted`, and with everything that is wrong at once: the codes of
        `members.activities.fault`.
        """
        given, asked = _placed(load(ActivitySchema(), body)), self._asked(caller, command_id, body)
        given = {"sign_up_until": given["begins"], **given}
        return self._announcing.publish(asked, Activity(new_id(), Kind.ACTIVITY, organiser_id=asked.caller.id, **given))

    @rpc
    def change_activity(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Tell something anew of an activity: the receipt.

        Refuses as `publish_activity` does, and `activity_not_found`, `activity_cancelled`, `activity_over`,
        `activity_begun` and `nothing_changed`.
        """
        bind({"activity_id": activity_id})
        given = _placed(load(ChangeActivitySchema(), body))
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})
        return self._announcing.change(asked, activity_id, given)

    @rpc
    def cancel_activity(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Call an activity off: the receipt. Whoever signed up is told, and free again.

        Refuses `invalid`, `not_permitted`, `activity_not_found`, `activity_cancelled` and `activity_over`.
        """
        bind({"activity_id": activity_id})
        reason = load(CancelActivitySchema(), body)["reason"]
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})
        return self._announcing.cancel(asked, activity_id, reason)

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
        found = self.activities_kept.page(areas, filters, asked["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        now = self.clock.now()
        return {
            "items": [shown(kept.item, kept.version, now) for kept in found[:limit]],
            "next": [instant.written(last.begins), last.id] if last else None,
        }

    def move_activities_of_grid(self, event: Event) -> None:
        """What takes place after a grid is closed goes on in the one that follows it, or is called off."""
        if closed := closed_grid(self.territory, event):
            asked = Asked(ITSELF, event.id, digest({}), self.clock.now())
            for id in self.activities_kept.lasting(closed.code, closed.at):
                code = closed.follower(self.activities_kept.one(id, None).item)
                self._announcing.follow(asked, id, code, GRID_CLOSED, ITSELF.id)

    @property
    def _announcing(self) -> Announcing:
        return Announcing(self.activities_kept, self.territory, self.venues_kept, self.bookings_kept)


def _placed(given: Answer) -> Answer:
    point = given.get("muster")
    return given | {"muster": to_wgs84(point["lon"], point["lat"], point["crs"])} if point else given
