"""What the demo's volunteers have done in the demo period (docs/domain.md §8.2): Thursdays, turns, hours, stations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from members.area import tenant_of
from members.demo import hours, registering, station_use, thursdays, turns
from members.demo.district import SEED, District
from members.demo.hours import Recorded
from members.demo.musters import Muster, musters
from members.posts.post import local_day
from members.rotation.crew import Crew
from members.rotation.plan import Plan
from members.rotation.served import DayServed
from members.series.series import Series
from members.service_points.entry import PointsEntry
from members.stars.star import Book
from members.stations.store import Guest, Use


@dataclass(frozen=True)
class ServiceYear:
    """All of it; each muster, plan and day served belong to one Thursday."""

    series: Series
    crew: Crew
    plans: Sequence[Plan]
    served: Sequence[DayServed]
    musters: Sequence[Muster]
    recorded: Sequence[Recorded]
    books: Sequence[Book]
    uses: Sequence[Use]
    guests: Sequence[Guest]
    points: Sequence[PointsEntry]


def service_year(demo: District, now: datetime, seed: int = SEED) -> ServiceYear:
    """The year that the seed makes of the district, as far as it is over by now."""
    series, today = thursdays.held(now), local_day(now)
    days = thursdays.published(series)
    plans = list(turns.planned([day.day for day in days], demo.compounds))
    days = [replace(day, compounds=tuple(sorted(_visited(plan)))) for day, plan in zip(days, plans, strict=True)]
    people = [each.person for each in demo.people]
    came = musters(days, people, Random(f"{seed} musters"))  # noqa: S311 - data, no secret
    recorded = hours.recorded(came, Random(f"{seed} hours"), now)  # noqa: S311 - data, no secret
    resting = Random(f"{seed} stations")  # noqa: S311 - data, no secret
    come = {each.person_id for muster in came for each in muster.attendance}
    guests = station_use.guests([each for each in people if each.id not in come], demo.venues, resting)
    policy = (registering.policy(tenant_of(demo.grids[0].code)).id, 1)
    return ServiceYear(
        series,
        turns.crew(),
        plans,
        [turns.visited(*pair) for pair in zip(plans, days, strict=True)],
        came,
        recorded,
        hours.books(recorded, {person.id: person for person in people}, now),
        station_use.uses(demo.venues, Random(f"{seed} uses"), today),  # noqa: S311 - data, no secret
        [each for each in guests if each.day < today],
        [each for each in station_use.served(guests, people, policy, resting) if each.on < today],
    )


def _visited(plan: Plan) -> list[str]:
    return [turn.compound_id for turn in plan.made.turns]
