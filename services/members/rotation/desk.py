"""The entrypoints of the rotation: teams, plans and their reasons, orders, visits; it hears of hygiene cases."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from nameko.timer import timer

from chassis import instant
from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import heard
from chassis.fault import check
from chassis.ids import new_id
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity, Kind, State
from members.activities.store import ActivityStore
from members.area import agency_of, tenant_of
from members.permission import may, permit, role_in, role_of, tenants
from members.posts.post import local_day
from members.rotation import crew as crews
from members.rotation import hygiene, saying, schemas, served, showing
from members.rotation import plan as plans
from members.rotation.crew import ENTERED, Crew
from members.rotation.plan import Plan
from members.rotation.scheduling import ONE_DAY, ONE_YEAR, Scheduling, outcome
from members.rotation.served import RECORDED, DayServed
from members.rotation.store import RotationStore
from members.rotation.turn import Order
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

LOOK_SECONDS = 5
LOOKED_AT_ONCE = 20


class RotationDesk(Desk):
    """Plans which team goes to which compound on the service days of an agency (F45, F46, F48)."""

    rotation_kept: RotationStore = Store(RotationStore)
    activities_kept: ActivityStore
    territory: TerritoryStore

    @rpc
    def enter_teams(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter the teams of an agency's service days, all at once: the receipt with `team_ids`.

        Refuses `invalid`, `not_permitted`, `unknown_team`, `team_named_twice` and `nothing_changed`.
        """
        given, asked = load(schemas.TeamsSchema(), body), self._asked(caller, command_id, body)
        area = given["area"]
        role = role_in(asked.caller, "keep_rotation", area)

        def decide(before: Crew) -> Outcome[Crew]:
            after = crews.entered(before, given["teams"], (new_id() for _ in given["teams"]))
            ids = [team.id for team in after.teams]
            return Outcome(after, ENTERED, {"team_ids": ids}, role, answer={"area": area, "team_ids": ids})

        first = Crew(area, local_day(asked.now))
        return self.rotation_kept.crews.enter(asked, area, [tenant_of(area)], first, decide)

    @rpc
    def rotation(self, caller: Answer, area: str) -> Answer:
        """The teams of a rotation and its plans to come; refuses `not_permitted` and `rotation_not_found`."""
        crew = self._crew(caller, area)
        found = self.rotation_kept.plans_from(area, local_day(self.clock.now()))
        return {**crews.shown(crew), "plans": [showing.line(kept.item, kept.version) for kept in found]}

    @rpc
    def rotation_plans(self, caller: Answer, **page: Any) -> Answer:
        """Plans of a rotation, the earliest first, from a day on: `{items, next}`; `next` is `after` later on."""
        asked = load(schemas.PlanPageSchema(), page)
        self._crew(caller, asked["area"])
        limit = asked["limit"]
        first = max(asked["first"] or date.min, asked["after"] + ONE_DAY if asked["after"] else date.min)
        found = self.rotation_kept.plans_from(asked["area"], first, limit + 1)
        return {
            "items": [showing.line(kept.item, kept.version) for kept in found[:limit]],
            "next": found[limit - 1].item.day.isoformat() if len(found) > limit else None,
        }

    @rpc
    def rotation_plan(self, caller: Answer, **body: Any) -> Answer:
        """The plan of one service day with the reasons of all that is in it; refuses `plan_not_found` too."""
        given = load(schemas.DaySchema(), body)
        area, day = given["area"], given["day"]
        crew = self._crew(caller, area)
        kept = self.rotation_kept.plan(area, day)
        if kept is None:
            raise Refusal("plan_not_found")
        names = self._names(area)
        later = [each.item.day for each in self.rotation_kept.plans_from(area, day)]
        to_come = day > local_day(self.clock.now())
        unplaced = self.rotation_kept.unplaced(area, names) if to_come else []
        expected = self._scheduling.expected(self._scheduling.on(area, day), self.clock.now())
        return showing.whole(kept.item, kept.version, showing.Beside(names, crew.teams, expected, later, unplaced))

    @rpc
    def rotation_history(self, caller: Answer, **body: Any) -> Answer:
        """What each version of a plan changed and in which role that was done: `{items}`, the first one first."""
        given = load(schemas.DaySchema(), body)
        self._crew(caller, given["area"])
        kept = self.rotation_kept.plan(given["area"], given["day"])
        if kept is None:
            raise Refusal("plan_not_found")
        names = self._names(given["area"])
        return {
            "items": [
                {
                    "version": each["n"],
                    "at": instant.written(each["at"]),
                    "role": each["by"]["role"],
                    "changes": [
                        {**saying.change(plans.Change(**change)), "name": names.get(change["compound_id"])}
                        for change in each["data"]["changes"]
                    ],
                }
                for each in self.rotation_kept.versions(kept)
            ]
        }

    @rpc
    def rotation_standing(self, caller: Answer, area: str) -> Answer:
        """Where every compound of a rotation stands before the next service day: `{items}`, longest waiting first."""
        crew, now = self._crew(caller, area), self.clock.now()
        situation = self._scheduling.situation(crew, now)
        last: dict[str, date] = {}
        for each in self.rotation_kept.seen(area, local_day(now) - ONE_YEAR):
            last[each.compound_id] = max(each.day, last.get(each.compound_id, each.day))
        coming: dict[str, date] = {}
        for kept in reversed(self.rotation_kept.plans_from(area, local_day(now))):
            day = kept.item.day
            turns = [each.compound_id for each in kept.item.made.turns]
            coming |= {id: day for id in turns if day > last.get(id, date.min)}
        queue = sorted(situation.compounds, key=lambda each: (-each.waited, each.compound_id))
        return {
            "items": [
                showing.standing(
                    each,
                    situation.sites[each.compound_id].name,
                    last.get(each.compound_id),
                    coming.get(each.compound_id),
                )
                for each in queue
            ]
        }

    @rpc
    def order_turn(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Order a turn for a compound, as the organiser of that day: the receipt with `breaks_bound_for`.

        Refuses `invalid`, `plan_not_found`, `not_permitted`, `service_day_begun`, `plan_called_off`, all at once
        `unknown_compound`, `turn_planned_already` and `no_turn_to_give`, and `bound_would_break` unless `break_bound`.
        """
        given, asked = load(schemas.OrderSchema(), body), self._asked(caller, command_id, body)
        crew = self._crew(caller, given["area"])
        order = Order(given["compound_id"], given["instead_of"], given["reason"])

        def decide(plan: Plan) -> Outcome[Plan]:
            role = self._organising(asked.caller, plan)
            check(plans.order_faults(plan, order, frozenset(self._names(plan.area))))
            after, broken = self._scheduling.ordered(plan, crew, (*plan.orders, order), asked.now)
            names = self._names(plan.area)
            breaks = {
                "breaks_bound_for": [each.compound_id for each in broken],
                "breaks": [showing.broken(each, names) for each in broken],
            }
            if broken and not given["break_bound"]:
                raise Refusal("bound_would_break", compound_ids=breaks["breaks_bound_for"], breaks=breaks["breaks"])
            return outcome(after, role, breaks)

        return self._changed(asked, given["area"], given["day"], decide)

    @rpc
    def withdraw_turn(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Take an order back: the receipt. Refuses as `order_turn`, and `order_not_found`."""
        given, asked = load(schemas.WithdrawSchema(), body), self._asked(caller, command_id, body)
        crew = self._crew(caller, given["area"])

        def decide(plan: Plan) -> Outcome[Plan]:
            role = self._organising(asked.caller, plan)
            left = plans.withdrawn(plan, given["compound_id"])
            after, _ = self._scheduling.ordered(plan, crew, left, asked.now)
            return outcome(after, role)

        return self._changed(asked, given["area"], given["day"], decide)

    @rpc
    def record_served(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Record which compounds a service day that is over has served, as its organiser: the receipt.

        What was recorded before is replaced. Refuses `invalid`, `activity_not_found`, `not_permitted`,
        `not_a_service_day`, `service_day_not_over`, all at once `unknown_compound`, `unknown_team` and
        `compound_named_twice`, and `nothing_changed`.
        """
        given, asked = load(schemas.RecordSchema(), body), self._asked(caller, command_id, body)
        activity = self.activities_kept.one(given["activity_id"], tenants(asked.caller)).item
        role = _recording(asked.caller, activity)
        if activity.at(asked.now) is not State.OVER:
            raise Refusal("service_day_not_over")
        area, there = agency_of(activity.grid_code), frozenset(self._names(agency_of(activity.grid_code)))
        crew, kept = self.rotation_kept.crew(area), self.rotation_kept.plan(area, activity.day)
        teams = frozenset(team.id for team in crew.teams) if crew else frozenset[str]()
        planned = {turn.compound_id: turn for turn in kept.item.made.turns} if kept else {}

        def decide(before: DayServed) -> Outcome[DayServed]:
            after = served.recorded(before, given["visits"], there, teams, planned)
            ids = [visit.compound_id for visit in after.visits]
            return Outcome(after, RECORDED, {"compound_ids": ids}, role, answer={"activity_id": activity.id})

        first = DayServed(activity.id, area, activity.day)
        return self.rotation_kept.served.enter(asked, activity.id, [activity.tenant], first, decide)

    @rpc
    def service_day(self, caller: Answer, activity_id: str) -> Answer:
        """Which compounds a service day serves, for whoever organises it: `{activity_id, begun, compound_ids}`.

        They are those that its day's plan has and those that were recorded. Refuses `unknown_activity`,
        `not_permitted`, `not_a_service_day` and `activity_cancelled`.
        """
        who = Caller.load(caller)
        try:
            activity = self.activities_kept.one(activity_id, tenants(who)).item
        except Refusal:
            raise Refusal("unknown_activity", activity_id=activity_id) from None
        _recording(who, activity)
        if activity.state is State.CANCELLED:
            raise Refusal("activity_cancelled")
        area = agency_of(activity.grid_code)
        kept, recorded = self.rotation_kept.plan(area, activity.day), self.rotation_kept.served_by(activity_id)
        planned = {turn.compound_id for turn in kept.item.made.turns} if kept else set[str]()
        visited = {visit.compound_id for visit in recorded.visits} if recorded else set[str]()
        begun = activity.begins <= self.clock.now()
        return {"activity_id": activity.id, "begun": begun, "compound_ids": sorted(planned | visited)}

    @rpc
    def day_served(self, caller: Answer, activity_id: str) -> Answer:
        """What was recorded of a service day; refuses `not_permitted` and `service_day_not_found`."""
        who = Caller.load(caller)
        kept = self.rotation_kept.served.load(activity_id, tenants(who))
        permit(who, "see_rotation", kept.item.area)
        cases = self.rotation_kept.resolved_on(activity_id)
        return {**served.shown(kept.item), "resolved_case_ids": cases, "version": kept.version}

    def note_hygiene_case(self, case: Mapping[str, Any]) -> None:
        """Keep in mind whether a case, as its event or its own service tells it, calls for a service day."""
        told = heard(schemas.CaseHeardSchema(), case)
        about = told["complained_unit_id"]
        awaited = hygiene.is_need(told["category"], told["status"], about)
        area, shown = agency_of(told["grid_code"]), told if about is None else {**told, "service_day_id": None}
        self.rotation_kept.note_case(told["case_id"], told["version"], area, shown, awaited=awaited)

    @timer(interval=LOOK_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def plan_service_days(self) -> None:
        """Plan the next service days, and anew where something has changed."""
        self._scheduling.look(self.clock.now(), LOOKED_AT_ONCE)

    def _changed(self, asked: Asked, area: str, day: date, decide: Any) -> Answer:
        return self.rotation_kept.plans.change(asked, plans.plan_id(area, day), [tenant_of(area)], decide)

    def _crew(self, caller: Answer, area: str) -> Crew:
        load(schemas.AreaSchema(), {"area": area})
        permit(Caller.load(caller), "see_rotation", area)
        crew = self.rotation_kept.crew(area)
        if crew is None:
            raise Refusal("rotation_not_found")
        return crew

    def _organising(self, who: Caller, plan: Plan) -> str:
        """The role of who may order: whoever keeps the rotation, or organises an activity of that day."""
        if may(who, "keep_rotation", plan.area):
            return role_of(who, "keep_rotation", plan.area)
        for each in self._scheduling.on(plan.area, plan.day):
            if may(who, "order_turn", each.organiser_id):
                return role_of(who, "order_turn", each.grid_code)
        raise Refusal("not_permitted", act="order_turn")

    def _names(self, area: str) -> dict[str, str]:
        found = self.territory.compounds_within([tenant_of(area)], area, "", 0)
        return {compound.id: compound.name for compound in found}

    @property
    def _scheduling(self) -> Scheduling:
        return Scheduling(self.rotation_kept, self.territory, self.activities_kept)


def _recording(who: Caller, activity: Activity) -> str:
    """The role of who may say what a service day has brought; refuses `not_permitted` and `not_a_service_day`."""
    role = _organising(who, activity)
    if activity.kind is not Kind.SERVICE_DAY:
        raise Refusal("not_a_service_day")
    return role


def _organising(who: Caller, activity: Activity) -> str:
    if may(who, "record_served", activity.organiser_id):
        return role_of(who, "record_served", activity.grid_code)
    return role_in(who, "keep_rotation", activity.grid_code)
