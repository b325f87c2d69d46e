"""Puts the demo district into the database: what is there already stays as it is, what is missing is added."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.ids import new_id
from chassis.outbox import Entry
from members.accounts import password
from members.accounts.store import AccountStore
from members.area import tenant_of
from members.buildings.building import REGISTERED
from members.buildings.store import BuildingStore
from members.demo import registering
from members.demo.district import SEED, District
from members.demo.enrolment import Enrolment
from members.demo.territory import OPENED
from members.organisations.store import UnitStore
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.policies.policy import ENTERED
from members.policies.store import PolicyStore
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.rounds.store import RoundStore
from members.sealing import Seal
from members.service_points.entry import RECORDED
from members.service_points.store import PointsStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.workers.store import WorkerStore


class OtherKeys(Exception):
    """The demo people are there already, sealed under keys that are not at hand: their phones could not be found."""


@dataclass(frozen=True)
class Stores:
    """Where the demo goes."""

    territory: TerritoryStore
    organisations: UnitStore
    people: PeopleStore
    accounts: AccountStore
    workers: WorkerStore
    rounds: RoundStore
    registrations: RegistrationStore
    points: PointsStore
    policies: PolicyStore
    posts: PostStore
    party_groups: PartyGroupStore
    venues: VenueStore
    buildings: BuildingStore


def load(demo: District, stores: Stores, seal: Seal, staff_password: str) -> str:
    """Add what is missing, give the staff this password, and say in one line what was added.

    Raises `OtherKeys`.
    """
    _check_keys(demo.people, stores.accounts, seal)
    areas = stores.territory.add_areas(demo.areas, OPENED)
    grids = stores.territory.grids.add([*demo.grids, *demo.base_grids], OPENED)
    compounds = stores.territory.compounds.add(demo.compounds, OPENED)
    buildings = stores.buildings.records.add(demo.buildings, OPENED, REGISTERED)
    units = stores.organisations.units.add(demo.units, OPENED)
    people = add_people(demo.people, stores.people, seal)
    accounts = _add_accounts(demo.people, stores.accounts, seal, staff_password)
    registered = _register(demo, stores)
    places = f"{areas} areas, {grids} grids, {compounds} compounds, {buildings} buildings"
    workers = stores.workers.add(demo.census.workers)
    stores.workers.add_estimates(demo.census.estimates)
    stores.rounds.add(demo.census.round, demo.census.doors)
    staffed = _staff(demo, stores)
    added = f"{units} units, {people} people, {accounts} accounts, {workers} workers"
    return f"added {places}, {added}, {registered}, {staffed}"


def _staff(demo: District, stores: Stores) -> str:
    """Posts, party groups and venues: what was added of them, in words."""
    posts = stores.posts.add(demo.posts, OPENED)
    groups, venues = stores.party_groups.add(demo.party_groups, OPENED), stores.venues.add(demo.venues, OPENED)
    return f"{posts} posts, {groups} party groups, {venues} venues"


def _register(demo: District, stores: Stores) -> str:
    """Dual registration: what was added of it, in words."""
    tenant = tenant_of(demo.grids[0].code)
    made = registering.registrations(demo)
    rows = stores.registrations.add(made, OPENED)
    points = stores.points.records.add(registering.points(made, tenant, SEED), OPENED, RECORDED)
    policies = stores.policies.records.add([registering.policy(tenant)], OPENED, ENTERED)
    return f"{rows} registrations, {points} points, {policies} policies"


def _check_keys(enrolled: Sequence[Enrolment], store: AccountStore, seal: Seal) -> None:
    by_phone = next(each for each in enrolled if not each.login)
    expected = by_phone.account(seal.fingerprint(by_phone.phone), "")
    found = store.account(expected.id)
    if found and found.phone_print != expected.phone_print:
        raise OtherKeys(
            "This database holds demo people that were loaded under another CODE_KEY. Give the keys of then (those of "
            "make run are in .local/secrets.env), or a server without the databases cases, members and notify."
        )


def add_people(enrolled: Sequence[Enrolment], store: PeopleStore, seal: Seal) -> int:
    """Register those who are missing; how many there were."""
    known = store.known([each.person.id for each in enrolled])
    missing = [each for each in enrolled if each.person.id not in known]
    return store.add(
        (each.person, seal.close(each.phone), Entry(new_id(), "person.registered", OPENED, {})) for each in missing
    )


def _add_accounts(enrolled: Sequence[Enrolment], store: AccountStore, seal: Seal, staff_password: str) -> int:
    """Every account of the staff shares one hash, since they share one password."""
    password_hash = _current_hash(enrolled, store, staff_password)
    accounts = [each.account(seal.fingerprint(each.phone), password_hash) for each in enrolled]
    known = store.known([account.id for account in accounts])
    store.set_password([account.id for account in accounts if account.id in known and account.login], password_hash)
    return store.add((account for account in accounts if account.id not in known), OPENED)


def _current_hash(enrolled: Sequence[Enrolment], store: AccountStore, staff_password: str) -> str:
    """The hash that the staff have, unless the password is new: hashing takes a while, and so would 300 of them."""
    login = next(each.login for each in enrolled if each.login)
    found = store.with_login(login)
    kept = found.password_hash if found else None
    return kept if kept and password.matches(kept, staff_password) else password.hashed(staff_password)
