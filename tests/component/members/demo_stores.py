"""Every store that the demo goes into, on one database."""

from typing import Any

from pymongo.database import Database

from chassis.setup import indexed
from members.accounts.store import AccountStore
from members.activities.store import ActivityStore
from members.attendance.store import AttendanceStore
from members.bookings.store import BookingStore
from members.buildings.store import BuildingStore
from members.demo.loading import Stores
from members.demo.year_loading import YearStores
from members.hours.store import HoursStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.policies.store import PolicyStore
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.rotation.store import RotationStore
from members.rounds.store import RoundStore
from members.series.store import SeriesStore
from members.service_points.store import PointsStore
from members.signups.store import SignupStore
from members.stars.store import BookStore
from members.stations.store import StationUseStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.store import WorkerStore


def district_stores(database: Database[dict[str, Any]]) -> Stores:
    """Where the district goes."""
    return Stores(
        indexed(database, TerritoryStore),
        indexed(database, UnitStore),
        indexed(database, PeopleStore),
        indexed(database, AccountStore),
        indexed(database, WorkerStore),
        indexed(database, RoundStore),
        indexed(database, RegistrationStore),
        indexed(database, PointsStore),
        indexed(database, PolicyStore),
        indexed(database, PostStore),
        indexed(database, PartyGroupStore),
        indexed(database, VenueStore),
        indexed(database, BuildingStore),
    )


def year_stores(database: Database[dict[str, Any]]) -> YearStores:
    """Where the volunteers' year goes."""
    return YearStores(
        indexed(database, SeriesStore),
        indexed(database, ActivityStore),
        indexed(database, SignupStore),
        indexed(database, AttendanceStore),
        indexed(database, HoursStore),
        indexed(database, BookStore),
        indexed(database, RotationStore),
        indexed(database, StationUseStore),
        indexed(database, BookingStore),
        indexed(database, PointsStore),
    )
