"""People replace their own passwords, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog
from pymongo.database import Database

from chassis.errors import Refusal
from members.accounts import password
from members.accounts.account import FROM_ONE_ADDRESS, Account
from members.accounts.store import AccountStore
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.entrants import MoveIn, register, signed_in
from tests.component.members.small_district import refusal
from tests.component.members.staging import NOW, Messenger
from tests.component.set_clock import SetClock

NEW, OTHER = "a long new password", "another long password"

Stored = Database[dict[str, Any]]


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


@pytest.fixture
def here(service: MembersService) -> dict[str, Any]:
    return desk(service)


def desk(service: MembersService, password: str = "right", client: str = "") -> dict[str, Any]:
    return service.sign_in_with_password(login="desk", password=password, client=client)


def asking(here: dict[str, Any], current: str = "right", new: str = NEW, client: str = "") -> dict[str, Any]:
    given = {"current_password": current, "new_password": new, "client": client}
    return {"caller": here["caller"], "session_id": here["session_id"], **given}


def test_a_password_is_replaced_and_every_other_session_ends(
    service: MembersService, here: dict[str, Any], messenger: Messenger
) -> None:
    lost, resident = desk(service), signed_in(service, messenger)
    assert service.change_password(**asking(here)) == {"account_id": "a-desk"}
    assert refusal(desk, service=service).code == "bad_credentials"
    assert refusal(service.refresh, refresh_token=lost["refresh_token"]).code == "session_ended"
    assert service.refresh(refresh_token=here["refresh_token"])
    assert service.refresh(refresh_token=resident["refresh_token"])
    assert desk(service, NEW)["person_id"] == "p-desk"


def test_by_another_login_of_theirs_nobody_gets_in_with_the_password_of_before(
    service: MembersService, here: dict[str, Any], accounts: AccountStore
) -> None:
    """Who was two entries may have two logins: what one account has been opened by is no secret any more."""
    hashed = password.hashed("right too")
    accounts.add([Account("a-old", "p-desk", "360704", login="old", password_hash=hashed)], NOW)
    told = {"login": "old", "password": "right too", "client": ""}
    assert service.sign_in_with_password(**told)["person_id"] == "p-desk"
    service.change_password(**asking(here))
    assert refusal(service.sign_in_with_password, **told).code == "bad_credentials"
    assert desk(service, NEW)["person_id"] == "p-desk"


@pytest.mark.parametrize(("new", "why"), [("desk", ["too_short", "is_login"]), ("right", ["too_short", "is_current"])])
def test_what_is_unfit_changes_nothing(
    service: MembersService, here: dict[str, Any], accounts: AccountStore, new: str, why: list[str]
) -> None:
    other, before = desk(service), accounts.of_person("p-desk")
    found = refusal(service.change_password, **asking(here, new=new))
    assert (found.code, found.details) == ("password_unfit", {"why": why})
    assert accounts.of_person("p-desk") == before
    assert service.refresh(refresh_token=other["refresh_token"])


def test_a_wrong_one_changes_nothing_and_counts_like_a_wrong_sign_in(
    service: MembersService, here: dict[str, Any], accounts: AccountStore, present: SetClock
) -> None:
    before = accounts.of_person("p-desk")
    for _ in range(FROM_ONE_ADDRESS):
        assert refusal(service.change_password, **asking(here, "wrong")).code == "password_wrong"
    assert refusal(service.change_password, **asking(here)).code == "too_many_sign_ins"
    assert refusal(desk, service=service).code == "too_many_sign_ins"
    assert accounts.of_person("p-desk") == before
    present.wait(minutes=15)
    assert service.change_password(**asking(here))


def test_a_right_one_clears_the_wrong_ones(service: MembersService, here: dict[str, Any]) -> None:
    current = "right"
    for new in (NEW, OTHER):
        for _ in range(FROM_ONE_ADDRESS - 1):
            refusal(service.change_password, **asking(here, "wrong", new))
        assert service.change_password(**asking(here, current, new))
        current = new


def test_who_has_no_password_replaces_none(service: MembersService, messenger: Messenger) -> None:
    assert refusal(service.change_password, **asking(signed_in(service, messenger))).code == "no_password"


@pytest.mark.usefixtures("in_one_thread")
def test_of_several_who_replace_it_at_once_one_does(service: MembersService, here: dict[str, Any]) -> None:
    def attempt(n: int) -> str:
        told = asking(here, new=f"{NEW} {n}", client=f"198.51.100.{n}")
        try:
            service.change_password(**told)
        except Refusal as refused:
            return refused.code
        return f"{NEW} {n}"

    with ThreadPoolExecutor(4) as crowd:
        said = list(crowd.map(attempt, range(4)))
    [won] = [each for each in said if each.startswith(NEW)]
    assert {*said} - {won} <= {"password_wrong", "busy_try_again"}
    assert desk(service, won)["person_id"] == "p-desk"


def test_a_sign_in_with_the_old_password_that_comes_meanwhile_opens_nothing(
    service: MembersService, here: dict[str, Any], accounts: AccountStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_late(session: Any) -> None:
        if not opened:
            opened.append(session.id)
            service.change_password(**asking(here))
        AccountStore.open_session(service.accounts, session)

    monkeypatch.setattr(service.accounts, "open_session", open_late)
    assert refusal(desk, service=service).code == "bad_credentials"
    kept = accounts.session(opened[0])
    assert kept is not None
    assert kept.ended_at is not None


def test_nothing_of_a_password_is_kept_readable_or_logged(
    service: MembersService, here: dict[str, Any], database: Stored
) -> None:
    with structlog.testing.capture_logs() as lines:
        service.change_password(**asking(here))
        refusal(service.change_password, **asking(here, OTHER, OTHER))
    everything = str([list(database[name].find()) for name in database.list_collection_names()]) + str(lines)
    assert NEW not in everything
    assert OTHER not in everything
    [account] = database["accounts"].find({"_id": "a-desk"})
    told = account["history"][-1]
    assert (told["type"], told["data"].keys() & {"password", "password_hash", "new_password"}) == (
        "account.password_replaced",
        set(),
    )
    assert (told["command"], told["digest"], told["answer"]) == (None, None, None)
    assert account["password_hash"] not in str(account["history"])
