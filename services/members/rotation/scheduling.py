"""Planning service days step by step: what is known of an agency's compounds, and the plans that follow from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from chassis.caller import CLOCK, THE_CLOCK
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.records import Answer, Outcome
from members.activities import activity as activities
from members.activities.activity import CHANGED, Activity, Kind, State
from members.activities.store import ActivityStore
from members.area import tenant_of
from members.posts.post import areas, local_day, midnight
from members.rotation import plan as rules
from members.rotation.crew import Crew
from members.rotation.crews import available
from members.rotation.plan import PLANNED, Plan
from members.rotation.planner import broken_by, planned, planned_ahead
from members.rotation.staffing import Expected, staffed
from members.rotation.store import RotationStore
from members.rotation.turn import BOUND, Broken, DayAhead, DayPlan, Order, Waiting
from members.rotation.waits import Seen, Site, waiting
from members.territory.compound import Compound
from members.territory.store import TerritoryStore

log = structlog.get_logger()

DAYS_AHEAD = 4
"""How many service days are planned ahead."""

HORIZON = timedelta(days=120)
"""How far ahead service days are looked for."""

ONE_YEAR = timedelta(days=365)
ONE_DAY = timedelta(days=1)

GRACE = timedelta(days=7)
"""So long a plan counts as carried out although nobody has recorded the day yet: plans are made before it is over."""


@dataclass(frozen=True)
class Situation:
    """What the plans of an area are made from: its compounds before the first of the days to come."""

    crew: Crew
    sites: Mapping[str, Compound]
    compounds: Sequence[Waiting]
    days: Mapping[date, Sequence[Activity]]
    expected: Mapping[date, Expected]

    @property
    def usual(self) -> int:
        """How many teams come where nothing else is known."""
        return len(available(self.crew.teams))

    def ahead(self, orders: Mapping[date, Sequence[Order]]) -> list[DayAhead]:
        """The days to come with their teams, as these orders have them."""
        teams = self.crew.teams
        return [DayAhead(day, staffed(teams, self.expected[day]), tuple(orders.get(day, ()))) for day in self.days]


@dataclass(frozen=True)
class Scheduling:
    """Makes plans, keeps them, and tells the activities of each day where they go."""

    kept: RotationStore
    territory: TerritoryStore
    activities: ActivityStore

    def look(self, now: datetime, limit: int) -> None:
        """Make the plans of at most so many areas, those first that were not looked at for the longest time."""
        for crew in self.kept.looked_at_least(limit):
            self.make(crew, now)
            self.kept.looked_at(crew.area, now)

    def make(self, crew: Crew, now: datetime) -> None:
        """Make the plans of the next service days; what has not changed stays as it is, however many instances look."""
        today = local_day(now)
        plans = {each.item.day: each for each in self.kept.plans_from(crew.area, today + ONE_DAY)}
        situation = self.situation(crew, now)
        orders = {day: each.item.orders for day, each in plans.items()}
        for made, _ in planned_ahead(situation.ahead(orders), situation.compounds, situation.usual):
            before = plans.pop(made.day, None)
            version = before.version if before else 0
            first = before.item if before else rules.unmade(crew.area, made.day)
            self._keep(first, version, now, _remade(made, first.orders, situation.sites))
            self._send(crew.area, made.day, situation, now)
        for day, gone in plans.items():
            if day not in situation.days:
                self._keep(gone.item, gone.version, now, rules.called_off)

    def situation(self, crew: Crew, now: datetime) -> Situation:
        """What is known of the area now, for the next service days."""
        today, tenant = local_day(now), tenant_of(crew.area)
        sites = {each.id: each for each in self.territory.compounds_within([tenant], crew.area, "", 0)}
        held, coming = self._service_days(crew, now)
        first = next(iter(coming), today + ONE_DAY)
        recorded = self.kept.seen(crew.area, today - ONE_YEAR)
        days_recorded = {each.day for each in self.kept.served_from(crew.area, today - GRACE)}
        past = [each.item for each in self.kept.plans_from(crew.area, today - ONE_YEAR) if each.item.day <= today]
        assumed = [
            Seen(turn.compound_id, plan.day, turn.team_id)
            for plan in past
            if plan.day > today - GRACE and plan.day not in days_recorded
            for turn in plan.made.turns
        ]
        gave_way = [Seen(each.compound_id, plan.day) for plan in past[-BOUND:] for each in plan.made.displaced]
        needs = self.kept.needs(crew.area)
        there = [Site(each.id, _since(each, crew), needs.get(each.id, {})) for each in sites.values()]
        compounds = waiting(there, [*recorded, *assumed], gave_way, held, first)
        days = dict(list(coming.items())[:DAYS_AHEAD])
        return Situation(crew, sites, compounds, days, {day: self.expected(days[day], now) for day in days})

    def expected(self, activities: Sequence[Activity], now: datetime) -> Expected:
        """How many people have a place in the activities of a day, and whether that is settled."""
        ids = [each.id for each in activities]
        rostered = self.kept.rostered(ids)
        settled = all(each.sign_up_until <= now or each.id in rostered for each in activities)
        return Expected(self.kept.signed_up(ids), settled)

    def ordered(self, plan: Plan, crew: Crew, orders: Sequence[Order], now: datetime) -> tuple[Plan, Sequence[Broken]]:
        """The plan with these orders, and the compounds that wait too long for them, on that day or later.

        Refuses `service_day_begun`, `plan_called_off` and `nothing_changed`.
        """
        if plan.day <= local_day(now):
            raise Refusal("service_day_begun")
        situation = self.situation(crew, now)
        if plan.called_off or plan.day not in situation.days:
            raise Refusal("plan_called_off")
        kept = {each.item.day: each.item.orders for each in self.kept.plans_from(crew.area, local_day(now))}
        before, usual = situation.ahead(kept), situation.usual
        nth = list(situation.days).index(plan.day)
        compounds = situation.compounds
        for _, standing in planned_ahead(before[: nth + 1], situation.compounds, usual):
            compounds = standing
        with_them = situation.ahead({**kept, plan.day: orders})
        made = planned(with_them[nth], compounds, usual)
        broken = broken_by(before[nth:], with_them[nth:], compounds, usual)
        days = [each.day for each in before[nth:]]
        told = [Broken(id, n, days[n] if n < len(days) else None) for id, n in sorted(broken.items())]
        return rules.remade(plan, made, orders, situation.sites), told

    def on(self, area: str, day: date) -> list[Activity]:
        """The activities of a service day."""
        found = self.activities.between(area, midnight(day), midnight(day + ONE_DAY))
        return [each for each in found if each.kind is Kind.SERVICE_DAY and each.state is State.PUBLISHED]

    def _service_days(self, crew: Crew, now: datetime) -> tuple[list[date], dict[date, list[Activity]]]:
        """The service days that were, in order, and those to come with their activities."""
        today = local_day(now)
        found = self.activities.between(crew.area, midnight(today - ONE_YEAR), midnight(today + ONE_DAY) + HORIZON)
        days: dict[date, list[Activity]] = {}
        for each in found:
            if each.kind is Kind.SERVICE_DAY and each.state is State.PUBLISHED:
                days.setdefault(each.day, []).append(each)
        return [day for day in days if day <= today], {day: days[day] for day in days if day > today}

    def _keep(self, plan: Plan, version: int, now: datetime, decide: Callable[[Plan], Plan]) -> None:
        """Write the next version, if there is something new; whoever else looks writes the same or nothing."""
        asked = Asked(THE_CLOCK, f"plan:{plan.id}:{version + 1}", digest({}), now)

        def decided(found: Plan) -> Outcome[Plan]:
            if found.orders != plan.orders:  # an organiser was faster; the next look takes it in
                raise Refusal("nothing_changed")
            return outcome(decide(found), CLOCK)

        try:
            self.kept.plans.enter(asked, plan.id, [tenant_of(plan.area)], plan, decided)
        except Refusal as refused:
            if refused.code != "nothing_changed":
                log.warning("a plan was not made", plan_id=plan.id, code=refused.code)

    def _send(self, area: str, day: date, situation: Situation, now: datetime) -> None:
        """Tell the activities of the day where they go, once for each version of the plan."""
        kept = self.kept.plan(area, day)
        if kept is None:
            return
        for activity, compounds in _shared(kept.item, situation):
            if tuple(compounds) == activity.compounds:
                continue
            key = f"rotation:{kept.id}:{kept.version}:{activity.id}"
            asked = Asked(THE_CLOCK, key, digest({"compounds": list(compounds)}), now)

            def decide(found: Activity, compounds: Sequence[str] = tuple(compounds)) -> Outcome[Activity]:
                after = activities.changed(found, {"compounds": compounds}, now)
                return Outcome(after, CHANGED, activities.told(after), CLOCK)

            try:
                self.activities.records.change(asked, activity.id, None, decide)
            except Refusal as refused:
                log.warning("an activity was not told where it goes", activity_id=activity.id, code=refused.code)


def outcome(plan: Plan, role: str, answer: Answer | None = None) -> Outcome[Plan]:
    """What a command makes of a plan, with the event that tells of it."""
    return Outcome(plan, PLANNED, rules.told(plan), role, plan.area, answer or {})


Decide = Callable[[Plan], Plan]


def _remade(made: DayPlan, orders: Sequence[Order], sites: Iterable[str]) -> Decide:
    return lambda found: rules.remade(found, made, orders, sites)


def _since(compound: Compound, crew: Crew) -> date:
    """From when on the compound has waited, if it was never visited."""
    return max(crew.since, local_day(compound.stood[0].since)) if compound.stood else crew.since


def _shared(plan: Plan, situation: Situation) -> list[tuple[Activity, list[str]]]:
    """Which activity of the day goes to which compounds: each to the one whose grid is nearest by its code."""
    activities = situation.days.get(plan.day, ())
    found: dict[str, list[str]] = {each.id: [] for each in activities}
    for turn in plan.made.turns:
        code = situation.sites[turn.compound_id].grid_code
        nearest = min(activities, key=lambda each: (_apart(each.grid_code, code), each.begins, each.id))
        found[nearest.id].append(turn.compound_id)
    return [(each, sorted(found[each.id])) for each in activities]


def _apart(one: str, other: str) -> int:
    """0 for one grid, 1 for one community, 2 for one agency, and so on."""
    return len(set(areas(one)) - set(areas(other)))
