"""Announcing activities step by step: what they are held against, and the records that change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.command import Asked
from chassis.fault import check
from chassis.records import Answer, Outcome, again_when_stale, carried_out
from members.activities import activity as rules
from members.activities.activity import CANCELLED, CHANGED, PUBLISHED, Activity, State
from members.activities.fault import Surroundings, faults, signing_up_is_over
from members.activities.hosting import Hosting
from members.activities.store import ActivityStore, outcome
from members.bookings.store import BookingStore
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
    bookings: BookingStore

    def publish(self, asked: Asked, activity: Activity) -> Answer:
        """Publish it: the receipt with `activity_id`.

        Refuses `not_permitted`, and with everything that is wrong at once the codes of `members.activities.fault`.
        """
        permit(asked.caller, "publish_activity", activity.grid_code)
        role = role_of(asked.caller, "publish_activity", activity.grid_code)

        def once() -> Answer:
            if answer := self.activities.records.answered(asked):
                return answer
            self._check(asked, activity, anew=True)
            opening = self.activities.records.opening(asked, outcome(activity, PUBLISHED, role))
            return self.activities.write(asked, [opening, *self._hosting.writings(asked, [activity], role)])

        return again_when_stale(once)

    def change(self, asked: Asked, id: str, fields: Mapping[str, Any]) -> Answer:
        """Tell something anew of it: the receipt.

        Refuses as `publish`, and `activity_not_found`, `activity_cancelled`, `activity_over`, `activity_begun` and
        `nothing_changed`.
        """

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            after = rules.changed(found, fields, asked.now)
            self._check(asked, after, anew="sign_up_until" in fields)
            return outcome(after, CHANGED, role)

        return self._change(asked, id, decide)

    def cancel(self, asked: Asked, id: str, reason: str) -> Answer:
        """Call it off: the receipt. Refuses `not_permitted`, `activity_not_found`, `…_cancelled` and `…_over`."""

        def decide(found: Activity) -> Outcome[Activity]:
            role = self._keeper(asked, found)
            return outcome(rules.cancelled(found, reason, asked.now), CANCELLED, role)

        return self._change(asked, id, decide)

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

    def follow(self, asked: Asked, id: str, grid_code: str | None, reason: str, role: str) -> Answer:
        """Let it go on in another grid, its own being closed; without one it is called off for that reason.

        Nothing is asked of it anew, and one that is called off or over stays as it is.
        """

        def once() -> Answer:
            kept = self.activities.one(id, None)
            if kept.item.at(asked.now) is not State.PUBLISHED or kept.item.grid_code == grid_code:
                return {}
            after = (
                outcome(replace(kept.item, grid_code=grid_code), CHANGED, role)
                if grid_code
                else outcome(rules.cancelled(kept.item, reason, asked.now), CANCELLED, role)
            )
            changing = self.activities.records.changing(asked, kept, after, along=True)
            return carried_out([changing, *self._hosting.writings(asked, [after.item], role)])[0]

        return again_when_stale(once)

    def _change(self, asked: Asked, id: str, decide: Callable[[Activity], Outcome[Activity]]) -> Answer:
        """Write what `decide` makes of it, and of the booking of its venue, together."""

        def once() -> Answer:
            kept = self.activities.one(id, tenants(asked.caller))
            if answer := self.activities.records.answered(asked):
                return answer
            after = decide(kept.item)
            changing = self.activities.records.changing(asked, kept, after)
            hosted = self._hosting.writings(asked, [after.item], after.role)
            return self.activities.write(asked, [changing, *hosted])

        return again_when_stale(once)

    def _check(self, asked: Asked, activity: Activity, *, anew: bool) -> None:
        """Refuses all that is wrong; until when people sign up is looked at where it is told `anew`."""
        around = self._around(activity)
        closed = signing_up_is_over(activity, asked.now) if anew else ()
        found = faults(activity, around, asked.now)
        check([*found, *closed, *self._hosting.faults(asked, activity, around.venue)])

    @property
    def _hosting(self) -> Hosting:
        return Hosting(self.bookings, self.venues)

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
