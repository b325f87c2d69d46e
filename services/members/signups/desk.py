"""The entrypoints of sign-ups: asking for a place, giving it back, and the waiting list that moves up (F12, F42)."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event
from chassis.logs import bind
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.activities.store import ActivityStore
from members.activities.views import shown
from members.fault import check
from members.people.store import PeopleStore
from members.permission import permit, role_of, tenants
from members.posts.schemas import heard
from members.signups import signup as rules
from members.signups.fault import check_open, faults
from members.signups.schemas import OfActivitySchema, SignUpSchema
from members.signups.seating import Seating, outcome
from members.signups.signup import Signup, open_tasks
from members.signups.store import SignupStore

Answer = dict[str, Any]


class SignupDesk(Desk):
    """Gives places, takes them back, and lets who waits move up."""

    signups: SignupStore = Store(SignupStore)
    activities_kept: ActivityStore
    people: PeopleStore

    @rpc
    def sign_up(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Ask for a place in an activity: the receipt with `state`, `seat` and `task_id`.

        Refuses `activity_not_found`, `activity_cancelled`, `activity_over`, `signup_closed`, `already_signed_up`,
        `task_full`, and with everything that stands against the person: the codes of `members.signups.fault`.
        """
        bind({"activity_id": activity_id})
        given = load(SignUpSchema(), body)
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})
        activity = self.activities_kept.one(activity_id, tenants(asked.caller)).item
        permit(asked.caller, "sign_up", asked.caller.id)
        if answer := self.signups.records.answered(asked):
            return answer
        check_open(activity, asked.now)
        person = self.people.person(asked.caller.id)
        if person is None or not person.active:
            raise Refusal("not_permitted", act="sign_up")
        others = [
            each for each in self.signups.busy(asked.caller.ids, activity.slots) if each.activity_id != activity_id
        ]
        check(faults(activity, person, given["task_id"], given["born"], others, asked.now))
        role = role_of(asked.caller, "sign_up", activity.grid_code)
        return self._seating.sign_up(asked, activity, person.id, role, given["task_id"])

    @rpc
    def leave_activity(self, caller: Answer, command_id: str, activity_id: str) -> Answer:
        """Cannot come after all: the receipt; whoever waits first moves up.

        Refuses `activity_not_found`, `signup_not_found` and `activity_over`.
        """
        bind({"activity_id": activity_id})
        asked = self._asked(caller, command_id, {"activity_id": activity_id, "act": "leave"})
        activity = self.activities_kept.one(activity_id, tenants(asked.caller)).item

        def decide(found: Signup) -> Outcome[Signup]:
            if not found.live:
                raise Refusal("signup_not_found")
            if activity.ends <= asked.now:
                raise Refusal("activity_over")
            role = role_of(asked.caller, "sign_up", activity.grid_code)
            return outcome(rules.left(found, "by_person"), activity, rules.LEFT, role)

        if answer := self.signups.records.answered(asked):
            return answer
        own = self.signups.of_person(asked.caller.ids, activity.begins, None)
        id = next((kept.id for kept in own if kept.item.activity_id == activity_id), None)
        if id is None:
            raise Refusal("signup_not_found")
        answer = self.signups.records.change(asked, id, None, decide)
        self._seating.settle(activity_id, asked.now)
        return answer

    @rpc
    def activity(self, caller: Answer, activity_id: str) -> Answer:
        """One activity, with how many are in and wait, and which tasks still need people; refuses
        `activity_not_found`.
        """
        who = Caller.load(caller)
        kept = self.activities_kept.one(activity_id, tenants(who))
        permit(who, "see_activities", kept.item.grid_code)
        taken = self.signups.taken(activity_id)
        own = [each.item for each in self.signups.of_person(who.ids) if each.item.activity_id == activity_id]
        return {
            **shown(kept.item, kept.version, self.clock.now()),
            "signed_up": taken.inside,
            "waiting": taken.waiting,
            "open_tasks": open_tasks(kept.item, taken.tasks),
            "own": own[0].state.value if own else None,
        }

    @subscribe("members", "activity.changed", "activity.cancelled", "signup.left")
    def settle_signups(self, event: Event) -> None:
        """Let who waits move up, also where whoever was to see to it broke off before."""
        activity_id = heard(OfActivitySchema(), event.data)["activity_id"]
        self._seating.settle(activity_id, self.clock.now())

    @property
    def _seating(self) -> Seating:
        return Seating(self.signups, self.activities_kept)
