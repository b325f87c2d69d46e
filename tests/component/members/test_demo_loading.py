"""The demo district in a real database: loaded in seconds, safe to repeat, and usable at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import eventlet
import pytest
from cryptography.fernet import Fernet
from pymongo.database import Database

from chassis.errors import Refusal
from members.accounts import password
from members.accounts.store import AccountStore
from members.demo.district import District, district
from members.demo.loading import OtherKeys, Stores, load
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.demo_stores import district_stores
from tests.component.members.staging import Messenger

Load = Callable[[str], str]
LAMP = {
    "grid_code": "360704100002001",
    "location": {"lon": 115.0058, "lat": 25.8672},
    "skills": ["electrician"],
    "certificates": ["low_voltage_electrician"],
    "at": "2026-03-12T19:46:00+08:00",
}


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


@pytest.fixture
def stores(database: Database[dict[str, Any]]) -> Stores:
    return district_stores(database)


@pytest.fixture
def load_with(demo: District, stores: Stores, seal: Seal) -> Load:
    return lambda password: load(demo, stores, seal, password)


def test_it_loads_and_a_second_time_adds_nothing(load_with: Load) -> None:
    assert load_with("first").startswith("added 14 areas, 127 grids, 140 compounds, ")
    added = load_with("first")
    assert added.startswith("added 0 areas, 0 grids, 0 compounds, 0 buildings, ")
    assert added.endswith(", 0 workers, 0 registrations, 0 points, 0 policies, 0 posts, 0 party groups, 0 venues")


def test_units_and_active_members_are_registered_each_with_a_slip_of_its_own(load_with: Load, stores: Stores) -> None:
    assert f", {89 + 2790} registrations, " in load_with("first")
    day = date(2026, 3, 31)
    assert len(stores.registrations.units_on("360704", day)) == 89
    unit = stores.people.in_service("u-reporting-02")
    assert stores.registrations.members_on("u-reporting-02", day) == set(unit)
    next_one = stores.registrations.next_slip("360704100002", 2025)
    assert not stores.registrations.records.find({"slip": next_one})


def test_data_of_other_keys_are_left_alone(
    demo: District, accounts: AccountStore, stores: Stores, load_with: Load
) -> None:
    load_with("first")
    strangers = Seal(Fernet.generate_key().decode(), "another key")
    with pytest.raises(OtherKeys, match="another CODE_KEY"):
        load(demo, stores, strangers, "second")
    account = accounts.with_login("dispatcher")
    assert account
    assert account.password_hash
    assert password.matches(account.password_hash, "first")


def test_what_was_changed_meanwhile_stays(load_with: Load, database: Database[dict[str, Any]]) -> None:
    load_with("first")
    database["compounds"].update_one({"_id": "c-dongyuan"}, {"$set": {"is_old": False}})
    load_with("first")
    kept = database["compounds"].find_one({"_id": "c-dongyuan"})
    assert kept is not None
    assert not kept["is_old"]


def test_every_place_and_organisation_waits_to_be_announced_and_no_person_does(
    load_with: Load, demo: District, database: Database[dict[str, Any]]
) -> None:
    load_with("first")
    waiting = {name: database[name].count_documents({"unrelayed": True}) for name in database.list_collection_names()}
    assert (waiting["grids"], waiting["compounds"]) == (127, 140)
    assert (waiting["units"], waiting["people"]) == (len(demo.units), 0)


def test_staff_sign_in_with_the_password_of_the_day(load_with: Load, service: MembersService) -> None:
    load_with("first")
    assert service.sign_in_with_password(login="dispatcher", password="first")["person_id"] == "p-dispatcher"
    load_with("second")
    assert service.sign_in_with_password(login="auditor", password="second")["person_id"] == "p-auditor"
    with pytest.raises(Refusal, match="bad_credentials"):
        service.sign_in_with_password(login="dispatcher", password="first")


def test_residents_and_members_sign_in_with_a_code(
    load_with: Load, service: MembersService, messenger: Messenger
) -> None:
    load_with("first")
    begun = service.request_code(phone="12000000001")
    eventlet.sleep(0)
    [(_, code)] = messenger.sent
    assert service.sign_in_with_code(sign_in_id=begun["sign_in_id"], code=code)["person_id"] == "p-resident"


def test_the_lamp_is_proposed_to_the_electrician_next_door(load_with: Load, service: MembersService) -> None:
    load_with("first")
    proposed = service.candidates(**LAMP)
    assert proposed[0]["person_id"] == "p-member"
    service.change_profile(
        caller={"id": "p-member", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": None},
        command_id="k",
        free_times=[],
    )
    assert service.candidates(**LAMP)[0]["person_id"] == proposed[1]["person_id"]


def test_a_proposal_asks_the_database_as_often_for_many_as_for_few(
    load_with: Load, service: MembersService, database: Database[dict[str, Any]]
) -> None:
    load_with("first")

    def seen(task: dict[str, Any]) -> tuple[int, int]:
        """How many are proposed, and how often the database is asked for them."""
        database.command("profile", 2)
        proposed = service.candidates(**task)
        database.command("profile", 0)
        asked = database["system.profile"].count_documents({"op": {"$in": ["query", "command", "getmore"]}})
        database.drop_collection("system.profile")
        return len(proposed), asked

    anybody = {name: LAMP[name] for name in ("grid_code", "at")}
    assert seen(anybody | {"limit": 1}) == (1, 7)
    assert seen(anybody | {"limit": 50}) == (50, 7)


def test_no_phone_lies_readable_in_the_database(load_with: Load, database: Database[dict[str, Any]]) -> None:
    load_with("first")
    for name in database.list_collection_names():
        assert "1200000" not in str(list(database[name].find({}, {"_id": False, "password_hash": False})))


def test_the_demo_is_covered_but_for_what_nobody_has_recorded(load_with: Load, service: MembersService) -> None:
    load_with("first")
    admin = {"id": "p-admin", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None}
    report = service.coverage(caller=admin, area="360704", as_of="2026-03-31")
    found = {each["id"]: (each["numerator"], each["denominator"]) for each in report["checks"]}
    passes = {each["id"]: each["passes"] for each in report["checks"]}
    assert [found[id] for id in ("V2", "V3", "V4", "V6", "V7")] == [(18, 18)] * 2 + [(0, 54)] + [(18, 18)] * 2
    # Every grid hangs in the tree, base grids too; every compound and every building has a worker.
    assert (found["V1"], found["V5"], found["V8"]) == ((127, 127), (808, 808), (0, 168))
    assert {id for id, passed in passes.items() if passed is False} <= {"V8", "H7", "H10"}
    assert all(passes[id] for id in ("V5", "H1", "H2", "H3", "H4", "H5", "H9"))
    assert found["H9"] == (89, 92)
