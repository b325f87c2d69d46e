"""Announcing activities step by step: what they are held against, and the records that change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.command import Asked
from chassis.records import Answer, Outcome
from members.activities import activity as rules
from members.activities.activity import CANCELLED, CHANGED, PUBLISHED, Activity
from members.activities.fault import Surroundings, faults
from members.activities.store import ActivityStore, outcome
from members.fault import check
from members.permission import may, permit, role_of, tenants
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import Venue


@dataclass(frozen=True)
class Announcing:
    """Carries out the commands about activities, of whatever kind."""

    activities: ActivityStore
    territory: TerritoryStore
    venues: VenueStore

    def publish(self, asked: Asked, activity: Activity) -> Answer:
        """Publish it: the receipt with `activity_id`.

        Refuses `not_permitted`, and with everything that is wrong at once the codes of `members.activities.fault`.
        """
        permit(asked.caller, "publish_activity", activity.grid_code)
        if answer := self.activities.records.answered(asked):
            return answer
        check(faults(activity, self._around(activity), asked.now))
        role = role_of(asked.caller, "publish_activity", activity.grid_code)
        return self.activities.records.open(asked, outcome(activity, PUBLISHED, role))

    def change(self, asked: Asked, id: str, fields: Mapping[str, Any]) -> Answer:
        """Tell something anew of it: the receipt.

        Refuses as `publish`, and `activity_not_found`, `activity_cancelled`, `activity_over`, `activity_begun` and
        `nothing_changed`.
        """

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            after = rules.changed(found, fields, asked.now)
            check(faults(after, self._around(after), asked.now))
            return outcome(after, CHANGED, role)

        return self.activities.records.change(asked, id, tenants(asked.caller), decide)

    def cancel(self, asked: Asked, id: str, reason: str) -> Answer:
        """Call it off: the receipt. Refuses `not_permitted`, `activity_not_found`, `…_cancelled` and `…_over`."""

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            return outcome(rules.cancelled(found, reason, asked.now), CANCELLED, role)

        return self.activities.records.change(asked, id, tenants(asked.caller), decide)

    def visit(self, asked: Asked, id: str, compounds: Iterable[str], role: str) -> Answer:
        """Say which compounds it goes to, as the rotation plans it, whoever organises it: the receipt.

        Refuses `activity_not_found`, `activity_cancelled`, `activity_over`, `activity_begun`, `unknown_compound` and
        `nothing_changed`.
        """

        def decide(found: Activity) -> Outcome[Activity]:
            after = rules.changed(found, {"compounds": tuple(compounds)}, asked.now)
            check(faults(after, self._around(after), asked.now))
            return outcome(after, CHANGED, role)

        return self.activities.records.change(asked, id, None, decide)

    def _keeper(self, asked: Asked, activity: Activity) -> str:
        """The role in which the caller changes it: the organiser's, or the office's of the place."""
        organises = asked.caller.is_(activity.organiser_id)
        still = organises and may(asked.caller, "publish_activity", activity.grid_code)
        act = "publish_activity" if still else "keep_activity"
        permit(asked.caller, act, activity.grid_code)
        return role_of(asked.caller, act, activity.grid_code)

    def _around(self, activity: Activity) -> Surroundings:
        tenants = [activity.tenant]
        compounds = [found[0] for id in activity.compounds if (found := self.territory.compound(id, tenants))]
        return Surroundings(self.territory.grid(activity.grid_code), self._venue(activity), compounds)

    def _venue(self, activity: Activity) -> Venue | None:
        if activity.venue_id is None:
            return None
        found = self.venues.records.find({"_id": activity.venue_id, "tenant": activity.tenant}, limit=1)
        return found[0].item if found else None
