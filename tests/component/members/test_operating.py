"""What operators do with members by `sandan`: the first account of a district, in a database in which nobody is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from environs import Env
from pymongo.database import Database

from chassis.caller import Grant
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.settings import read
from dev.servers import Broker, Mongod
from members import operating
from members.accounts.store import AccountStore
from members.demo.territory import service_grids
from members.people.person import Person
from members.people.store import PeopleStore
from members.territory.store import TerritoryStore
from tests.component.members.running import Running
from tests.component.members.staging import NOW
from tests.component.stored import everything
from tests.waiting import eventually

PASSWORD = "long enough for one that stands alone"
ADMIN = ("--name", "谢测001", "--role", "district_admin", "360704")
BY_LOGIN = ("--login", "admin", "--password-file", "-")


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """members that is set up and does not run."""
    with Running(broker, mongod, tmp_path_factory.mktemp("operating")) as running:
        done = running.sandan("setup", "members")
        assert (done.returncode, done.stdout) == (0, "members is set up\n")
        yield running


@pytest.fixture
def database(running: Running) -> Database[dict[str, Any]]:
    """Its database, with nobody in it."""
    found = running.database("members")
    for name in found.list_collection_names(filter={"type": "collection"}):
        found[name].delete_many({})
    return found


@pytest.fixture
def started(running: Running, database: Database[dict[str, Any]]) -> Iterator[None]:
    """members while it runs."""
    running.start("members")
    yield
    running.stop_processes()


def open_account(running: Running, *words: str, typed: str = PASSWORD) -> tuple[int, str, str]:
    done = running.sandan("open-account", *words, typed=f"{typed}\n")
    return done.returncode, done.stdout, done.stderr


@pytest.mark.usefixtures("started")
def test_the_first_administrator_signs_in_registers_others_and_stands_in_the_trail(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    code, said, complained = open_account(running, *ADMIN, *BY_LOGIN)
    assert (code, complained) == (0, "")
    person_id = said.removeprefix("registered: ").partition(",")[0]
    assert said == f"registered: {person_id}, signs in as admin; district_admin 360704\n"
    session = running.call("members", "sign_in_with_password", login="admin", password=PASSWORD)
    grants = [{"role": role, "scope": "360704"} for role in ("resident", "district_admin")]
    assert (session["caller"]["id"], session["caller"]["grants"]) == (person_id, grants)
    roles = [{"role": "dispatcher", "scope": "360704"}]
    caller = session["caller"]
    running.call("members", "register_person", caller=caller, command_id="k", name="谢测002", roles=roles)
    row = eventually(lambda: database["audit"].find_one({"act": "person.registered", "what.id": person_id}))
    assert (row["who"], row["role"], row["details"]) == ("operator", "operator", {"roles": ["district_admin 360704"]})
    assert PASSWORD not in running.logs() + said


@pytest.mark.usefixtures("started")
def test_the_people_of_an_area_leave_as_a_file_masked_and_in_the_trail(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    known = [("p-here", "360704"), ("p-elsewhere", "360702")]
    PeopleStore(Home(database)).add(
        (Person(id, tenant, "谢测001", (Grant("resident", tenant),)), None, Entry(id, "person.registered", NOW, {}))
        for id, tenant in known
    )
    done = running.sandan("export", "people", "--area", "360704", "--to", "-")
    assert (done.returncode, done.stderr) == (0, "members: people of 360704, lines: 1\n")
    [line] = map(json.loads, done.stdout.splitlines())
    assert (line["person_id"], line["name_masked"]) == ("p-here", "谢**")
    row = database["audit"].find_one({"act": "file.downloaded"}) or {}
    assert (row["who"], row["role"], row["within"]) == ("operator", "auditor", ["360704"])
    assert "谢测001" not in done.stdout
    assert (row["what"], row["details"]["lines"]) == ({"kind": "people", "id": None}, 1)


@pytest.mark.usefixtures("started")
def test_nothing_leaves_of_an_area_that_there_is_not_and_an_empty_file_of_one_that_there_is(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    nowhere = running.sandan("export", "people", "--area", "360799", "--to", "-")
    assert (nowhere.returncode, nowhere.stdout) == (1, "")
    assert nowhere.stderr == "Error: members knows no area 360799: see that the code is right.\n"
    assert database["audit"].count_documents({}) == 0
    TerritoryStore(Home(database)).grids.add(service_grids(), NOW)
    known = service_grids()[0].code[:9]
    done = running.sandan("export", "people", "--area", known, "--to", "-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"members: people of {known}, lines: 0\n")


def test_a_look_beforehand_says_the_same_and_changes_nothing(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    before = everything(database)
    code, said, complained = open_account(running, *ADMIN, "--phone", "12000000001", "--login", "admin", "--dry-run")
    assert (code, complained) == (0, "")
    told = "signs in by a code to 120****0001 or as admin; district_admin 360704"
    assert said == f"would be registered: {told}; nothing was changed\n"
    assert everything(database) == before


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (BY_LOGIN, "another account has this login: choose another one"),
        (("--phone", "12000000001"), "another account has this phone: release it there first, or leave --phone out"),
    ],
    ids=["login", "phone"],
)
def test_whoever_is_as_quick_as_another_with_the_same_login_or_phone_is_told_so(
    running: Running,
    database: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    way: tuple[str, ...],
    said: str,
) -> None:
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(operating, "settings", read(Env()))
    monkeypatch.setattr(AccountStore, "has_login", lambda *_: False)  # as long as the other has not written
    monkeypatch.setattr(AccountStore, "taken", lambda *_: set())
    first, second = (CliRunner().invoke(operating.open_account, [*ADMIN, *way], f"{PASSWORD}\n") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 1)
    assert second.output == f"Error: account: {said}\n"
    assert database["accounts"].count_documents({}) == 1


def test_everything_that_is_wrong_is_said_at_once_with_what_to_do_and_nothing_is_kept(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    assert open_account(running, *ADMIN, *BY_LOGIN, "--phone", "12000000001")[0] == 0
    before = everything(database)
    worse = ("--role", "grid_worker", "360704100002001", "--role", "dispatcher", "360702", "--unit", "u-nowhere")
    for words in ((), ("--dry-run",)):
        code, said, complained = open_account(
            running, *ADMIN, *worse, "--phone", "12000000001", "--login", "admin", "--password-file", "-", *words
        )
        assert (code, said) == (1, "")
        assert [line.removeprefix("Error: ").partition(":")[0] for line in complained.splitlines()] == [
            "login",
            "unit_id",
            "phone",
            "roles/1/scope",
            "roles/2/scope",
        ]
        assert "choose another one" in complained
        assert everything(database) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (ADMIN, 2, "Say how the person signs in"),
        ((*ADMIN, "--phone", "12000000001", "--password-file", "-"), 2, "A password goes with a --login"),
        ((*ADMIN, "--phone", "110"), 1, "phone: Not a mobile phone number."),
        ((*ADMIN, "--login", "No Login", "--password-file", "-"), 1, "login: Not 3 to 40"),
        (("--name", "谢测001", "--phone", "12000000001"), 2, "Missing option '--role'"),
        (("--name", "谢测001", "--phone", "12000000001", "--role", "emperor", "360704"), 2, "'emperor' is not one of"),
        (
            ("--name", "谢测001", "--phone", "12000000001", "--role", "auditor", "36"),
            1,
            "roles/0/scope: Not a grid code",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    running: Running, database: Database[dict[str, Any]], words: tuple[str, ...], code: int, said: str
) -> None:
    before = everything(database)
    ended, told, complained = open_account(running, *words)
    assert (ended, told) == (code, "")
    assert said in complained
    assert "Traceback" not in complained
    assert everything(database) == before


@pytest.mark.parametrize("words", [(), ("--dry-run",)], ids=["for good", "looked at beforehand"])
def test_a_password_that_is_too_short_is_refused(
    running: Running, database: Database[dict[str, Any]], words: tuple[str, ...]
) -> None:
    before = everything(database)
    code, said, complained = open_account(running, *ADMIN, *BY_LOGIN, *words, typed="short")
    assert (code, said) == (2, "")
    assert "A password has 12 to 200 characters" in complained
    assert everything(database) == before


def test_keys_of_another_database_are_told_and_nothing_is_kept(
    running: Running, database: Database[dict[str, Any]]
) -> None:
    assert open_account(running, *ADMIN, "--phone", "12000000001")[0] == 0
    before = everything(database)
    other = running.sandan("open-account", *ADMIN, "--phone", "12000000002", PERSON_KEY="A" * 43 + "=")
    assert (other.returncode, other.stdout) == (1, "")
    assert "PERSON_KEY: none of these keys opens" in other.stderr
    assert everything(database) == before


@pytest.mark.parametrize("words", [(), ("--dry-run",)], ids=["for good", "looked at beforehand"])
def test_what_are_no_keys_is_told_by_the_name_of_the_setting_and_nothing_is_kept(
    running: Running, database: Database[dict[str, Any]], words: tuple[str, ...]
) -> None:
    before = everything(database)
    done = running.sandan("open-account", *ADMIN, "--phone", "12000000001", *words, PERSON_KEY="no key")
    assert (done.returncode, done.stdout) == (1, "")
    said, what_to_do = done.stderr.splitlines()
    assert said == "Error: PERSON_KEY: not Fernet keys (32 bytes, base64url) separated by commas"
    assert what_to_do == "Run the command with the settings of the service itself."
    assert everything(database) == before
