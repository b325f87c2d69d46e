"""People are registered one or many at once: all that is wrong is said at once, and nothing is half-done."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Caller, Grant
from chassis.command import Asked
from members.accounts.store import AccountStore
from members.organisations.store import UnitStore
from members.people.registrar import Registrar
from members.people.registration import Consent, Newcomer
from members.people.store import PeopleStore
from members.sealing import Seal
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle
from tests.component.members.staging import NOW

OFFICE = Caller("p-office", (Grant("party_office", "360704"),))
WORKER = Caller("p-worker", (Grant("community_worker", GRID),))
ONE = Newcomer("周测101", "360704", "女士", phone="12000000101", compound_id="c-dongyuan", unit_id="u-school")
ELDER = Newcomer("赖测102", "360704", compound_id="c-dongyuan", consent=Consent("in_person", "2026-01"))
WRONG = Newcomer(
    "吴测103",
    "360704",
    phone="12000000104",
    compound_id="c-nowhere",
    unit_id="u-homes-elsewhere",
    roles=(Grant("dispatcher", "360704100"), Grant("volunteer", "360703"), Grant("volunteer", "360704100999001")),
    born=date(2012, 3, 13),
)
"""Fourteen on the day after the tests play, among other things."""


@pytest.fixture
def registrar(
    people: PeopleStore,
    accounts: AccountStore,
    organisations: UnitStore,
    territory: TerritoryStore,
    seal: Seal,
    move_in: MoveIn,
) -> Registrar:
    settle(territory, organisations, move_in)
    return Registrar(people, accounts, organisations, territory, seal)


def asked(command: str, caller: Caller = OFFICE) -> Asked:
    return Asked(caller, command, "digest", NOW)


def test_many_are_registered_with_their_accounts_and_a_repetition_gets_the_same(
    registrar: Registrar, people: PeopleStore, accounts: AccountStore, seal: Seal
) -> None:
    answer = registrar.register(asked("k"), [ONE, ELDER])
    first, second = people.people(answer["person_ids"])
    assert registrar.register(asked("k"), [ONE, ELDER]) == answer
    assert (first.home and first.home.grid_code, first.unit_id) == (GRID, "u-school")
    assert first.grants == (Grant("resident", "360704"),)
    assert [(each.grant, each.since, each.until) for each in second.tenures] == [(second.grants[0], NOW, None)]
    account = accounts.with_phone(seal.fingerprint("12000000101"))
    assert account is not None
    assert account.person_id == first.id


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    registrar: Registrar, database: Database[dict[str, Any]]
) -> None:
    before = [database[name].count_documents({}) for name in ("people", "accounts")]
    twice = replace(ELDER, phone=WRONG.phone)
    found = refusal(registrar.register, asked=asked("k"), newcomers=[ONE, WRONG, twice])
    assert found.code == "invalid"
    assert {(each["pointer"], each["code"]) for each in found.details["errors"]} == {
        ("/1/born", "under_age"),
        ("/1/compound_id", "unknown_compound"),
        ("/1/unit_id", "unknown_unit"),
        ("/1/phone", "phone_repeated"),
        ("/1/roles/0", "role_above_own"),
        ("/1/roles/1/scope", "out_of_scope"),
        ("/1/roles/2/scope", "unknown_grid"),
        ("/2/phone", "phone_repeated"),
    }
    assert [database[name].count_documents({}) for name in ("people", "accounts")] == before


def test_a_phone_that_another_has_is_refused_by_its_own_code(registrar: Registrar) -> None:
    registrar.register(asked("k"), [ONE])
    found = refusal(registrar.register, asked=asked("l"), newcomers=[replace(ELDER, phone=ONE.phone)])
    assert (found.code, [each["pointer"] for each in found.details["errors"]]) == ("phone_taken", ["/phone"])


def test_a_worker_enters_residents_of_the_own_grid_on_their_word_and_nobody_else(registrar: Registrar) -> None:
    assert registrar.register(asked("k", WORKER), [ELDER])["version"] == 1
    for newcomer, code in (
        (replace(ELDER, consent=None), "consent_missing"),
        (replace(ELDER, compound_id=None), "out_of_scope"),
        (replace(ELDER, roles=(Grant("volunteer", GRID),)), "not_permitted"),
    ):
        assert refusal(registrar.register, asked=asked("l", WORKER), newcomers=[newcomer]).code == code
    stranger = Caller("p-1", (Grant("resident", "360704"),))
    assert refusal(registrar.register, asked=asked("m", stranger), newcomers=[ELDER]).code == "not_permitted"


def test_nobody_is_tied_to_a_grid_that_is_closed(
    registrar: Registrar, territory: TerritoryStore, database: Database[dict[str, Any]]
) -> None:
    database["grids"].update_one({"_id": GRID}, {"$set": {"closed": NOW}})
    volunteer = replace(ELDER, roles=(Grant("volunteer", GRID), Grant("volunteer", "360704100999001")))
    found = refusal(registrar.register, asked=asked("k"), newcomers=[volunteer])
    assert [(each["pointer"], each["code"]) for each in found.details["errors"]] == [
        ("/compound_id", "grid_closed"),
        ("/roles/0/scope", "grid_closed"),
        ("/roles/1/scope", "unknown_grid"),
    ]
