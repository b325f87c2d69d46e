"""The census of an area as it stood at a moment, over the stores of workers, grids and stations."""

from datetime import date, datetime

from members.area import tenant_of
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import REST_STATION
from members.workers.census import Census, census
from members.workers.store import WorkerStore


def counted(
    workers: WorkerStore, territory: TerritoryStore, venues: VenueStore, area: str, at: datetime, day: date
) -> Census:
    """What H6 counts of an area as of an instant, on that local day; as true of a past date as of today.

    Whose grid is closed, and who has no station that is open, is linked to nothing.
    """
    tenant = tenant_of(area)
    counts = workers.counts(tenant, at)
    grids = territory.in_force(counts, tenant, at)
    stations = {each.id for each in venues.open_on(tenant, REST_STATION, day)}
    loose = workers.outside(area, at, grids, stations)
    return census(area, counts, loose, workers.estimates_until(tenant, day), day)
