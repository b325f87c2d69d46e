"""The demo's rotation (docs/domain.md §8.2, F45): teams, the plan of each Thursday by the planner, and its visits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from members.activities.activity import Activity
from members.demo.cast import AUTHORITY
from members.demo.territory import DONGYUAN
from members.demo.thursdays import FIRST
from members.rotation import plan as plans
from members.rotation import planner, served
from members.rotation.crew import Crew
from members.rotation.plan import Plan
from members.rotation.served import DayServed
from members.rotation.turn import DayAhead, Order, Team, Waiting
from members.territory.compound import Compound

TEAMS = 18
PEOPLE = (4, 5, 6, 6)
"""How many a team has, by turns: 94 together."""

ORDERS: Mapping[date, tuple[Order, ...]] = {
    date(2026, 2, 12): (Order(DONGYUAN.id, None, "春节前大扫除，老旧无物业小区先去"),)
}
"""What the organiser ordered, by the day: the last one before the Spring Festival."""


def crew() -> Crew:
    """The teams that go round."""
    teams = (Team(f"team-{n + 1:02d}", f"扮靓周四第{n + 1}队", PEOPLE[n % len(PEOPLE)]) for n in range(TEAMS))
    return Crew(AUTHORITY, FIRST, tuple(teams))


def planned(days: Sequence[date], compounds: Sequence[Compound]) -> Iterator[Plan]:
    """The plan of each day, as if those before it had been carried out."""
    teams, ids = crew().teams, [compound.id for compound in compounds]
    ahead = [DayAhead(day, teams, ORDERS.get(day, ())) for day in days]
    made = planner.planned_ahead(ahead, [Waiting(id, 1) for id in ids], len(teams))
    for day, (plan, _) in zip(ahead, made, strict=True):
        yield plans.remade(plans.unmade(AUTHORITY, day.day), plan, day.orders, ids)


def visited(plan: Plan, activity: Activity) -> DayServed:
    """What the organiser recorded of a day: every turn of its plan was carried out."""
    turns = {turn.compound_id: turn for turn in plan.made.turns}
    rows = [{"compound_id": id} for id in turns]
    there, teams = frozenset(turns), frozenset(team.id for team in crew().teams)
    return served.recorded(DayServed(activity.id, plan.area, plan.day), rows, there, teams, turns)
