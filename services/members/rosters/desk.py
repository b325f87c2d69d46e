"""The entrypoints of rosters: who would be asked to come to an activity, and giving them places (F47)."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.ids import new_id
from chassis.records import Kept
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity
from members.activities.store import ActivityStore
from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS
from members.people.skill import SKILLS
from members.people.store import PeopleStore
from members.permission import may, role_of, tenants
from members.rosters.roster import explained, named
from members.rosters.rostering import Rostering, roster_of
from members.rosters.schemas import RosterSchema
from members.rosters.store import RosterStore
from members.signups.fault import check_open
from members.signups.seating import Seating
from members.signups.store import SignupStore

Answer = dict[str, Any]


class RosterDesk(Desk):
    """Draws rosters up from members in service and volunteers, for whoever organises the activity, and the office."""

    rosters_kept: RosterStore = Store(RosterStore)
    activities_kept: ActivityStore
    signups: SignupStore
    people: PeopleStore

    @rpc
    def plan_roster(self, caller: Answer, **body: Any) -> Answer:
        """Who would be asked now, and why the others would not: nothing is written.

        Refuses `activity_not_found`, `not_permitted`, together `unknown_skill`, `area_outside_district` and
        `unknown_task`, and `area_too_wide`.
        """
        who, given = Caller.load(caller), load(RosterSchema(), body)
        activity = self._activity_to_roster(who, given)[0].item
        plan = self._rostering.plan(activity, *_asked_for(activity, given))
        return self._with_names(explained(plan, plan.chosen))

    @rpc
    def draw_up_roster(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Give places to those who are asked: who comes, by pool, and how many are missing.

        All for whom there is a place come; a repetition gets the same answer. Refuses as `plan_roster`, and
        `activity_cancelled`, `activity_over` and `signup_closed`.
        """
        given, asked = load(RosterSchema(), body), self._asked(caller, command_id, body)
        kept, role = self._activity_to_roster(asked.caller, given)
        if self.rosters_kept.records.answered(asked) is None:
            check_open(kept.item, asked.now)
        plan = self._rostering.plan(kept.item, *_asked_for(kept.item, given))
        first = roster_of(new_id(), kept.item, plan, given["task_id"])
        return self._with_names(self._rostering.fill(asked, kept, first, role))

    def _with_names(self, found: Answer) -> Answer:
        people = self.people.as_asked([each["person_id"] for each in found["people"]])
        return named(found, {id: person.shown_name for id, person in people})

    @property
    def _rostering(self) -> Rostering:
        return Rostering(self.rosters_kept, Seating(self.signups, self.activities_kept))

    def _activity_to_roster(self, who: Caller, given: Answer) -> tuple[Kept[Activity], str]:
        """The activity, and the role in which the caller draws up a roster for it."""
        kept = self.activities_kept.one(given["activity_id"], tenants(who))
        check(_faults(kept.item, given))
        for act, code in (
            ("draw_up_roster", kept.item.grid_code),
            ("draw_up_roster_of_own_activities", kept.item.organiser_id),
        ):
            if may(who, act, code):
                return kept, role_of(who, act, code)
        raise Refusal("not_permitted", act="draw_up_roster")


def _faults(activity: Activity, given: Answer) -> list[Fault]:
    """All that is wrong with what is asked for."""
    area, task_id = given["area"], given["task_id"]
    unknown = [n for n, skill in enumerate(given["skills"]) if skill not in SKILLS]
    return [
        *(Fault(f"/skills/{n}", "unknown_skill") for n in unknown),
        *([Fault("/area", "area_outside_district")] if area and area[:DISTRICT_DIGITS] != activity.tenant else []),
        *([Fault("/task_id", "unknown_task", {"task_id": task_id})] if task_id and not activity.task(task_id) else []),
    ]


def _asked_for(activity: Activity, given: Answer) -> tuple[int, frozenset[str], str]:
    """How many, with which skills, from which area: the activity's community unless another is named."""
    skills = frozenset(given["skills"]) | activity.skills
    return given["needed"], skills, given["area"] or activity.grid_code[:COMMUNITY_DIGITS]
