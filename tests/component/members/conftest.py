"""The service's stores on a real MongoDB, and the service class without its container."""

from collections.abc import Callable, Iterable
from inspect import getmembers
from typing import Any

import pytest
from cryptography.fernet import Fernet
from eventlet import tpool
from nameko.testing.services import worker_factory
from pymongo.database import Database

from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.setup import indexed
from chassis.store import Store
from members.accounts import hashing
from members.accounts.hashing import HashingRoom
from members.accounts.later import Later
from members.accounts.store import AccountStore
from members.coverage.store import CoverageStore
from members.matching.engagements import EngagementStore
from members.matching.pool import PoolStore
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.person import Person
from members.people.store import PeopleStore
from members.posts.store import PostStore
from members.sealing import Seal
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.entrants import MoveIn, register
from tests.component.members.small_district import settle
from tests.component.members.staging import FUTURE, NOW, Messenger
from tests.component.set_clock import SetClock
from tests.component.stored import emptied_database, stored

Stored = Database[dict[str, Any]]

database = emptied_database()

territory = stored(TerritoryStore)
organisations = stored(UnitStore)


@pytest.fixture
def pool(database: Stored) -> PoolStore:
    return PoolStore(Home(database))


people = stored(PeopleStore)
accounts = stored(AccountStore)
posts = stored(PostStore)
party_groups = stored(PartyGroupStore)
coverage_told = stored(CoverageStore)
engagements = stored(EngagementStore)


@pytest.fixture
def seal() -> Seal:
    return Seal(Fernet.generate_key().decode(), "a key for tests")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def present() -> SetClock:
    return SetClock(FUTURE)


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
def service(database: Stored, seal: Seal, clock: SetClock, present: SetClock, messenger: Messenger) -> MembersService:
    stores = {name: provider for name, provider in getmembers(MembersService) if isinstance(provider, Store)}
    made: MembersService = worker_factory(
        MembersService,
        **{name: indexed(database, provider.factory) for name, provider in stores.items()},
        seal=seal,
        demo=True,
        clock=clock,
        notify=messenger,
    )
    made.present = present
    made.code_waits = lambda: 0.0
    made.later = Later()
    return made


@pytest.fixture
def in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is done by who asks: threads of a test have no event loop that could wait for another thread."""
    monkeypatch.setattr(tpool, "execute", lambda work, *given: work(*given))
    monkeypatch.setattr(hashing, "ROOM", HashingRoom(places=100))


@pytest.fixture
def move_in(people: PeopleStore, seal: Seal) -> Callable[[Iterable[tuple[Person, str | None]]], None]:
    """Adds people with their phones."""

    def add(newcomers: Iterable[tuple[Person, str | None]]) -> None:
        entry = Entry("e", "person.registered", NOW, {})
        people.add((person, seal.close(phone) if phone else None, entry) for person, phone in newcomers)

    return add


@pytest.fixture
def district_of_xie(
    territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, accounts: AccountStore, seal: Seal
) -> None:
    """The small district with its people, and Xie, who has an account by phone."""
    settle(territory, organisations, move_in)
    register(lambda newcomers: move_in([one for one in newcomers if one[0].id == "p-xie"]), accounts, seal)
