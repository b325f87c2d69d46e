"""The entrypoints of what is said of activities: saying it once, and what the organiser sees of it (F12)."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity
from members.activities.store import ActivityStore
from members.attendance.store import AttendanceStore
from members.feedback.feedback import FEWEST, Feedback, check_may_say, feedback_id, summed
from members.feedback.schemas import ActivityIdSchema, FeedbackSchema
from members.feedback.store import FeedbackStore
from members.permission import may, permit, role_of, tenants
from members.signups.signup import State
from members.signups.store import SignupStore

Answer = dict[str, Any]


class FeedbackDesk(Desk):
    """Takes what those say who were there, and shows it without anybody's name."""

    feedback_kept: FeedbackStore = Store(FeedbackStore)
    activities_kept: ActivityStore
    signups: SignupStore
    attendance: AttendanceStore

    @rpc
    def give_feedback(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Say how an activity was, once, after its end: the receipt.

        For who had a place or was there. Refuses `activity_not_found`, `activity_cancelled`, `activity_not_over`,
        `was_not_there` and `feedback_given`.
        """
        given, asked = load(FeedbackSchema(), body), self._asked(caller, command_id, body)
        who = asked.caller
        permit(who, "give_feedback", who.id)
        if answer := self.feedback_kept.records.answered(asked):
            return answer
        activity = self.activities_kept.one(given["activity_id"], tenants(who)).item
        said = self.feedback_kept.said(activity.id, who.ids)
        check_may_say(activity, asked.now, was_there=self._was_there(activity, who), said=said)
        id = feedback_id(activity.id, who.id)
        feedback = Feedback(id, activity.id, activity.tenant, who.id, given["mark"], given["text"], asked.now)
        return self.feedback_kept.give(asked, feedback, role_of(who, "give_feedback", who.id))

    @rpc
    def feedback(self, caller: Answer, activity_id: str) -> Answer:
        """What was said of an activity: `{activity_id, fewest_shown, answers, average, marks, texts}`.

        For its organiser and the offices of the place; refuses `activity_not_found` and `not_permitted`.
        """
        who, id = Caller.load(caller), load(ActivityIdSchema(), {"activity_id": activity_id})["activity_id"]
        activity = self.activities_kept.one(id, tenants(who)).item
        if not (who.is_(activity.organiser_id) and may(who, "publish_activity", activity.grid_code)):
            permit(who, "see_feedback", activity.grid_code)
        return {"activity_id": id, "fewest_shown": FEWEST, **summed(self.feedback_kept.of_activity(id))}

    def _was_there(self, activity: Activity, who: Caller) -> bool:
        had_place = any(kept.item.state is State.IN for kept in self.signups.own(activity.id, who.ids))
        return had_place or self.attendance.known(activity.id, who.ids) is not None
