"""Gathers what is in a grid from the stores of those who own it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from members.activities.store import ActivityStore
from members.area import tenant_of
from members.drawing.store import DrawingStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.posts.post import local_day
from members.posts.store import PostStore
from members.series.series import goes_on
from members.series.store import SeriesStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.store import WorkerStore

AT_LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""By when every plan has been carried out."""


@dataclass(frozen=True)
class Sources:
    """Who owns what may be in a grid."""

    territory: TerritoryStore
    drawings: DrawingStore
    organisations: UnitStore
    people: PeopleStore
    posts: PostStore
    party_groups: PartyGroupStore
    venues: VenueStore
    workers: WorkerStore
    activities: ActivityStore
    series: SeriesStore


def held(sources: Sources, code: str, at: datetime) -> dict[str, Sequence[str]]:
    """The ids or codes of what is in the grid at that moment or later, by kind.

    A party group in which nobody sits any more is dissolved with its grid.
    """
    tenant, day = tenant_of(code), local_day(at)
    posts = (kept.item for kept in sources.posts.on_grid(code))
    group, plan = sources.party_groups.of(code), sources.drawings.closing(code, AT_LAST)
    units = (kept.item for kept in sources.organisations.with_ties_to([code], tenant))
    return {
        "compounds": [compound.id for compound, _ in sources.territory.compounds_in([code], tenant)],
        "posts": [post.id for post in posts if post.until is None or post.until > day],
        "roles": sources.people.bound_to(code),
        "workers": [kept.id for kept in sources.workers.belonging_to(code)],
        "units": [unit.id for unit in units if unit.serves_after(code, at)],
        "venues": [kept.id for kept in sources.venues.lasting(code, day)],
        "activities": sources.activities.lasting(code, at),
        "series": [each.id for each in sources.series.running(code) if goes_on(each.item, at)],
        "seats": [seat.id for seat in group.item.seats if seat.until is None or seat.until > day] if group else [],
        "grids": [grid.code for grid, _ in sources.territory.grids_below([code], at)],
        "redrawings": [plan.id] if plan else [],
    }
