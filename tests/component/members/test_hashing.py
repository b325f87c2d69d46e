"""However many passwords are said at once, few are hashed; who finds no place is refused, and has guessed nothing."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import pytest
from eventlet.patcher import original
from pymongo.database import Database

from chassis.errors import Refusal
from members.accounts import hashing, password
from members.accounts.hashing import PLACES, QUEUED, HashingRoom
from members.accounts.store import AccountStore
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.entrants import MoveIn, register
from tests.component.members.small_district import ADMIN, refusal

Answer = dict[str, Any]
Stored = Database[Answer]

NEW = "a long new password"

native: Any = original("threading")


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


@pytest.fixture
def here(service: MembersService) -> Answer:
    return service.sign_in_with_password(login="desk", password="right")


@pytest.fixture(autouse=True)
def empty_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "ROOM", HashingRoom(patience=60))


class Slow:
    """Passwords whose hashes do not come to an end until they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on: threading.Event = native.Event()
        self.begun: list[str | None] = []
        self._matches = password.matches
        monkeypatch.setattr("members.accounts.password.matches", self._slowly)

    def _slowly(self, kept: str | None, given: str) -> bool:
        self.begun.append(kept)
        self.go_on.wait(30)
        return self._matches(kept, given)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow(monkeypatch)
    yield made
    made.go_on.set()


@contextmanager
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No place is free meanwhile, and nobody may wait."""
    with monkeypatch.context() as patched:
        room = HashingRoom(places=1, queued=0)
        patched.setattr(hashing, "ROOM", room)
        with room.place():
            yield


def test_of_a_crowd_few_are_hashed_at_once_a_few_wait_and_all_others_are_refused_at_once(
    service: MembersService, here: Answer, slow: Slow, database: Stored
) -> None:
    def sign_in(n: int) -> str:
        login = "desk" if n % 2 else "nobody"
        return refusal(service.sign_in_with_password, login=login, password="wrong", client=f"203.0.113.{n}").code

    database["failures"].delete_many({})
    crowd = [eventlet.spawn(sign_in, n) for n in range(3 * (PLACES + QUEUED))]
    with eventlet.Timeout(20):
        while len(slow.begun) < PLACES or sum(each.dead for each in crowd) < 2 * (PLACES + QUEUED):
            eventlet.sleep(0.01)
    assert len(slow.begun) == PLACES
    assert service.me(caller=here["caller"])["person_id"] == "p-desk", "others have their answers meanwhile"
    slow.go_on.set()
    said = Counter(each.wait() for each in crowd)
    assert said == {"busy_try_again": 2 * (PLACES + QUEUED), "bad_credentials": PLACES + QUEUED}
    counted = [len(each["at"]) for each in database["failures"].find({})]
    assert sum(counted) == 3 * (PLACES + QUEUED), "each that was looked at: for its place, its login and its address"


def operations(service: MembersService, here: Answer) -> dict[str, Callable[[], Any]]:
    """All that hash a password, each as it would be done."""
    asking = {"caller": here["caller"], "session_id": here["session_id"], "client": ""}

    def office(id: str) -> Answer:
        return {"caller": ADMIN, "command_id": f"for {id}", "person_id": id}

    return {
        "sign in": lambda: service.sign_in_with_password(login="desk", password="right"),
        "begin a factor": lambda: service.begin_second_factor(**asking, password="right"),
        "end a factor": lambda: service.end_second_factor(**asking, password="right", code="000000"),
        "replace": lambda: service.change_password(**asking, current_password="right", new_password=NEW),
        "reset": lambda: service.reset_login(**office("p-desk"), reason="手机遗失，已当面核实"),
        "open": lambda: service.open_login(**office("p-xie"), login="xie.d"),
    }


def test_whatever_hashes_needs_a_place_and_changes_nothing_without_one(
    service: MembersService, here: Answer, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("accounts", "failures", "familiar", "sessions", "second_factors")
    before = {name: list(database[name].find()) for name in names}
    with full(monkeypatch):
        for operation in operations(service, here).values():
            refused = refusal(operation)
            assert (refused.code, refused.details) == ("busy_try_again", {"retry_after": 2})
    assert {name: list(database[name].find()) for name in names} == before
    for operation in operations(service, here).values():
        assert operation(), "the same command, once there is room"


@pytest.mark.parametrize("login", ["desk", "nobody"])
def test_being_refused_tells_nothing_of_a_login_and_is_no_wrong_password(
    service: MembersService, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    wrong = {"login": login, "password": "wrong"}
    with full(monkeypatch):
        for _ in range(9):
            assert refusal(service.sign_in_with_password, **wrong).code == "busy_try_again"
    said = [refusal(service.sign_in_with_password, **wrong).code for _ in range(6)]
    assert said == ["bad_credentials"] * 5 + ["too_many_sign_ins"]


def test_a_first_password_is_replaced_at_one_place(
    service: MembersService, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has been let in does not stand in line again: the right password is not counted as a wrong one."""
    database["accounts"].update_one({"_id": "a-desk"}, {"$set": {"first_password": True}})
    monkeypatch.setattr(hashing, "ROOM", HashingRoom(places=1, queued=0))
    given = {"login": "desk", "password": "right", "new_password": NEW}
    try:
        answer = service.sign_in_with_password(**given)
    except Refusal as refused:
        pytest.fail(refused.code)
    assert answer["person_id"] == "p-desk"
    assert service.sign_in_with_password(login="desk", password=NEW)
