"""What changes while somebody signs in: no session goes on that was opened by what is void, or not enough, by now."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from members.accounts import second_factor
from members.service import MembersService
from tests.component.members.entrants import begun, change_phone
from tests.component.members.small_district import ADMIN, refusal
from tests.component.members.staging import Messenger
from tests.component.members.test_identity_providers import House, house, other, provider, residents
from tests.component.members.test_second_factor import Desk, here

__all__ = ["here", "house", "other", "provider", "residents"]

Answer = dict[str, Any]
Stored = Database[Answer]
Patch = pytest.MonkeyPatch
SignIn = Callable[[], Answer]

PHONE, NEW, REASON = "12000000050", "a long new password", "手机遗失，已当面核实"
WAYS = ("password", "code", "provider")


@pytest.fixture(params=WAYS)
def sign_in(request: pytest.FixtureRequest, here: Desk, house: House, messenger: Messenger, database: Stored) -> SignIn:
    """The desk's sign-in, in each of the ways, begun and not yet done."""
    return sign_ins(here, house, messenger, database)[request.param]


def sign_ins(here: Desk, house: House, messenger: Messenger, database: Stored) -> dict[str, SignIn]:
    service = here.service
    print = service.seal.fingerprint(PHONE)
    database["accounts"].update_one({"_id": "a-desk"}, {"$set": {"phone_print": print}})
    database["people"].update_one({"_id": "p-desk"}, {"$set": {"phone": service.seal.close(PHONE)}})
    house.link(here.caller, "the desk")
    by_code, by_provider = begun(service, messenger, phone=PHONE), house.back(house.begin(), "the desk")
    return {
        "password": lambda: service.sign_in_with_password(login="desk", password="right"),
        "code": lambda: service.sign_in_with_code(**by_code),
        "provider": lambda: service.sign_in_with_provider(**by_provider),
    }


def going_on(here: Desk) -> list[str]:
    return [each["session_id"] for each in here.service.sessions(caller=here.caller)["items"]]


def before_it_is_written(service: MembersService, patch: Patch, act: Callable[[], Any]) -> None:
    """Let something be done after a sign-in has been found good, and before its session is written."""
    write = service.accounts.open_session

    def open_late(session: Any) -> None:
        patch.undo()
        act()
        write(session)

    patch.setattr(service.accounts, "open_session", open_late)


def test_a_second_factor_that_is_put_in_force_before_the_session_is_written_is_asked_for(
    here: Desk, sign_in: SignIn, monkeypatch: Patch
) -> None:
    here.begin()
    before_it_is_written(here.service, monkeypatch, here.confirm)
    assert refusal(sign_in).code == "second_factor_needed"
    assert going_on(here) == [here.session_id]


def test_so_is_one_whose_confirmation_has_not_ended_the_sessions_yet(
    here: Desk, sign_in: SignIn, monkeypatch: Patch
) -> None:
    here.begin()
    said: list[str] = []

    def end_late(*given: Any) -> int:
        monkeypatch.undo()
        said.append(refusal(sign_in).code)
        return here.service.accounts.end_others(*given)

    monkeypatch.setattr(here.service.accounts, "end_others", end_late)
    here.confirm()
    assert said == ["second_factor_needed"]
    assert going_on(here) == [here.session_id]


def test_one_that_is_put_in_force_after_the_sign_in_has_looked_ends_its_session(
    here: Desk, sign_in: SignIn, monkeypatch: Patch
) -> None:
    here.begin()
    look = second_factor.check_passed

    def look_early(*given: Any) -> None:
        monkeypatch.undo()
        look(*given)
        here.confirm()

    monkeypatch.setattr(second_factor, "check_passed", look_early)
    assert sign_in()
    assert going_on(here) == [here.session_id]


PROOFS = {
    "password": ("bad_credentials", "reset_login"),
    "code": ("bad_code", "release_phone"),
    "provider": ("identity_not_linked", "release_phone"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_sign_in_was_proved_by_and_is_void_meanwhile_opens_nothing(
    here: Desk, house: House, messenger: Messenger, database: Stored, monkeypatch: Patch, way: str
) -> None:
    sign_in, (code, act) = sign_ins(here, house, messenger, database)[way], PROOFS[way]
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": REASON}
    before_it_is_written(here.service, monkeypatch, lambda: getattr(here.service, act)(**asked))
    assert refusal(sign_in).code == code
    assert going_on(here) == []


def within_the_transaction(service: MembersService, patch: Patch, act: Callable[[], Any]) -> None:
    """Let something be done while a transaction goes on that ends sessions and has written already."""
    end = service.accounts.end_others

    def end_late(id: str, ids: Any, now: Any, session: Any = None) -> int:
        if session is not None:
            patch.undo()
            act()
        return end(id, ids, now, session)

    patch.setattr(service.accounts, "end_others", end_late)


@pytest.mark.parametrize("act", ["change_password", "reset_login"])
def test_what_is_opened_by_the_old_password_while_it_is_replaced_ends_with_it(
    here: Desk, monkeypatch: Patch, act: str
) -> None:
    opened: list[Answer] = []
    within_the_transaction(
        here.service,
        monkeypatch,
        lambda: opened.append(here.service.sign_in_with_password(login="desk", password="right")),
    )
    if act == "change_password":
        asked: Answer = {"caller": here.caller, "session_id": here.session_id, "client": ""}
        here.service.change_password(**asked, current_password="right", new_password=NEW)
    else:
        here.service.reset_login(caller=ADMIN, command_id="k", person_id="p-desk", reason=REASON)
    assert len(opened) == 1
    assert refusal(here.service.refresh, refresh_token=opened[0]["refresh_token"]).code == "session_ended"
    assert going_on(here) == ([here.session_id] if act == "change_password" else [])


def test_what_is_opened_by_the_old_phone_while_it_is_changed_ends_with_it(
    here: Desk, house: House, messenger: Messenger, database: Stored, monkeypatch: Patch
) -> None:
    sign_in, opened = sign_ins(here, house, messenger, database)["code"], list[Answer]()
    within_the_transaction(here.service, monkeypatch, lambda: opened.append(sign_in()))
    change_phone(here.service, messenger, {"caller": here.caller, "session_id": here.session_id}, "12000000077")
    assert len(opened) == 1
    assert refusal(here.service.refresh, refresh_token=opened[0]["refresh_token"]).code == "session_ended"
    assert going_on(here) == [here.session_id]


def test_what_an_identity_opens_while_it_is_unlinked_ends_with_it(
    here: Desk, house: House, messenger: Messenger, database: Stored, monkeypatch: Patch
) -> None:
    sign_in, opened = sign_ins(here, house, messenger, database)["provider"], list[Answer]()
    [linked] = here.service.linked_identities(caller=here.caller)["items"]
    within_the_transaction(here.service, monkeypatch, lambda: opened.append(sign_in()))
    asked = {"identity_id": linked["identity_id"], "session_id": here.session_id}
    here.service.unlink_identity(caller=here.caller, **asked)
    assert len(opened) == 1
    assert refusal(here.service.refresh, refresh_token=opened[0]["refresh_token"]).code == "session_ended"
    assert going_on(here) == [here.session_id]


def test_a_phone_that_is_changed_before_the_session_is_written_opens_none(
    here: Desk, house: House, messenger: Messenger, database: Stored, monkeypatch: Patch
) -> None:
    sign_in, mine = (
        sign_ins(here, house, messenger, database)["code"],
        {"caller": here.caller, "session_id": here.session_id},
    )
    before_it_is_written(here.service, monkeypatch, lambda: change_phone(here.service, messenger, mine, "12000000077"))
    assert refusal(sign_in).code == "bad_code"
    assert going_on(here) == [here.session_id]


def test_a_reset_that_comes_again_ends_no_session_that_was_opened_since(here: Desk) -> None:
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": REASON}
    first = here.service.reset_login(**asked)["password"]
    since = here.service.sign_in_with_password(login="desk", password=first, new_password=NEW)
    assert here.service.reset_login(**asked)["password"] is None
    assert here.service.refresh(refresh_token=since["refresh_token"])


def test_whoever_signs_in_while_they_leave_is_out(here: Desk, monkeypatch: Patch) -> None:
    leave = here.service.people.change

    def leave_late(*given: Any) -> Any:
        monkeypatch.undo()
        here.enter()
        return leave(*given)

    monkeypatch.setattr(here.service.people, "change", leave_late)
    here.service.record_leaving(caller=ADMIN, command_id="k", person_id="p-desk")
    assert going_on(here) == []
