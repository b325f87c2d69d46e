"""`python -m members.demo`: loads the demo district into the database of this service; safe to repeat."""

import sys

from environs import Env

from chassis.mongo import Home, connect, database_name
from chassis.settings import settings
from members.accounts.store import AccountStore
from members.buildings.store import BuildingStore
from members.demo.district import district
from members.demo.loading import OtherKeys, Stores, load
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.policies.store import PolicyStore
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.rounds.store import RoundStore
from members.sealing import Seal
from members.service_points.store import PointsStore
from members.settings import read
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
        try:
            sys.stdout.write(load(district(), stores, seal, staff_password) + "\n")
        except OtherKeys as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
