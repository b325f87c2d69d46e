"""The entrypoints of sign-ups: asking for a place, giving it back, and the waiting list that moves up (F12, F42)."""

from typing import Any

from chassis import instant
from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.fault import Fault, check
from chassis.logs import bind
from chassis.records import Kept
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.activities import views as activity_views
from members.activities.activity import CANCELLED, CHANGED, Activity
from members.activities.store import ActivityStore
from members.people.store import PeopleStore
from members.permission import may, permit, tenants
from members.posts.schemas import leaver
from members.signups import views
from members.signups.fault import check_open, faults
from members.signups.schemas import OfActivitySchema, OwnPageSchema, SignupPageSchema, SignUpSchema, TaskChoiceSchema
from members.signups.seating import Seating
from members.signups.signup import ASKED, LEFT, Reason, Signup, State, open_tasks
from members.signups.store import SignupStore

Answer = dict[str, Any]


class SignupDesk(Desk):
    """Gives places, takes them back, and lets who waits move up."""

    signups: SignupStore = Store(SignupStore)
    activities_kept: ActivityStore
    people: PeopleStore

    @rpc
    def sign_up(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Ask for a place in an activity: the receipt with `state`, `in` or `waiting`, and `task_id`.

        Refuses `activity_not_found`, `activity_cancelled`, `activity_over`, `signup_closed`, `already_signed_up`,
        `task_full` with the tasks that still need people, and with everything that stands against the person the codes
        of `members.signups.fault`.
        """
        bind({"activity_id": activity_id})
        given = load(SignUpSchema(), body)
        asked = self._asked(caller, command_id, {"activity_id": activity_id, **body})
        activity = self._activity_for(asked.caller, activity_id)
        if answer := self.signups.records.answered(asked):
            return answer
        try:
            self._check_signs_up(asked, activity.item, given)
        except Refusal:
            # This very command may have been carried out between the two looks, and stands in its own way.
            if answer := self.signups.records.answered(asked):
                return answer
            raise
        return self._seating.sign_up(asked, activity, asked.caller.id, given["task_id"])

    @rpc
    def choose_task(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Take another task of an activity, or none: the receipt.

        Refuses `invalid`, `activity_not_found`, `signup_not_found`, `activity_cancelled`, `activity_over`,
        `unknown_task`, `task_full` with the tasks that still need people, and `nothing_changed`.
        """
        bind({"activity_id": activity_id})
        task_id = load(TaskChoiceSchema(), body)["task_id"]
        asked = self._asked(caller, command_id, {"activity_id": activity_id, "act": "choose_task", **body})
        activity = self._activity_for(asked.caller, activity_id).item
        own = self._own_signup(asked.caller, activity_id)
        if answer := self.signups.records.answered(asked):
            return answer
        activity.check_stands(asked.now)
        if task_id is not None and activity.task(task_id) is None:
            check([Fault("/task_id", "unknown_task", {"task_id": task_id})])
        return self._seating.take_task(asked, activity, own.id, task_id)

    @rpc
    def leave_activity(self, caller: Answer, command_id: str, activity_id: str) -> Answer:
        """Cannot come after all: the receipt; whoever waits first moves up.

        Refuses `activity_not_found`, `signup_not_found`, `activity_cancelled` and `activity_over`.
        """
        bind({"activity_id": activity_id})
        asked = self._asked(caller, command_id, {"activity_id": activity_id, "act": "leave"})
        activity = self._activity_for(asked.caller, activity_id).item
        own = self._own_signup(asked.caller, activity_id)
        if answer := self.signups.records.answered(asked):
            return answer
        activity.check_stands(asked.now)
        return self._seating.leave(asked, activity, own.id)

    @rpc
    def activity(self, caller: Answer, activity_id: str) -> Answer:
        """One activity, with how many have places and wait, the tasks that still need people, and the caller's own
        sign-up with its place on the waiting list; refuses `activity_not_found`.
        """
        bind({"activity_id": activity_id})
        who = Caller.load(caller)
        kept = self.activities_kept.one(activity_id, tenants(who))
        permit(who, "see_activities", kept.item.grid_code)
        taken = self.signups.taken(activity_id)
        own = next((each.item for each in self.signups.own(activity_id, who.ids) if each.item.live), None)
        return {
            **activity_views.shown(kept.item, kept.version, self.clock.now()),
            "signed_up": taken.inside,
            "waiting": taken.waiting,
            "open_tasks": open_tasks(kept.item, taken.tasks),
            "own": views.own(own, self.signups.before(own) if own.state is State.WAITING else None) if own else None,
        }

    @rpc
    def signups_of_activity(self, caller: Answer, activity_id: str, **page: Any) -> Answer:
        """A page of who signed up for an activity, the first to ask first: `{items, next}`, names masked.

        Refuses `invalid`, `activity_not_found` and, unless the caller organises it, `not_permitted`.
        """
        bind({"activity_id": activity_id})
        who, asked = Caller.load(caller), load(SignupPageSchema(), page)
        activity = self.activities_kept.one(activity_id, tenants(who)).item
        if not (who.is_(activity.organiser_id) and may(who, "see_own_signups", activity.organiser_id)):
            permit(who, "see_signups", activity.grid_code)
        limit = asked["limit"]
        found = self.signups.page(activity_id, asked["filters"].get("state"), asked["after"], limit + 1)
        shown = [kept.item for kept in found[:limit]]
        people = self.people.as_asked(sorted({one.person_id for one in shown}))
        names = {id: person.shown_name for id, person in people}
        last = shown[-1] if len(found) > limit else None
        return {
            "items": [views.signup(each, names.get(each.person_id)) for each in shown],
            "next": [instant.written(last.asked_at), last.id] if last else None,
        }

    @rpc
    def own_signups(self, caller: Answer, **page: Any) -> Answer:
        """A page of the caller's own sign-ups, the earliest activity first: `{items, next}`; refuses `invalid`."""
        who, asked = Caller.load(caller), load(OwnPageSchema(), page)
        permit(who, "see_own_signups", who.id)
        limit = asked["limit"]
        found = self.signups.page_of_person(who.ids, asked["filters"], asked["after"], limit + 1)
        shown = [kept.item for kept in found[:limit]]
        titles = self.activities_kept.titles({each.activity_id for each in shown})
        last = shown[-1] if len(found) > limit else None
        return {
            "items": [views.own_line(each, titles[each.activity_id]) for each in shown],
            "next": [instant.written(last.begins), last.id] if last else None,
        }

    @subscribe("members", CHANGED, CANCELLED, *ASKED)
    def settle_signups(self, event: Event) -> None:
        """Do what has to become of the sign-ups, also where whoever was to see to it broke off before."""
        told, now = heard(OfActivitySchema(), event.data), self.clock.now()
        if event.type in ASKED:
            self._seating.settle_after(told["signup_id"], told["activity_id"], now)
        else:
            self._seating.settle(told["activity_id"], now, changed=True)
        if event.type == LEFT:
            self._seating.settle_beside(self.signups.records.find({"_id": told["signup_id"]}, limit=1), now)
        if event.type == CANCELLED:
            self._seating.settle_beside(self.signups.of_activity(told["activity_id"], (State.LEFT,)), now)

    def release_leaver(self, event: Event) -> None:
        """Whoever has left comes to nothing any more; who waits for the places hears of it as of every other."""
        now = self.clock.now()
        for kept in self.signups.of_person(leaver(event.data), ending_after=now):
            self._seating.release(kept, Reason.PERSON_LEFT, now)

    @property
    def _seating(self) -> Seating:
        return Seating(self.signups, self.activities_kept)

    def _activity_for(self, who: Caller, activity_id: str) -> Kept[Activity]:
        """The activity, for somebody who may sign up."""
        permit(who, "sign_up", who.id)
        return self.activities_kept.one(activity_id, tenants(who))

    def _own_signup(self, who: Caller, activity_id: str) -> Kept[Signup]:
        found = self.signups.own(activity_id, who.ids)
        live = [kept for kept in found if kept.item.live]
        if not found:
            raise Refusal("signup_not_found")
        return live[0] if live else found[0]

    def _check_signs_up(self, asked: Asked, activity: Activity, given: Answer) -> None:
        check_open(activity, asked.now)
        person = self.people.person(asked.caller.id)
        if person is None or not person.active:
            raise Refusal("not_permitted", act="sign_up")
        if any(kept.item.live for kept in self.signups.own(activity.id, asked.caller.ids)):
            raise Refusal("already_signed_up")
        others = self.signups.of_person(
            asked.caller.ids, until=activity.ends, ending_after=activity.begins, states=(State.IN,)
        )
        meeting = [kept.item.activity_id for kept in others if kept.item.activity_id != activity.id]
        check(faults(activity, person, given["task_id"], given["born"], meeting, asked.now))
