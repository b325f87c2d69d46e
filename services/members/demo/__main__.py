"""`python -m members.demo`: loads the demo district into the database of this service; safe to repeat."""

import sys

from environs import Env

from chassis.clock import clock
from chassis.mongo import Home, connect, database_name
from chassis.settings import settings
from members.accounts.store import AccountStore
from members.activities.store import ActivityStore
from members.api_keys.store import ApiKeyStore
from members.area import tenant_of
from members.attendance.store import AttendanceStore
from members.bookings.store import BookingStore
from members.buildings.store import BuildingStore
from members.demo.district import district
from members.demo.edges import Edges
from members.demo.loading import OtherKeys, Stores, load
from members.demo.program import load_key
from members.demo.year_loading import YearStores, load_once
from members.hours.store import HoursStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.policies.store import PolicyStore
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.rotation.store import RotationStore
from members.rounds.store import RoundStore
from members.sealing import Seal
from members.series.store import SeriesStore
from members.service_points.store import PointsStore
from members.settings import read
from members.signups.store import SignupStore
from members.stars.store import BookStore
from members.stations.store import StationUseStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.store import WorkerStore


def main() -> None:
    """Load the demo and say what was added."""
    env = Env()
    keys, staff_password = read(env), env.str("DEMO_PASSWORD")
    seal = Seal(keys.person_key, keys.code_key)
    with connect(settings, "members-demo") as client:
        home = Home(client[database_name(settings, "members")])
        stores = Stores(
            TerritoryStore(home),
            UnitStore(home),
            PeopleStore(home),
            AccountStore(home),
            WorkerStore(home),
            RoundStore(home),
            RegistrationStore(home),
            PointsStore(home),
            PolicyStore(home),
            PostStore(home),
            PartyGroupStore(home),
            VenueStore(home),
            BuildingStore(home),
        )
        of_year = YearStores(
            SeriesStore(home),
            ActivityStore(home),
            SignupStore(home),
            AttendanceStore(home),
            HoursStore(home),
            BookStore(home),
            RotationStore(home),
            StationUseStore(home),
            BookingStore(home),
            stores.points,
        )
        demo, now = district(), clock().now()
        try:
            sys.stdout.write(load(demo, stores, seal, staff_password) + "\n")
        except OtherKeys as error:
            sys.exit(str(error))
        tenant, secret = tenant_of(demo.grids[0].code), env.str("DEMO_API_KEY", "")
        sys.stdout.write(load_key(ApiKeyStore(home), seal, tenant, secret) + "\n")
        sys.stdout.write(Edges(demo, home).play() + "\n")
        sys.stdout.write(load_once(demo, of_year, now) + "\n")


if __name__ == "__main__":
    main()
