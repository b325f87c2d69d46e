"""The checks out to the edge (横向到边), H3 to H10: whether everything lies in a grid and everybody is looked after."""

from collections.abc import Iterator

from members.coverage.counting import Count, Item, item, of_all
from members.coverage.facts import Facts, OrganisationFact, SiteFact, VisitFact
from members.territory.distance import distance_m

IN_ONE_GRID = frozenset({"enterprise", "social_organisation", "co_building_unit"})
"""Organisations that lie in exactly one grid; a property company may serve several (§4, H3)."""

STATION_M = 1_000
"""15 minutes on foot (§4, H5)."""

SECOND_TRY = 2
SESSION_DAYS = 30


def placed(facts: Facts) -> Count:
    """H3: compounds, enterprises, social organisations and co-building units inside exactly one service grid, property
    companies in at least one.
    """
    failing = [*_misplaced_compounds(facts), *_misplaced_organisations(facts)]
    return of_all(len(facts.compounds) + len(facts.organisations), failing)


def _misplaced_compounds(facts: Facts) -> Iterator[Item]:
    for site in facts.compounds:
        count = sum(grid.holds(site.at) for grid in facts.service_grids)
        if count != 1:
            yield _misplaced(site, count)


def _misplaced_organisations(facts: Facts) -> Iterator[Item]:
    codes = {grid.code for grid in facts.service_grids}
    for each in facts.organisations:
        count = len(codes.intersection(each.grid_codes))
        if count == 0 or (count > 1 and each.kind in IN_ONE_GRID):
            yield _misplaced(each, count)


def _misplaced(each: SiteFact | OrganisationFact, count: int) -> Item:
    return item(each.id, each.name, "in_several_grids" if count else "outside_all_grids", count=count)


def fallbacks(facts: Facts) -> Count:
    """H4: unmanaged compounds with a named fallback unit."""
    unmanaged = [site for site in facts.compounds if not site.managed]
    failing = (item(site.id, site.name, "no_fallback") for site in unmanaged if site.fallback is None)
    return of_all(len(unmanaged), failing)


def stations(facts: Facts) -> Count:
    """H5: compounds with an open rest station within 1,000 m."""
    return of_all(len(facts.compounds), (each for site in facts.compounds for each in _far(site, facts)))


def _far(site: SiteFact, facts: Facts) -> Iterator[Item]:
    if not facts.stations:
        yield item(site.id, site.name, "no_station")
        return
    nearest = min(distance_m(site.at, station.at) for station in facts.stations)
    if nearest > STATION_M:
        yield item(site.id, site.name, "station_far", metres=round(nearest))


def new_employment(facts: Facts) -> Count:
    """H6: new-employment workers who are known, of those estimated; who of them is linked to nothing is named."""
    found = facts.census
    failing = [item(id, nickname, "not_linked") for id, nickname in found.unlinked.items()]
    return Count(found.known, found.estimated or 0, failing, unknown=None if found.estimated else "no_estimate")


def door_knocks(facts: Facts) -> Count:
    """H7: addresses visited, of those listed; where nobody answered there is a second try."""
    failing = [each for visit in facts.visits for each in _open(visit)]
    noted = [each for visit in facts.visits for each in _done(visit)]
    visited = sum(visit.visited for visit in facts.visits)
    return Count(visited, len(facts.visits), failing, noted, None if facts.visits else "nothing_recorded")


def _done(visit: VisitFact) -> Iterator[Item]:
    if visit.refused:
        yield item(visit.id, visit.name, "refused")
    elif not visit.visited and visit.no_answers >= SECOND_TRY:
        yield item(visit.id, visit.name, "nobody_answered")


def _open(visit: VisitFact) -> Iterator[Item]:
    if not (visit.visited or visit.refused) and visit.no_answers < SECOND_TRY:
        yield item(visit.id, visit.name, "no_second_try" if visit.no_answers else "not_visited")


def service_days(facts: Facts) -> Count:
    """H8: compounds that had one of the last 12 service days."""
    served = facts.served
    if served is None:
        return Count(0, len(facts.compounds), unknown="nothing_recorded")
    failing = (item(site.id, site.name, "not_served") for site in facts.compounds if site.id not in served)
    return of_all(len(facts.compounds), failing)


def registrations(facts: Facts) -> Count:
    """H9: reporting units that are registered with a community, of those obliged to."""
    failing = (item(unit.id, unit.name, "not_registered") for unit in facts.units if not unit.registered)
    return of_all(len(facts.units), failing)


def sessions(facts: Facts) -> Count:
    """H10: communities in which an intake session was held within the last 30 days."""
    return of_all(len(facts.communities), (each for code in facts.communities for each in _silent(code, facts)))


def _silent(code: str, facts: Facts) -> Iterator[Item]:
    last = facts.sessions.get(code)
    if last is None:
        yield item(code, facts.name(code), "no_session")
    elif (facts.day - last).days > SESSION_DAYS:
        yield item(code, facts.name(code), "no_recent_session", days=(facts.day - last).days)
