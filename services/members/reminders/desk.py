"""The sweep that reminds people of activities for which they have a place."""

from nameko.timer import timer

from chassis.desk import Desk
from chassis.store import Store
from members.activities.store import ActivityStore
from members.reminders.reminder import FURTHEST, announcement, due, reminder_id
from members.reminders.store import ReminderStore
from members.signups.signup import State
from members.signups.store import SignupStore

SWEEP_SECONDS = 60


class ReminderDesk(Desk):
    """Reminds once, however many instances look."""

    reminders_kept: ReminderStore = Store(ReminderStore)
    activities_kept: ActivityStore
    signups: SignupStore

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def remind_of_activities(self) -> None:
        """Tell whoever has a place in what begins tomorrow, or within the hour."""
        now = self.clock.now()
        soon = self.activities_kept.beginning(now, now + FURTHEST)
        ringing = {reminder_id(each, when): (each, when) for each in soon if (when := due(each, now)) is not None}
        for id in ringing.keys() - self.reminders_kept.known(ringing):
            activity, when = ringing[id]
            people = [kept.item.person_id for kept in self.signups.of_activity(activity.id, (State.IN,))]
            self.reminders_kept.remind(id, announcement(activity, when, people), now)
