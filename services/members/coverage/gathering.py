"""Gathers the facts about an area from the stores of those who own them, as they stood at the end of a local day."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from members.activities.store import ActivityStore
from members.area import COMMUNITY_DIGITS, agency_of, tenant_of
from members.buildings.store import BuildingStore
from members.coverage.facts import (
    CensusFact,
    Facts,
    GridFact,
    GroupFact,
    OrganisationFact,
    PostFact,
    SiteFact,
    StationFact,
    UnitFact,
    VisitFact,
)
from members.coverage.store import CoverageStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.posts.post import local_day, midnight
from members.posts.store import PostStore
from members.registrations.rate import OBLIGED
from members.registrations.store import RegistrationStore
from members.rotation.store import RotationStore
from members.rotation.turn import BOUND
from members.rounds.round import Result, Standing, standing
from members.rounds.store import RoundStore
from members.territory.area import ancestors
from members.territory.compound import Compound
from members.territory.grid import Level
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.gathering import counted
from members.workers.store import WorkerStore

KINDS: Mapping[str, str] = {
    "CO_BUILDING": "co_building_unit",
    "ENTERPRISE": "enterprise",
    "SOCIAL_ORG": "social_organisation",
    "PROPERTY": "property_company",
}
"""The kinds of unit that have to lie in grids (§4, H3), as the check calls them."""

ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Sources:
    """Who owns what the checks look at."""

    territory: TerritoryStore
    buildings: BuildingStore
    organisations: UnitStore
    people: PeopleStore
    posts: PostStore
    party_groups: PartyGroupStore
    venues: VenueStore
    told: CoverageStore
    workers: WorkerStore
    rounds: RoundStore
    registrations: RegistrationStore
    activities: ActivityStore
    rotation: RotationStore


def gathered(sources: Sources, area: str, day: date) -> Facts:
    """The facts about an area (a code of 6, 9, 12 or 15 digits) on that day."""
    tenant, moment = tenant_of(area), end_of(day)
    above = [each for each in sources.territory.areas_of(ancestors(area)) if each.holds_at(moment)]
    inside = sources.territory.areas_within([tenant], area, moment)
    communities = tuple(each.code for each in inside if len(each.code) == COMMUNITY_DIGITS)
    compounds = list(_compounds(sources, area, moment))
    posts = sources.posts.within(area)
    holders = sorted({post.person_id for post in posts})
    return Facts(
        day=day,
        area=area,
        areas={each.code: each.name for each in (*above, *inside)},
        communities=communities,
        outline=sources.territory.service_area(area, moment),
        grids=_grids(sources, area, moment, compounds),
        posts=tuple(PostFact(each.grid_code, each.post, each.person_id, each.since, each.until) for each in posts),
        sites=_sites(sources, compounds, moment),
        organisations=_organisations(sources, area, moment),
        units=_units(sources, area, day),
        groups=_groups(sources, area, day),
        stations=_stations(sources, tenant, day),
        census=_census(sources, area, day),
        visits=tuple(_visits(sources, area, moment)),
        reached=sources.told.reached(holders, day),
        sessions=sources.told.sessions(communities, tenant, day),
        served=_served(sources, compounds, day),
        names={person.id: person.shown_name for person in sources.people.people(holders)},
    )


def end_of(day: date) -> datetime:
    """The last moment of a local day."""
    return midnight(day + timedelta(days=1)) - timedelta(milliseconds=1)


def _compounds(sources: Sources, area: str, moment: datetime) -> Iterator[Compound]:
    """The compounds that lay in the area then, wherever they have been tied since."""
    for each in sources.territory.compounds_within([tenant_of(area)], "", "", 0):
        then = each.as_of(moment)
        if then is not None and then.grid_code.startswith(area):
            yield then


def _grids(sources: Sources, area: str, moment: datetime, compounds: Sequence[Compound]) -> tuple[GridFact, ...]:
    households = Counter[str]()
    for compound in compounds:
        households[compound.grid_code] += compound.households
    return tuple(
        GridFact(
            each.code,
            each.name,
            each.level.value,
            each.ring,
            local_day(each.opened),
            each.parent,
            households[each.code],
        )
        for each in sources.territory.grids_within([tenant_of(area)], area, list(Level), moment)
    )


def _sites(sources: Sources, compounds: Sequence[Compound], moment: datetime) -> tuple[SiteFact, ...]:
    by_id = {each.id: each for each in compounds}
    buildings = sources.buildings.in_compounds(sorted(by_id), moment)
    return (
        *(
            SiteFact(each.id, each.name, each.at, "compound", each.has_property_mgmt, each.fallback_unit_id)
            for each in compounds
        ),
        *(
            SiteFact(each.id, f"{by_id[each.compound_id].name} {each.number}", by_id[each.compound_id].at, "building")
            for each in buildings
        ),
    )


def _organisations(sources: Sources, area: str, moment: datetime) -> tuple[OrganisationFact, ...]:
    """Those tied to a grid of the area; of a whole district also those that are tied to none."""
    tenant, found = tenant_of(area), []
    for unit in sources.organisations.of_district(tenant):
        codes = unit.grids_at(moment)
        inside = any(code.startswith(area) for code in codes) or (area == tenant and not codes)
        if unit.unit_type in KINDS and unit.open_at(moment) and inside:
            found.append(OrganisationFact(unit.id, unit.name, KINDS[unit.unit_type], codes))
    return tuple(found)


def _units(sources: Sources, area: str, day: date) -> tuple[UnitFact, ...]:
    """The units obliged to register that serve a grid of the area; of a whole district all of them."""
    tenant, moment = tenant_of(area), end_of(day)
    registered = sources.registrations.units_on(tenant, day)
    return tuple(
        UnitFact(unit.id, unit.name, unit.id in registered)
        for unit in sources.organisations.of_district(tenant)
        if unit.unit_type == OBLIGED and unit.open_at(moment)
        if area == tenant or any(code.startswith(area) for code in unit.grids_at(moment))
    )


def _groups(sources: Sources, area: str, day: date) -> tuple[GroupFact, ...]:
    return tuple(
        GroupFact(
            each.grid_code,
            each.leader(day),
            frozenset(seat.capacity for seat in each.sitting(day)),
            each.met_by(day),
        )
        for each in sources.party_groups.within(area)
        if each.exists_on(day)
    )


def _census(sources: Sources, area: str, day: date) -> CensusFact:
    found = counted(sources.workers, sources.territory, sources.venues, area, end_of(day), day)
    return CensusFact(found.known, found.estimated, found.unlinked)


def _visits(sources: Sources, area: str, moment: datetime) -> Iterator[VisitFact]:
    """The doors of the rounds that ran then, or of the last one, each as it stood."""
    for tally in sources.rounds.tallies(area, moment):
        for kept in sources.rounds.doors(tally.round_id, None, -1, 0):
            door = kept.item
            met = [visit.result for visit in door.visits if visit.at <= moment]
            visited = standing(met) is Standing.VISITED
            refused = standing(met) is Standing.REFUSED
            yield VisitFact(door.id, f"{door.building}-{door.door}", visited, met.count(Result.NO_ANSWER), refused)


def _served(sources: Sources, compounds: Sequence[Compound], day: date) -> frozenset[str] | None:
    """The compounds visited on the last service days of their agency; None where no visit was ever recorded.

    A service day of today counts once it is recorded, one that is over in any case.
    """
    found: set[str] | None = None
    for agency in sorted({agency_of(each.grid_code) for each in compounds}):
        recorded = {each.day for each in sources.rotation.served_from(agency, day - ONE_YEAR) if each.day <= day}
        days = sorted(recorded.union(sources.activities.service_days(agency, midnight(day - ONE_YEAR), midnight(day))))
        visited = sources.rotation.served_on(agency, days[-BOUND:])
        if visited is not None:
            found = (found or set()) | visited
    return None if found is None else frozenset(found)


def _stations(sources: Sources, tenant: str, day: date) -> tuple[StationFact, ...]:
    """Those of the whole district: the nearest may lie beyond the area's edge."""
    found = sources.venues.open_on(tenant, "rest_station", day)
    return tuple(StationFact(each.id, each.name, each.at) for each in found)
