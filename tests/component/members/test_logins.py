"""Offices open logins and reset them, with first passwords that are good for nothing but being replaced."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import structlog
from pymongo.database import Database

from chassis.caller import Grant
from chassis.errors import Refusal
from members.accounts.account import FROM_ONE_ADDRESS, Account
from members.accounts.store import AccountStore
from members.organisations.store import UnitStore
from members.people.person import Person
from members.sealing import Seal
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.entrants import signed_in
from tests.component.members.small_district import ADMIN, FAR, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW, Messenger

NEW = "a long new password"
PHONE = "12000000001"
PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
TOWN = {"id": "p-town", "grants": [{"role": "district_admin", "scope": "360704100"}], "unit": None}
WHY = "忘记密码，已当面核实"

Answer = dict[str, Any]
Stored = Database[dict[str, Any]]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


@pytest.fixture
def opened(service: MembersService) -> Answer:
    return open_for(service)


def open_for(
    service: MembersService, person: str = "p-desk", login: str = "desk", by: Answer = ADMIN, command: str = "k"
) -> Answer:
    return service.open_login(caller=by, command_id=command, person_id=person, login=login)


def reset(service: MembersService, person: str = "p-desk", by: Answer = ADMIN, command: str = "r") -> Answer:
    return service.reset_login(caller=by, command_id=command, person_id=person, reason=WHY)


def enter(service: MembersService, given: Answer, new: str | None = None) -> Answer:
    asked = {"login": given["login"], "password": given["password"]} | ({"new_password": new} if new else {})
    return service.sign_in_with_password(**asked)


def trail(database: Stored, act: str) -> list[tuple[Any, ...]]:
    rows = database["audit"].find({"act": act}).sort("seq")
    return [(row["who"], row["role"], row["what"]["id"], row["reason"]) for row in rows]


def test_a_login_is_opened_with_a_password_that_is_replaced_at_the_first_sign_in(
    service: MembersService, opened: Answer, database: Stored
) -> None:
    assert (opened["person_id"], opened["login"], len(opened["password"])) == ("p-desk", "desk", 19)
    for _ in range(FROM_ONE_ADDRESS + 1):  # it is right, so it counts as no guess
        assert refusal(enter, service=service, given=opened).code == "password_to_be_changed"
    assert refusal(enter, service=service, given=opened, new="desk").details == {"why": ["too_short", "is_login"]}
    unchanged = refusal(enter, service=service, given=opened, new=opened["password"])
    assert unchanged.details == {"why": ["is_current"]}
    assert enter(service, opened, NEW)["person_id"] == "p-desk"
    assert refusal(enter, service=service, given=opened, new=NEW).code == "bad_credentials"
    mine = opened | {"password": NEW}
    assert enter(service, mine)["person_id"] == "p-desk"
    assert refusal(enter, service=service, given=mine, new="another long password").code == "no_first_password"
    assert trail(database, "login.opened") == [("p-admin", "district_admin", "p-desk", None)]


def test_who_does_not_know_the_first_password_is_not_told_that_it_is_one(
    service: MembersService, opened: Answer
) -> None:
    wrong = opened | {"password": "wrong"}
    for new in (None, NEW):
        assert refusal(enter, service=service, given=wrong, new=new).code == "bad_credentials"


def test_a_first_password_is_shown_once(service: MembersService, opened: Answer, database: Stored) -> None:
    assert open_for(service) == opened | {"password": None}
    assert refusal(open_for, service=service, login="other").code == "command_id_reused"
    again = reset(service)
    assert reset(service) == again | {"password": None}
    assert refusal(enter, service=service, given=opened).code == "bad_credentials"
    assert refusal(enter, service=service, given=again).code == "password_to_be_changed"
    assert len(trail(database, "login.opened")) == len(trail(database, "login.reset")) == 1


@pytest.mark.usefixtures("in_one_thread")
def test_of_one_command_that_comes_twice_at_once_one_is_told_the_password(service: MembersService) -> None:
    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(lambda _: open_for(service), range(4)))
    [shown] = [each for each in told if each["password"]]
    assert refusal(enter, service=service, given=shown).code == "password_to_be_changed"


@pytest.mark.usefixtures("in_one_thread")
def test_of_several_offices_that_open_a_login_at_once_one_does(service: MembersService, accounts: AccountStore) -> None:
    def attempt(n: int) -> str:
        try:
            return str(open_for(service, login=f"desk{n}", command=f"k{n}")["login"])
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(3) as crowd:
        said = list(crowd.map(attempt, range(3)))
    assert sorted(said)[1:] == ["login_open"] * 2
    assert [kept.item.login for kept in accounts.of_person("p-desk")] == [min(said)]


def test_a_reset_ends_every_session_and_leaves_its_reason(
    service: MembersService, opened: Answer, database: Stored
) -> None:
    here = enter(service, opened, NEW)
    again = reset(service)
    assert refusal(service.refresh, refresh_token=here["refresh_token"]).code == "session_ended"
    assert refusal(enter, service=service, given=opened | {"password": NEW}).code == "bad_credentials"
    assert enter(service, again, NEW)["person_id"] == "p-desk"
    assert trail(database, "login.reset") == [("p-admin", "district_admin", "p-desk", WHY)]


def test_whoever_signs_in_by_phone_keeps_doing_so_beside_the_login(
    service: MembersService, accounts: AccountStore, seal: Seal, messenger: Messenger, move_in: MoveIn
) -> None:
    move_in([(Person("p-xie", "360704", "谢测001", (Grant("volunteer", "360704"),)), PHONE)])
    accounts.add([Account("a-xie", "p-xie", "360704", phone_print=seal.fingerprint(PHONE))], NOW)
    before = signed_in(service, messenger)
    given = open_for(service, "p-xie", "xie.001", PARTY)
    assert service.refresh(refresh_token=before["refresh_token"])
    assert [(kept.id, kept.item.login) for kept in accounts.of_person("p-xie")] == [("a-xie", "xie.001")]
    assert enter(service, given, NEW)["account_id"] == "a-xie"


def test_after_a_merge_a_reset_leaves_no_other_login_that_gets_in(
    service: MembersService, opened: Answer, accounts: AccountStore
) -> None:
    enter(service, opened, NEW)
    [kept] = accounts.of_person("p-desk")
    accounts.add([replace(kept.item, id="a-z", login="desk2")], NOW)
    again = reset(service)
    other = ({"desk", "desk2"} - {again["login"]}).pop()
    assert refusal(enter, service=service, given={"login": other, "password": NEW}).code == "bad_credentials"
    assert enter(service, again, "another long password")


@pytest.mark.parametrize(
    ("by", "person", "code"),
    [
        (PARTY, "p-desk", "role_above_own"),
        (PARTY, "p-admin", "role_above_own"),
        (TOWN, "p-admin", "not_permitted"),
        (ADMIN, "p-admin", "own_login"),
        (ADMIN, "p-nobody", "person_not_found"),
        ({**ADMIN, "grants": [{"role": "dispatcher", "scope": "360704"}]}, "p-near", "not_permitted"),
        ({**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}, "p-near", "person_not_found"),
    ],
    ids=["not-theirs-to-give", "administrator", "beyond-scope", "oneself", "nobody", "no-office", "other-district"],
)
def test_nobody_gets_a_way_in_to_more_than_they_may_give(
    service: MembersService, database: Stored, by: Answer, person: str, code: str
) -> None:
    before = list(database["accounts"].find())
    assert refusal(open_for, service=service, person=person, by=by).code == code
    assert refusal(reset, service=service, person=person, by=by).code == code
    assert list(database["accounts"].find()) == before
    assert database["audit"].count_documents({}) == 0


def test_the_party_office_opens_logins_of_those_whose_roles_it_gives(service: MembersService) -> None:
    assert open_for(service, "p-near", "near", PARTY)["password"]
    assert reset(service, "p-near", PARTY)["password"]


@pytest.mark.parametrize("login", ["", "ab", "Desk", "1desk", "12000000001", "desk\n", "a b c", "a" * 41])
def test_what_is_no_login_is_refused(service: MembersService, login: str) -> None:
    found = refusal(open_for, service=service, login=login)
    assert (found.code, found.details["errors"][0]["pointer"]) == ("invalid", "/login")


def test_a_login_is_one_persons_also_after_they_have_left(
    service: MembersService, opened: Answer, move_in: MoveIn, database: Stored
) -> None:
    move_in([(staff("p-desk2", "dispatcher", "360704100"), None)])
    database["accounts"].update_one({"login": opened["login"]}, {"$set": {"active": False}})
    assert refusal(open_for, service=service, person="p-desk2", command="k2").code == "login_taken"
    assert [row[2] for row in trail(database, "login.opened")] == ["p-desk"]


def test_nothing_is_reset_that_is_not_there_and_nothing_opened_twice(service: MembersService) -> None:
    assert refusal(reset, service=service).code == "no_login"
    open_for(service)
    assert refusal(open_for, service=service, login="other", command="k2").code == "login_open"
    blank = {"caller": ADMIN, "command_id": "x", "person_id": "p-desk", "reason": " "}
    assert refusal(service.reset_login, **blank).code == "reason_missing"


def test_who_has_left_gets_no_login(service: MembersService, move_in: MoveIn) -> None:
    move_in([(replace(FAR, id="p-gone", active=False), None)])
    assert refusal(open_for, service=service, person="p-gone", login="gone").code == "person_left"


def test_nothing_of_a_first_password_is_kept_readable_or_logged(service: MembersService, database: Stored) -> None:
    with structlog.testing.capture_logs() as lines:
        first, second = open_for(service), reset(service)
    everything = str([list(database[name].find()) for name in database.list_collection_names()]) + str(lines)
    assert first["password"] not in everything
    assert second["password"] not in everything
    [account] = database["accounts"].find()
    assert account["password_hash"] not in str(account["history"])
    assert "password" not in str(list(database["audit"].find()))
