"""Staying signed in and signing out, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from members.accounts import session
from members.accounts.store import AccountStore
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.entrants import MoveIn, change_phone, register, signed_in
from tests.component.members.small_district import refusal
from tests.component.members.staging import FUTURE, Messenger
from tests.component.set_clock import SetClock


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


def test_a_refresh_gives_the_next_token_and_the_roles_of_today(
    service: MembersService, messenger: Messenger, database: Database[dict[str, Any]], present: SetClock
) -> None:
    first = signed_in(service, messenger)
    database["people"].update_one({"_id": "p-xie"}, {"$set": {"grants": [{"role": "volunteer", "scope": "360704"}]}})
    present.wait(hours=1)
    second = service.refresh(refresh_token=first["refresh_token"])
    assert second["session_id"] == first["session_id"]
    assert second["refresh_token"] != first["refresh_token"]
    assert second["caller"]["grants"] == [{"role": "volunteer", "scope": "360704"}]
    assert second["signed_in_at"] == first["signed_in_at"] == int(present.now().timestamp()) - 3600
    present.wait(hours=1)
    assert service.refresh(refresh_token=second["refresh_token"])["refresh_token"] != second["refresh_token"]


def test_a_refresh_delivered_twice_answers_twice_alike(service: MembersService, messenger: Messenger) -> None:
    token = signed_in(service, messenger)["refresh_token"]
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: service.refresh(refresh_token=token)["refresh_token"], range(8)))
    assert len(set(answers)) == 1
    assert service.refresh(refresh_token=answers[0])


def test_a_token_that_comes_back_ends_the_session_for_both(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    stolen = signed_in(service, messenger)["refresh_token"]
    current = service.refresh(refresh_token=stolen)["refresh_token"]
    present.wait(minutes=1)
    assert refusal(service.refresh, refresh_token=stolen).code == "token_reused"
    assert refusal(service.refresh, refresh_token=current).code == "session_ended"


def test_a_made_up_token_ends_nothing(service: MembersService, messenger: Messenger) -> None:
    answer = signed_in(service, messenger)
    for made_up in ("x", "a.0.b", f"{answer['session_id']}.0.made-up"):
        assert refusal(service.refresh, refresh_token=made_up).code == "session_ended"
    assert service.refresh(refresh_token=answer["refresh_token"])


def test_a_change_of_the_own_phone_ends_every_other_session(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    lost = signed_in(service, messenger)
    present.wait(minutes=2)
    here, desk = signed_in(service, messenger), service.sign_in_with_password(login="desk", password="right")
    receipt = change_phone(service, messenger, here, "12000000077")
    assert receipt["person_id"] == "p-xie"
    assert refusal(service.refresh, refresh_token=lost["refresh_token"]).code == "session_ended"
    assert [each["session_id"] for each in service.sessions(caller=here["caller"])["items"]] == [here["session_id"]]
    assert service.refresh(refresh_token=here["refresh_token"])
    assert service.refresh(refresh_token=desk["refresh_token"])


def test_a_session_ends_after_thirty_days(service: MembersService, messenger: Messenger, present: SetClock) -> None:
    token = signed_in(service, messenger)["refresh_token"]
    present.wait(days=30)
    assert refusal(service.refresh, refresh_token=token).code == "session_ended"


def test_after_signing_out_the_token_is_worth_nothing(service: MembersService, messenger: Messenger) -> None:
    answer = signed_in(service, messenger)
    session = {"session_id": answer["session_id"]}
    assert service.sign_out(caller=answer["caller"], **session) == {**session, "ended": True}
    assert service.sign_out(caller=answer["caller"], **session) == {**session, "ended": False}
    assert refusal(service.refresh, refresh_token=answer["refresh_token"]).code == "session_ended"


def test_nobody_ends_the_session_of_another(service: MembersService, messenger: Messenger) -> None:
    answer = signed_in(service, messenger)
    stranger = service.sign_in_with_password(login="desk", password="right")["caller"]
    assert not service.sign_out(caller=stranger, session_id=answer["session_id"])["ended"]
    assert service.refresh(refresh_token=answer["refresh_token"])


def test_people_see_where_they_are_signed_in_and_end_what_they_no_longer_have(
    service: MembersService, present: SetClock
) -> None:
    lost = service.sign_in_with_password(login="desk", password="right", agent="Tablet")
    present.wait(minutes=1)
    here = service.sign_in_with_password(login="desk", password="right", agent="Browser")
    caller = here["caller"]
    shown = service.sessions(caller=caller)["items"]
    assert [(each["session_id"], each["agent"]) for each in shown] == [
        (here["session_id"], "Browser"),
        (lost["session_id"], "Tablet"),
    ]
    assert service.end_session(caller=caller, session_id=lost["session_id"]) == {"session_id": lost["session_id"]}
    assert refusal(service.refresh, refresh_token=lost["refresh_token"]).code == "session_ended"
    assert refusal(service.end_session, caller=caller, session_id=lost["session_id"]).code == "sign_in_not_found"
    assert [each["session_id"] for each in service.sessions(caller=caller)["items"]] == [here["session_id"]]


def test_all_other_sessions_end_at_once_and_nobody_elses(service: MembersService, messenger: Messenger) -> None:
    resident = signed_in(service, messenger)
    others = [service.sign_in_with_password(login="desk", password="right") for _ in range(2)]
    here = service.sign_in_with_password(login="desk", password="right")
    mine = {"caller": here["caller"], "session_id": here["session_id"]}
    assert service.end_other_sessions(**mine) == {"ended": 2}
    assert service.end_other_sessions(**mine) == {"ended": 0}
    for each in others:
        assert refusal(service.refresh, refresh_token=each["refresh_token"]).code == "session_ended"
    assert service.refresh(refresh_token=here["refresh_token"])
    assert refusal(service.end_session, caller=here["caller"], session_id=resident["session_id"]).code == (
        "sign_in_not_found"
    )
    assert service.refresh(refresh_token=resident["refresh_token"])


def test_whoever_signs_in_once_too_often_is_out_where_they_were_not_for_longest(
    service: MembersService, messenger: Messenger, present: SetClock, database: Database[dict[str, Any]]
) -> None:
    other, used = signed_in(service, messenger), service.sign_in_with_password(login="desk", password="right")
    kept = database["sessions"].find_one({"_id": used["session_id"]}) or {}
    present.wait(minutes=1)
    more = [
        {**kept, "_id": f"s-{n}", "rotated_at": present.now(), "token_hash": f"{n}"} for n in range(session.MOST - 1)
    ]
    database["sessions"].insert_many(more)
    present.wait(minutes=1)
    assert service.refresh(refresh_token=used["refresh_token"])
    here = service.sign_in_with_password(login="desk", password="right")
    listed = [each["session_id"] for each in service.sessions(caller=here["caller"])["items"]]
    assert len(listed) == session.MOST
    assert set(listed) > {here["session_id"], used["session_id"]}
    [ended] = database["sessions"].find({"ended_at": {"$ne": None}})
    assert (ended["_id"] in {each["_id"] for each in more}, ended["ended_by"]) == (True, "too_many")
    assert service.refresh(refresh_token=other["refresh_token"])


def test_a_session_that_is_over_is_not_listed(service: MembersService, present: SetClock) -> None:
    here = service.sign_in_with_password(login="desk", password="right")
    present.wait(days=30)
    assert service.sessions(caller=here["caller"])["items"] == []


def test_a_late_rotation_does_not_turn_the_session_back(accounts: AccountStore) -> None:
    opened, first = session.opened("s-1", "a-xie", "p-xie", "secret", FUTURE)
    accounts.open_session(opened)
    second, token = session.rotated(opened, first, b"key", FUTURE)
    third, _ = session.rotated(second, token, b"key", FUTURE)
    assert accounts.rotate(second)
    assert accounts.rotate(third)
    assert not accounts.rotate(second)
    assert accounts.session("s-1") == third


def test_an_ended_session_is_not_rotated(accounts: AccountStore) -> None:
    opened, first = session.opened("s-1", "a-xie", "p-xie", "secret", FUTURE)
    accounts.open_session(opened)
    assert accounts.end_session("s-1", ["p-xie"], "sign_out", FUTURE)
    assert not accounts.rotate(session.rotated(opened, first, b"key", FUTURE)[0])
